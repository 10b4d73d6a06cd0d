"""Health, metrics and debug: what an operator sees of a running server."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from hunter.core.evidence import AddressFacts, NetworkEvidence
from hunter.core.signals import Found
from hunter.services.application import Application
from tests.support.api_application import StandingWorld, failing_check, open_application
from tests.support.api_server import ADMIN, RunningAPI, running_api

pytestmark = pytest.mark.asyncio(loop_scope="module")

Stored = tuple[RunningAPI, StandingWorld]


async def test_calls_of_old_paths_are_counted_and_domains_told_to_the_admin_only(stored: Stored) -> None:
    api, _ = stored

    async def told(**headers: str) -> dict[str, Any]:
        answer = await api.client.get("/healthz/metrics", headers=headers)
        found: dict[str, Any] = answer.json()["deprecated_endpoints"]
        return found

    before = (await told()).get("calls_by_endpoint", {})
    await api.client.post("/leads/sayilan.example/favorite")
    await api.client.get("/leads/sayilan.example")
    await api.client.get("/api/v1/leads/sayilan.example")
    after = await told()
    for endpoint in ("POST /leads/{domain}/favorite", "GET /leads/{domain}"):
        assert after["calls_by_endpoint"][endpoint] == before.get(endpoint, 0) + 1
    assert "calls_by_domain" not in after
    assert "GET /api/v1/leads/{domain}" not in after["calls_by_endpoint"]
    assert (await told(**ADMIN))["calls_by_domain"]["sayilan.example"] == 2


async def test_metrics_are_also_given_for_prometheus(stored: Stored) -> None:
    api, _ = stored
    # A request is counted when it is answered, so the second one tells of the first.
    await api.client.get("/healthz/metrics")
    answer = await api.client.get("/healthz/metrics", headers={"Accept": "text/plain"})
    assert answer.headers["content-type"].startswith("text/plain; version=")
    assert 'hunter_http_requests_total{method="GET",route="/healthz/metrics",status="200"}' in answer.text
    assert ".example" not in answer.text


async def test_metrics_are_json_for_whoever_does_not_mind(stored: Stored) -> None:
    api, _ = stored
    for accept in ("application/json, text/plain, */*", "text/plain;q=0.1, application/json", "*/*"):
        answer = await api.client.get("/healthz/metrics", headers={"Accept": accept})
        assert answer.headers["content-type"] == "application/json"


async def test_the_age_of_the_oldest_scan_is_told(stored: Stored) -> None:
    api, world = stored
    assert (await api.client.post("/ingest/domain", json={"domain": "eski.example"})).status_code == 201
    assert (await api.client.post("/scan/domain", json={"domain": "eski.example"})).status_code == 200
    world.now += timedelta(hours=2)
    told = (await api.client.get("/healthz/metrics")).json()["rescan"]["oldest_scan_age_seconds"]
    world.now -= timedelta(hours=2)
    assert told >= 7200


def with_operations(application: Application, **changes: Any) -> Application:
    return replace(application, operations=replace(application.operations, **changes))


async def test_a_failing_neighbour_is_named_and_the_overview_stays() -> None:
    async with open_application() as (application, _):
        broken = with_operations(application, checks={**application.operations.checks, "database": failing_check})
        async with running_api(broken) as api:
            ready = await api.client.get("/healthz/ready")
            assert (ready.status_code, ready.json()) == (
                503,
                {"status": "not_ready", "checks": {"database": "failed", "redis": "ok"}},
            )
            overview = await api.client.get("/healthz")
            assert (overview.status_code, overview.json()["status"], overview.json()["database"]) == (
                200,
                "degraded",
                "failed",
            )
            assert (await api.client.get("/healthz/live")).status_code == 200


async def test_start_up_asks_for_schema_and_rules_too() -> None:
    async with open_application() as (application, _):
        behind = with_operations(application, startup_checks={"migrations": failing_check})
        async with running_api(behind) as api:
            assert (await api.client.get("/healthz/ready")).status_code == 200
            answer = await api.client.get("/healthz/startup")
    assert (answer.status_code, answer.json()["checks"]["migrations"]) == (503, "failed")


async def test_debug_says_set_or_not_set(stored: Stored) -> None:
    api, _ = stored
    config = (await api.client.get("/debug/ip-enrichment/config", headers=ADMIN)).json()
    assert config["config"] == dict.fromkeys(
        ("maxmind_asn", "maxmind_city", "maxmind_country", "ip2location", "ip2proxy"), False
    )
    one = await api.client.get("/debug/ip-enrichment/2001:db8::1", headers=ADMIN)
    assert (one.status_code, one.json()["ip"]) == (200, "2001:db8::1")
    assert one.json()["database"] == {"record_exists": False, "record": None}
    assert (await api.client.get("/debug/ip-enrichment/nonsense", headers=ADMIN)).status_code == 400


async def test_debug_shows_what_a_scan_stored_of_an_address(stored: Stored) -> None:
    api, world = stored
    world.networks["adresli.example"] = NetworkEvidence(mx=Found(AddressFacts("192.0.2.7", asn=64500, country="TR")))
    assert (await api.client.post("/ingest/domain", json={"domain": "adresli.example"})).status_code == 201
    assert (await api.client.post("/scan/domain", json={"domain": "adresli.example"})).status_code == 200
    told = (await api.client.get("/debug/ip-enrichment/192.0.2.7", headers=ADMIN)).json()["database"]
    assert told["record_exists"] is True
    kept = {name: told["record"][name] for name in ("domain", "ip_address", "asn", "country", "city")}
    assert kept == {
        "domain": "adresli.example",
        "ip_address": "192.0.2.7",
        "asn": 64500,
        "country": "TR",
        "city": None,
    }


async def test_a_server_that_is_closing_says_that_it_is_not_ready() -> None:
    async with open_application() as (application, _), running_api(application) as api:
        api.lifecycle.begin_closing()
        answer = await api.client.get("/healthz/ready")
    assert (answer.status_code, answer.json()["status"]) == (503, "closing")
