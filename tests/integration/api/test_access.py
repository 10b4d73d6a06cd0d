"""Webhooks with keys, limits and repeats; retired paths; documentation; outages and shutdown."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import httpx
import pytest
import sentry_sdk
from fastapi import FastAPI

from hunter.observability.masking import Masking
from hunter.observability.tracking import start_tracking
from hunter.services.access import FAILURES_PER_MINUTE
from hunter.storage.unit_of_work import UnitOfWork
from tests.support.api_application import StandingWorld, open_application
from tests.support.api_server import ADMIN, OPTIONS, RunningAPI, running_api

pytestmark = pytest.mark.asyncio(loop_scope="module")

Stored = tuple[RunningAPI, StandingWorld]
BODY = {"domain": "https://gelen.example", "company_name": "Gelen A.Ş.", "contact_emails": ["a.b@gelen.example", " "]}


async def make_key(api: RunningAPI, **more: Any) -> dict[str, Any]:
    answer = await api.client.post("/api/v1/admin/api-keys", json={"name": "Web formu", **more}, headers=ADMIN)
    assert answer.status_code == 201
    found: dict[str, Any] = answer.json()
    return found


async def deliver(
    api: RunningAPI, key: str | None, body: dict[str, Any] | None = None, **headers: str
) -> httpx.Response:
    named = {"X-API-Key": key} if key is not None else {}
    named |= {name.replace("_", "-"): value for name, value in headers.items()}
    return await api.client.post("/api/v1/ingest/webhook", json=body or BODY, headers=named)


async def test_the_text_of_a_key_is_shown_once(stored: Stored) -> None:
    api, _ = stored
    made = await make_key(api, rate_limit_per_minute=120, created_by="Ayşe")
    listed = (await api.client.get("/admin/api-keys", headers=ADMIN)).json()
    assert listed[0]["id"] == made["id"]
    assert made["api_key"] not in str(listed)
    assert set(listed[0]) == {
        "id",
        "name",
        "rate_limit_per_minute",
        "is_active",
        "created_at",
        "last_used_at",
        "created_by",
    }
    for name in ("", "  ", "\u00a0", "a\n", "a\tb", "x" * 256):
        assert (await api.client.post("/admin/api-keys", json={"name": name}, headers=ADMIN)).status_code == 422
    over = {"name": "x", "rate_limit_per_minute": 10_001}
    assert (await api.client.post("/admin/api-keys", json=over, headers=ADMIN)).status_code == 422


async def test_a_delivery_is_kept_and_enriched(stored: Stored) -> None:
    api, _ = stored
    key = (await make_key(api))["api_key"]
    answer = await deliver(api, key)
    assert answer.status_code == 201
    assert answer.json() == {
        "status": "success",
        "domain": "gelen.example",
        "ingested": True,
        "enriched": True,
        "message": "Kayıt alındı.",
    }
    without = await deliver(api, key, {"domain": "gelen2.example", "contact_emails": [" ", "yok"]})
    assert (without.status_code, without.json()["enriched"]) == (201, False)


async def test_no_key_a_wrong_key_and_a_key_switched_off_are_refused(stored: Stored) -> None:
    api, _ = stored
    made = await make_key(api)
    for key in (None, "", "wrong", "x" * 2500):
        answer = await deliver(api, key, {"domain": 1, "contact_emails": "what is no body"})
        assert answer.status_code == 401, answer.text
        assert answer.headers["www-authenticate"]
    path = f"/admin/api-keys/{made['id']}"
    assert (await api.client.patch(f"{path}/deactivate", headers=ADMIN)).json()["message"] == "Anahtar kapatıldı."
    assert (await deliver(api, made["api_key"])).status_code == 401
    await api.client.patch(f"{path}/activate", headers=ADMIN)
    assert (await deliver(api, made["api_key"])).status_code == 201
    assert (await api.client.patch("/admin/api-keys/999999/activate", headers=ADMIN)).status_code == 404


async def test_over_the_rate_is_429_with_the_time_to_wait(stored: Stored) -> None:
    api, _ = stored
    key = (await make_key(api, rate_limit_per_minute=2))["api_key"]
    statuses = [(await deliver(api, key)).status_code for _ in range(2)]
    refused = await deliver(api, key)
    assert (statuses, refused.status_code) == ([201, 201], 429)
    assert 1 <= int(refused.headers["retry-after"]) <= 30
    told = (await api.client.get("/healthz/metrics")).json()["rate_limit"]
    assert told["hits"] >= 1
    assert {"hits": 1, "acquired": 2} in told["per_key"].values()


async def test_two_keys_for_one_delivery_are_refused(stored: Stored) -> None:
    api, _ = stored
    headers = [("X-API-Key", (await make_key(api))["api_key"]), ("Idempotency-Key", "a"), ("Idempotency-Key", "b")]
    answer = await api.client.post("/ingest/webhook", json=BODY, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_input")


async def test_the_same_delivery_twice_is_one_with_another_body_a_conflict(stored: Stored) -> None:
    api, _ = stored
    key = (await make_key(api))["api_key"]
    first = await deliver(api, key, idempotency_key="siparis-1")
    again = await deliver(api, key, idempotency_key="siparis-1")
    assert (first.status_code, again.status_code, first.json()) == (201, 201, again.json())
    other = await deliver(api, key, {"domain": "baska.example"}, idempotency_key="siparis-1")
    assert other.status_code == 409
    other_key = (await make_key(api))["api_key"]
    assert (await deliver(api, other_key, {"domain": "baska.example"}, idempotency_key="siparis-1")).status_code == 201


async def test_whoever_guesses_keys_is_slowed_down(database_url: str) -> None:
    async with open_application(database_url) as (application, _), running_api(application) as api:
        statuses = [(await deliver(api, f"guess-{number}")).status_code for number in range(FAILURES_PER_MINUTE + 2)]
    assert statuses == [401] * FAILURES_PER_MINUTE + [429] * 2


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/leads/firma.example/notes"),
        ("PUT", "/leads/firma.example/notes/7"),
        ("DELETE", "/api/v1/leads/firma.example/notes/abc"),
        ("POST", "/api/v1/leads/firma.example/tags"),
        ("DELETE", "/leads/firma.example/tags/7"),
        ("POST", "/leads/firma.example/favorite"),
        ("DELETE", "/leads/firma.example/favorite"),
    ],
)
@pytest.mark.parametrize("body", [b"", b"{", b"\xff\x00", b'{"note": 1}'])
async def test_what_has_moved_is_410_whatever_the_body_is(stored: Stored, method: str, path: str, body: bytes) -> None:
    api, _ = stored
    answer = await api.client.request(method, path, content=body)
    assert answer.status_code == 410
    detail = answer.json()["detail"]
    assert set(detail) == {"error", "reason", "alternative", "migration_guide"}
    guide = await api.client.get(detail["migration_guide"])
    assert guide.status_code == 200


async def test_without_a_database_every_read_is_503_with_a_code() -> None:
    async with open_application() as (application, _), running_api(application) as api:
        for path in ("/leads", "/leads/firma.example", "/dashboard", "/leads/export", "/leads/firma.example/tags"):
            answer = await api.client.get(path)
            assert (answer.status_code, answer.json()["code"]) == (503, "database_unavailable"), path
            assert answer.headers["retry-after"]
        errors = (await api.client.get("/healthz/metrics")).json()["errors"]
    assert errors["errors_by_component"] == {"db": 5}


async def test_an_outage_is_reported_with_its_component_and_without_texts() -> None:
    reports: list[Any] = []
    start_tracking(
        "https://public@errors.example/1",
        "staging",
        release="1",
        masking=Masking(b"a key for tests"),
        sink=reports.append,
    )
    try:
        async with open_application() as (application, _), running_api(application) as api:
            assert (await api.client.get("/leads?search=Gizli+Ticaret")).status_code == 503
    finally:
        sentry_sdk.init(default_integrations=False)
    assert {report["tags"]["component"] for report in reports} == {"db"}
    assert "Gizli" not in repr(reports)
    assert "127.0.0.1" not in repr(reports)


async def test_what_nobody_foresaw_is_500_with_the_request_id_and_no_text() -> None:
    async with open_application() as (application, _):

        def broken() -> UnitOfWork:
            raise RuntimeError("the secret of the house")

        async with running_api(replace(application, leads=replace(application.leads, reads=broken))) as api:
            answer = await api.client.get("/api/v1/leads")
    body = answer.json()
    assert (answer.status_code, body["code"]) == (500, "unexpected")
    assert body["request_id"] == answer.headers["x-request-id"]
    assert "secret" not in answer.text


async def test_a_request_id_is_kept_if_it_is_one(stored: Stored) -> None:
    api, _ = stored
    sent = "1b671a64-40d5-491e-99b0-da01ff1f3341"
    kept = await api.client.get("/support", headers={"X-Request-ID": sent.upper()})
    assert kept.headers.get_list("x-request-id") == [sent]
    made = await api.client.get("/support", headers={"X-Request-ID": "no-uuid"})
    assert len(made.headers["x-request-id"]) == 36
    refused = await api.client.get("/nowhere", headers={"Host": "rebound.example", "X-Request-ID": sent})
    assert refused.json()["request_id"] == refused.headers["x-request-id"] == sent


async def test_a_browser_is_led_to_the_pages_and_a_program_is_told(stored: Stored) -> None:
    api, _ = stored
    browser = await api.client.get("/", headers={"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"})
    assert (browser.status_code, browser.headers["location"]) == (307, OPTIONS.pages_path)
    program = await api.client.get("/")
    assert program.json() == {"name": "Hunter", "version": "0.0.1", "docs": "/docs", "api": "/api/v1"}


async def test_pages_need_no_script_and_no_other_host(stored: Stored) -> None:
    api, _ = stored
    for path in ("/docs", "/docs/migration/notes-to-dynamics"):
        page = await api.client.get(path)
        assert page.headers["content-type"] == "text/html; charset=utf-8"
        assert "default-src 'none'" in page.headers["content-security-policy"]
        assert "<script" not in page.text
        assert "style=" not in page.text
        assert "//" not in page.text.replace("https://www.ornek", "")
    assert (await api.client.get("/docs/style.css")).headers["content-type"].startswith("text/css")
    assert (await api.client.get("/redoc")).status_code == 404


async def test_the_guide_is_there_in_both_languages(stored: Stored) -> None:
    api, _ = stored
    page = (await api.client.get("/docs/migration/notes-to-dynamics")).text
    assert '<section lang="tr"' in page
    assert '<section lang="en"' in page


async def test_the_document_is_always_there(stored: Stored) -> None:
    api, _ = stored
    assert (await api.client.get("/openapi.json")).json()["openapi"].startswith("3.1")


async def test_email_tools_say_what_can_be_known(stored: Stored) -> None:
    api, _ = stored
    made = (await api.client.post("/email/generate", json={"domain": "https://firma.example"})).json()
    assert made["emails"] == sorted(set(made["emails"]))
    assert "satis@firma.example" in made["emails"]
    checked = (await api.client.post("/email/generate-and-validate", json={"domain": "firma.example"})).json()
    assert {(one["status"], one["confidence"], one["checks"]["smtp"]) for one in checked["emails"]} == {
        ("valid", "medium", "skipped")
    }
    by_smtp = await api.client.post("/email/generate-and-validate?use_smtp=true", json={"domain": "firma.example"})
    assert {(one["status"], one["confidence"]) for one in by_smtp.json()["emails"]} == {("unknown", "medium")}
    for bad in ({}, {"domain": "nan"}, {"domain": None}):
        assert (await api.client.post("/email/generate", json=bad)).status_code == (
            400 if bad != {"domain": ""} else 422
        )


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"null",
        b"[]",
        b'"firma.example"',
        b'{"domain": NaN}',
        b'{"domain": "\\ud800.example"}',
        b'{"domain": "a\\u0000.example"}',
        b'{"domain": {"x": 1}}',
        b'{"domain": ' + b"9" * 5000 + b"}",
        b"[" * 100_000,
        b'{"domain": "' + b"a" * 900_000 + b'"}',
        b"\xff\xfe{",
    ],
)
async def test_a_body_that_cannot_be_read_is_refused_and_nothing_of_it_answered(stored: Stored, body: bytes) -> None:
    api, _ = stored
    headers = {"Content-Type": "application/json"}
    answer = await api.client.post("/api/v1/ingest/domain", content=body, headers=headers)
    assert 400 <= answer.status_code < 500, answer.text
    assert len(answer.content) < 1000
    assert (await api.client.get("/healthz/live")).status_code == 200


async def test_a_server_that_stops_finishes_what_it_has_begun() -> None:
    begun, may_end = asyncio.Event(), asyncio.Event()
    slow = FastAPI()

    @slow.get("/slow")
    async def wait() -> dict[str, bool]:
        begun.set()
        await may_end.wait()
        return {"finished": True}

    async with open_application() as (application, _), running_api(application, app=slow) as api:
        told: list[str] = []
        api.lifecycle.when_closing(lambda: told.append("closing"))
        request = asyncio.create_task(api.client.get("/slow"))
        await begun.wait()
        api.server.should_exit = True
        while not api.lifecycle.is_closing:
            await asyncio.sleep(0)
        with pytest.raises(ConnectionRefusedError):
            await asyncio.open_connection("127.0.0.1", api.port)
        may_end.set()
        answer = await request
    assert (answer.status_code, answer.json(), told) == (200, {"finished": True}, ["closing"])


async def test_a_reader_who_leaves_an_export_lets_go_of_its_connection(database_url: str) -> None:
    async def rows(api: RunningAPI) -> AsyncIterator[bytes]:
        async with api.client.stream("GET", "/leads/export") as answer:
            async for chunk in answer.aiter_raw():
                yield chunk

    async with open_application(database_url) as (application, _), running_api(application) as api:
        for _ in range(6):  # More than the pool has connections.
            async for _chunk in rows(api):
                break
        assert (await api.client.get("/leads/export")).status_code == 200
