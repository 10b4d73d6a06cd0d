"""Every refusal of the edge, over a real socket: foreign network, host and page, wrong token, wrong body."""

import json
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
import pytest_asyncio

from hunter.edge.options import EdgeOptions
from hunter.services.application import Application
from tests.support.api_application import open_application
from tests.support.api_server import ADMIN, OPTIONS, RunningAPI, running_api

#: One server answers most of the tests of this module.
pytestmark = pytest.mark.asyncio(loop_scope="module")

BEHIND_PROXY = replace(OPTIONS, trusted_proxies=("127.0.0.1/32",))
NO_NETWORK = replace(OPTIONS, allowed_networks=("192.0.2.0/24",))


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def application() -> AsyncIterator[Application]:
    async with open_application() as (application, _):
        yield application


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def api(application: Application) -> AsyncIterator[RunningAPI]:
    async with running_api(application) as running:
        yield running


async def test_a_client_of_this_machine_is_answered(api: RunningAPI) -> None:
    answer = await api.client.get("/support")
    assert answer.status_code == 200
    assert answer.json()["api_version"] == "v1"


@pytest.mark.parametrize(
    "path", ["/", "/api/v1/leads", "/healthz/live", "/healthz/metrics", "/openapi.json", "/nowhere"]
)
async def test_a_client_outside_the_allowed_networks_is_refused(application: Application, path: str) -> None:
    async with running_api(application, NO_NETWORK) as api:
        answer = await api.client.get(path)
    assert answer.status_code == 403
    assert answer.json()["code"] == "foreign_network"
    assert answer.json()["detail"] == "Bu ağdan erişim yok."


async def test_the_client_behind_a_trusted_proxy_is_judged_by_its_own_address(application: Application) -> None:
    async with running_api(application, BEHIND_PROXY) as api:
        foreign = await api.client.get("/support", headers={"X-Forwarded-For": "203.0.113.7"})
        inside = await api.client.get("/support", headers={"X-Forwarded-For": "10.1.2.3"})
        unreadable = await api.client.get("/support", headers={"X-Forwarded-For": "unknown"})
    assert (foreign.status_code, inside.status_code, unreadable.status_code) == (403, 200, 403)


async def test_a_chain_is_read_only_as_far_as_proxies_are_trusted(application: Application) -> None:
    async with running_api(application, BEHIND_PROXY) as api:
        forged = await api.client.get("/support", headers={"X-Forwarded-For": "10.1.2.3, 203.0.113.7"})
        through_two = await api.client.get("/support", headers={"X-Forwarded-For": "10.1.2.3, 127.0.0.1"})
    assert (forged.status_code, through_two.status_code) == (403, 200)


async def test_nobody_forwards_an_address_unless_he_is_trusted(application: Application) -> None:
    options = replace(OPTIONS, allowed_networks=("10.0.0.0/8",))
    async with running_api(application, options) as api:
        answer = await api.client.get("/support", headers={"X-Forwarded-For": "10.1.2.3"})
    assert answer.status_code == 403


@pytest.mark.parametrize("path", ["/", "/api/v1/leads", "/healthz", "/healthz/ready", "/docs", "/nowhere"])
@pytest.mark.parametrize("host", ["rebound.example", "localhost.rebound.example", "127.0.0.1.rebound.example:80", ""])
async def test_a_foreign_host_name_is_refused(api: RunningAPI, path: str, host: str) -> None:
    answer = await api.client.get(path, headers={"Host": host})
    assert answer.status_code == 421
    assert answer.json()["code"] == "foreign_host"


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:9999", "127.0.0.1", "[::1]:8000", "localhost."])
async def test_the_names_of_this_machine_are_answered(api: RunningAPI, host: str) -> None:
    assert (await api.client.get("/support", headers={"Host": host})).status_code == 200


async def test_liveness_is_told_under_every_name(api: RunningAPI) -> None:
    answer = await api.client.get("/healthz/live", headers={"Host": "pod-7.cluster.example"})
    assert (answer.status_code, answer.json()) == (200, {"status": "alive"})


@pytest.mark.parametrize(
    "target", ["//healthz/live", "/healthz/live/", "/healthz/../healthz/ready", "/healthz/live%2f"]
)
async def test_no_other_spelling_of_the_path_slips_past_the_host_check(api: RunningAPI, target: str) -> None:
    answer = await api.send(f"GET {target} HTTP/1.1\r\nHost: rebound.example\r\nConnection: close\r\n\r\n".encode())
    assert answer.startswith(b"HTTP/1.1 421 ")


async def test_two_host_names_or_none_are_refused(api: RunningAPI) -> None:
    twice = await api.send(b"GET / HTTP/1.1\r\nHost: localhost\r\nHost: rebound.example\r\nConnection: close\r\n\r\n")
    none = await api.send(b"GET /support HTTP/1.0\r\n\r\n")
    assert twice.split(b" ", 2)[1] in (b"400", b"421")
    assert none.startswith(b"HTTP/1.1 421 ")


async def test_the_public_address_and_further_names_are_answered(application: Application) -> None:
    options = replace(OPTIONS, public_url="https://hunter.firma.example/x", allowed_hosts=("crm.firma.example",))
    async with running_api(application, options) as api:
        statuses = [
            (await api.client.get("/support", headers={"Host": host})).status_code
            for host in ("hunter.firma.example", "crm.firma.example:8443", "firma.example")
        ]
    assert statuses == [200, 200, 421]


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "https://localhost.evil.example", "Sec-Fetch-Site": "same-origin"},
    ],
)
async def test_a_page_of_another_site_changes_nothing(api: RunningAPI, method: str, headers: dict[str, str]) -> None:
    answer = await api.client.request(method, "/api/v1/leads/firma.example", headers=headers, json={})
    assert answer.status_code == 403
    assert answer.json()["code"] == "cross_site"


async def test_a_form_post_of_another_site_is_refused(api: RunningAPI) -> None:
    headers = {"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}
    answer = await api.client.post("/api/v1/ingest/domain", data={"domain": "firma.example"}, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (403, "cross_site")


@pytest.mark.parametrize(
    "content_type", ["application/x-www-form-urlencoded", "text/plain", "multipart/form-data", None]
)
async def test_a_body_that_needs_no_permission_of_a_browser_is_refused(
    api: RunningAPI, content_type: str | None
) -> None:
    headers = {"Content-Type": content_type} if content_type else {}
    answer = await api.client.post("/api/v1/ingest/domain", content=b'{"domain": "firma.example"}', headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (415, "not_json")


async def test_reading_is_open_to_links_from_other_sites(api: RunningAPI) -> None:
    answer = await api.client.get("/support", headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 200


async def test_a_page_of_our_own_may_write(api: RunningAPI) -> None:
    headers = {"Origin": f"http://127.0.0.1:{api.port}", "Sec-Fetch-Site": "same-origin"}
    answer = await api.client.post("/email/generate", json={"domain": "firma.example"}, headers=headers)
    assert answer.status_code == 200


async def test_no_answer_invites_other_origins(api: RunningAPI) -> None:
    for method in ("GET", "OPTIONS", "POST"):
        headers = {"Origin": "https://evil.example", "Access-Control-Request-Method": "POST"}
        answer = await api.client.request(method, "/api/v1/leads", headers=headers)
        assert not [name for name in answer.headers if name.startswith("access-control-")]


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/api/v1/admin/api-keys"),
        ("POST", "/admin/api-keys"),
        ("PATCH", "/admin/api-keys/1/activate"),
        ("GET", "/debug/ip-enrichment/config"),
        ("GET", "/debug/ip-enrichment/192.0.2.1"),
        ("DELETE", "/api/v1/companies/firma.example"),
    ],
)
@pytest.mark.parametrize("token", [None, "", "wrong", "an admin token for test", "an admin token for tests "])
async def test_admin_needs_the_token_on_this_machine_too(
    api: RunningAPI, method: str, path: str, token: str | None
) -> None:
    headers = {} if token is None else {"X-Admin-Token": token}
    raw = [f"{method} {path} HTTP/1.1", "Host: localhost", "Connection: close", "Content-Length: 0"]
    raw += [f"{name}: {value}x" if value.endswith(" ") else f"{name}: {value}" for name, value in headers.items()]
    answer = await api.send("\r\n".join((*raw, "", "")).encode())
    assert answer.startswith(b"HTTP/1.1 403 ")
    assert json.loads(answer.partition(b"\r\n\r\n")[2])["code"] == "admin_only"


async def test_without_a_token_of_its_own_nobody_is_admin(application: Application) -> None:
    async with running_api(application, replace(OPTIONS, admin_token="")) as api:
        answer = await api.client.get("/debug/ip-enrichment/config", headers={"X-Admin-Token": ""})
    assert answer.status_code == 403


async def test_the_admin_is_let_in(api: RunningAPI) -> None:
    assert (await api.client.get("/debug/ip-enrichment/config", headers=ADMIN)).status_code == 200


async def test_the_admin_is_not_told_of_bodies_before_his_token(api: RunningAPI) -> None:
    answer = await api.client.post("/api/v1/admin/api-keys", content=b"x" * 2000, headers={"Content-Type": "text/x"})
    assert answer.status_code == 403


async def test_documentation_needs_the_token_in_production_only(application: Application, api: RunningAPI) -> None:
    assert (await api.client.get("/docs")).status_code == 200
    async with running_api(application, replace(OPTIONS, is_production=True)) as production:
        assert (await production.client.get("/docs")).status_code == 403
        assert (await production.client.get("/docs", headers=ADMIN)).status_code == 200
        assert (await production.client.get("/docs/migration/notes-to-dynamics")).status_code == 200
        assert (await production.client.get("/openapi.json")).status_code == 200


@pytest.fixture
def narrow() -> EdgeOptions:
    return replace(OPTIONS, most_body_bytes=1000)


async def test_a_body_that_announces_too_much_is_refused_unread(application: Application, narrow: EdgeOptions) -> None:
    async with running_api(application, narrow) as api:
        head = "POST /email/generate HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        answer = await api.send(f"{head}Connection: close\r\nContent-Length: 60000000\r\n\r\n".encode())
    assert answer.startswith(b"HTTP/1.1 413 ")


async def test_what_has_moved_is_410_whatever_a_body_announces(application: Application, narrow: EdgeOptions) -> None:
    async with running_api(application, narrow) as api:
        head = "POST /leads/firma.example/notes HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        answer = await api.send(f"{head}Connection: close\r\nContent-Length: 60000000\r\n\r\n".encode())
    assert answer.startswith(b"HTTP/1.1 410 ")


async def test_a_body_that_announces_nothing_is_counted_while_it_is_read(
    application: Application, narrow: EdgeOptions
) -> None:
    async def pieces() -> AsyncIterator[bytes]:
        for _ in range(20):
            yield b" " * 100

    headers = {"Content-Type": "application/json"}
    async with running_api(application, narrow) as api:
        answer = await api.client.post("/email/generate", content=pieces(), headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (413, "body_too_large")


async def test_a_body_within_the_limit_is_taken(application: Application, narrow: EdgeOptions) -> None:
    async with running_api(application, narrow) as api:
        answer = await api.client.post("/email/generate", json={"domain": "firma.example", "x": "y" * 900})
    assert answer.status_code == 200


async def test_an_identity_header_counts_from_a_trusted_proxy_only(application: Application) -> None:
    named = {"X-User": "ayse"}
    path = "/api/v1/leads?favorite=true"
    trusting = replace(BEHIND_PROXY, identity_header="X-User")
    async with (
        running_api(application, trusting) as behind,
        running_api(application, replace(OPTIONS, identity_header="X-User")) as bare,
    ):
        believed = await behind.client.get(path, headers={**named, "X-Forwarded-For": "10.1.2.3"})
        not_believed = await bare.client.get(path, headers=named)
    assert "set-cookie" not in believed.headers
    assert "session_id=" in not_believed.headers["set-cookie"]


async def test_a_session_that_we_did_not_make_is_replaced(api: RunningAPI) -> None:
    path = "/api/v1/leads?favorite=true"
    forged = await api.client.get(path, headers={"Cookie": "session_id=admin.AAAA"})
    made = forged.headers["set-cookie"]
    assert made.startswith("session_id=")
    assert "HttpOnly" in made
    assert "SameSite=Lax" in made
    kept = await api.client.get(path, headers={"Cookie": made.partition(";")[0]})
    assert "set-cookie" not in kept.headers


async def test_the_cookie_is_for_tls_only_where_clients_come_by_tls(application: Application) -> None:
    async with running_api(application, replace(OPTIONS, public_url="https://hunter.firma.example")) as api:
        answer = await api.client.get("/api/v1/leads?favorite=true")
    assert "Secure" in answer.headers["set-cookie"]


async def test_a_web_socket_is_not_opened(api: RunningAPI) -> None:
    head = "GET /api/v1/leads HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
    keys = "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
    reader_answer = await api.send(
        f"{head.replace('Connection: Upgrade', 'Connection: Upgrade, close')}{keys}".encode()
    )
    assert b" 101 " not in reader_answer.splitlines()[0]
