"""Forms, over a real socket: the API refuses them all; a route that declares one takes that one from our own pages."""

from collections.abc import AsyncIterator
from urllib.parse import parse_qs

import pytest
import pytest_asyncio
from fastapi import Request

from hunter.asgi import create_app
from hunter.edge.body_types import BodyType
from hunter.edge.guards import GuardedRoute, RouteGuard
from tests.support.api_application import open_application
from tests.support.api_server import ADMIN, OPTIONS, RunningAPI, running_api

pytestmark = pytest.mark.asyncio(loop_scope="module")

FORM = "application/x-www-form-urlencoded"
FILES = "multipart/form-data; boundary=b"
JSON = "application/json"
OWN_PAGE = {"Sec-Fetch-Site": "same-origin"}


async def take_form(request: Request) -> dict[str, list[str]]:
    """Give the fields back."""
    return parse_qs((await request.body()).decode())


async def take_files(request: Request) -> dict[str, int]:
    """Count the bytes."""
    return {"bytes": len(await request.body())}


#: Routes as pages will have them.
PAGES = (
    ("/test-form", take_form, RouteGuard.INTERNAL, BodyType.FORM),
    ("/test-files", take_files, RouteGuard.INTERNAL, BodyType.FILES),
    ("/test-admin-form", take_form, RouteGuard.ADMIN, BodyType.FORM),
)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def api() -> AsyncIterator[RunningAPI]:
    async with open_application() as (application, _):
        app = create_app(application, OPTIONS)
        for path, handler, guard, takes in PAGES:
            app.router.add_api_route(path, handler, methods=["POST"], route_class_override=GuardedRoute)
            route = app.router.routes[-1]
            assert isinstance(route, GuardedRoute)
            route.declare(guard, takes)
        async with running_api(application, app=app) as running:
            yield running


async def post(api: RunningAPI, path: str, content_type: str | None, **headers: str) -> tuple[int, str | None]:
    """Return the status, and the code where it is an error."""
    sent = {**headers, **({"Content-Type": content_type} if content_type is not None else {})}
    answer = await api.client.post(path, content=b"name=firma", headers=sent)
    return answer.status_code, answer.json().get("code")


async def test_a_form_of_an_own_page_arrives(api: RunningAPI) -> None:
    answer = await api.client.post("/test-form", data={"name": "firma"}, headers=OWN_PAGE)
    assert (answer.status_code, answer.json()) == (200, {"name": ["firma"]})


async def test_files_of_an_own_page_arrive(api: RunningAPI) -> None:
    assert await post(api, "/test-files", FILES, **OWN_PAGE) == (200, None)


async def test_a_browser_that_names_only_its_origin_is_believed(api: RunningAPI) -> None:
    own = f"http://127.0.0.1:{api.port}"
    assert await post(api, "/test-form", FORM, Origin=own) == (200, None)


@pytest.mark.parametrize(
    ("path", "kinds"),
    [("/test-form", (FILES, JSON, "text/plain", None)), ("/test-files", (FORM, JSON, "text/plain", None))],
)
async def test_every_other_type_is_refused(api: RunningAPI, path: str, kinds: tuple[str | None, ...]) -> None:
    answers = [await post(api, path, kind, **OWN_PAGE) for kind in kinds]
    assert answers == [(415, "wrong_media_type")] * len(kinds)


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "http://127.0.0.1:1"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "same-origin", "Origin": "https://evil.example"},
    ],
)
@pytest.mark.parametrize(("path", "kind"), [("/test-form", FORM), ("/test-files", FILES)])
async def test_a_form_of_any_other_page_is_refused(
    api: RunningAPI, path: str, kind: str, headers: dict[str, str]
) -> None:
    assert await post(api, path, kind, **headers) == (403, "cross_site")


async def test_the_guard_comes_before_the_form(api: RunningAPI) -> None:
    assert await post(api, "/test-admin-form", FORM, **OWN_PAGE) == (403, "admin_only")
    assert await post(api, "/test-admin-form", FORM, **OWN_PAGE, **ADMIN) == (200, None)


@pytest.mark.parametrize("kind", [FORM, FILES, "text/plain"])
async def test_no_form_reaches_a_route_of_the_api(api: RunningAPI, kind: str) -> None:
    for route in api.app.routes:
        if isinstance(route, GuardedRoute) and route.takes in (BodyType.JSON, BodyType.NONE):
            for method in {"POST", "PUT", "PATCH", "DELETE"} & set(route.methods or ()):
                path = route.path.replace("{key_id}", "1").replace("{domain}", "firma.example")
                headers = {**OWN_PAGE, **ADMIN, "Content-Type": kind}
                answer = await api.client.request(method, path, content=b"domain=firma.example", headers=headers)
                assert answer.status_code == 415, f"{method} {path}"


async def test_a_route_cannot_declare_what_its_handler_does_not_read(api: RunningAPI) -> None:
    async def take_json(body: dict[str, str]) -> None:
        """Read a body as JSON."""

    api.app.router.add_api_route("/test-mistake", take_json, methods=["POST"], route_class_override=GuardedRoute)
    route = api.app.router.routes[-1]
    assert isinstance(route, GuardedRoute)
    with pytest.raises(ValueError, match="/test-mistake declares"):
        route.declare(RouteGuard.INTERNAL, BodyType.FORM)
    assert await post(api, "/test-mistake", JSON) == (403, "admin_only")
