"""Every route declares guard, refusals and examples; v1 and legacy are the same handlers; nothing is forgotten."""

from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute
from starlette.routing import BaseRoute

from hunter.api.endpoint import Served
from hunter.api.problems import write_problem
from hunter.api.reference_page import operations
from hunter.api.router import MEANINGS, TABLES, VERSION_PREFIX, mounted
from hunter.api.routes.ingest import admitted_key
from hunter.asgi import create_app
from hunter.core.errors import HunterError
from hunter.edge.body_types import BodyType
from hunter.edge.guards import GuardedRoute, RouteGuard, declared_guard
from hunter.edge.problems import STATUS_CODES, STATUSES, Problems
from hunter.services.export_leads import COLUMNS
from tests.support.api_application import open_application
from tests.support.api_server import OPTIONS
from tests.support.words import LANGUAGES, source_catalogue, wording

ADMIN_PATHS = ("/admin/", "/debug/")
#: Sellers mark companies; the admin alone erases them.
ERASURE = ("DELETE", "/api/v1/companies/{domain}")


@pytest.fixture
async def app() -> AsyncIterator[FastAPI]:
    async with open_application() as (application, _):
        yield create_app(application, OPTIONS)


def unguarded(routes: list[BaseRoute]) -> list[str]:
    return [str(getattr(route, "path", route)) for route in routes if declared_guard(route) is None]


async def test_every_route_declares_a_guard(app: FastAPI) -> None:
    assert len(app.routes) == len(mounted())
    assert unguarded(app.routes) == []


async def test_a_route_without_a_guard_is_found(app: FastAPI) -> None:
    async def forgotten() -> None:
        """Do nothing."""

    app.add_api_route("/forgotten", forgotten)
    app.router.add_api_route("/half", forgotten, route_class_override=GuardedRoute)
    assert unguarded(app.routes) == ["/forgotten", "/half"]


async def test_what_the_admin_alone_may_do_is_guarded_so(app: FastAPI) -> None:
    guards = {
        (method, route.path): declared_guard(route)
        for route in app.routes
        if isinstance(route, APIRoute)
        for method in route.methods or ()
    }
    admin = {key for key, guard in guards.items() if guard is RouteGuard.ADMIN}
    wanted = {(method, path) for method, path in guards if any(part in path for part in ADMIN_PATHS)}
    assert admin == {*wanted, ERASURE}
    assert {path for (_, path), guard in guards.items() if guard is RouteGuard.DOCUMENTATION} == {"/docs"}
    assert {path for (_, path), guard in guards.items() if guard is RouteGuard.API_KEY} == {
        "/ingest/webhook",
        "/api/v1/ingest/webhook",
    }


async def test_no_route_of_the_api_takes_forms(app: FastAPI) -> None:
    taken = {route.takes for route in app.routes if isinstance(route, GuardedRoute)}
    assert taken == {BodyType.JSON, BodyType.NONE, BodyType.IGNORED}


async def test_only_what_has_moved_leaves_a_body_unread(app: FastAPI) -> None:
    routes = [one for one in app.routes if isinstance(one, GuardedRoute) and one.takes is BodyType.IGNORED]
    assert routes
    assert {route.status_code for route in routes} == {410}


async def test_a_route_for_programs_asks_for_their_key_before_anything_else(app: FastAPI) -> None:
    routes = [one for one in app.routes if isinstance(one, APIRoute) and declared_guard(one) is RouteGuard.API_KEY]
    for route in routes:
        assert admitted_key in [one.call for one in route.dependant.dependencies]
    assert len(routes) == 2


async def test_old_paths_are_served_by_the_handlers_of_the_new_ones(app: FastAPI) -> None:
    handlers = {
        (method, route.path): route.endpoint
        for route in app.routes
        if isinstance(route, APIRoute)
        for method in route.methods or ()
    }
    for table in TABLES:
        for row in table:
            if row.served is Served.BOTH:
                assert handlers[row.method, VERSION_PREFIX + row.path] is handlers[row.method, row.path] is row.handler


async def test_no_static_path_is_taken_for_a_parameter(app: FastAPI) -> None:
    paths = [route.path for route in app.routes if isinstance(route, APIRoute)]
    for prefix in ("", VERSION_PREFIX):
        assert paths.index(f"{prefix}/leads/export") < paths.index(f"{prefix}/leads/{{domain}}")
    assert paths.index("/debug/ip-enrichment/config") < paths.index("/debug/ip-enrichment/{ip}")


def documented(app: FastAPI) -> Iterator[tuple[str, dict[str, Any]]]:
    for method, path, operation in operations(app.openapi()):
        yield f"{method} {path}", dict(operation)


async def test_every_operation_is_described_and_has_a_name_of_its_own(app: FastAPI) -> None:
    found = list(documented(app))
    assert [name for name, one in found if not one.get("description") or not one.get("summary")] == []
    names = [one["operationId"] for _, one in found]
    assert len(set(names)) == len(names)


async def test_every_parameter_body_and_answer_has_an_example(app: FastAPI) -> None:
    document = app.openapi()
    bare: list[str] = []
    for name, operation in documented(app):
        for parameter in operation.get("parameters", []):
            if not parameter["schema"].get("examples") and "examples" not in parameter and "example" not in parameter:
                bare.append(f"{name}: parameter {parameter['name']}")
        bodies = list(operation.get("requestBody", {}).get("content", {}).values())
        answers = [
            media
            for answer in operation["responses"].values()
            for kind, media in answer.get("content", {}).items()
            if kind == "application/json"
        ]
        bare += [f"{name}: {media}" for media in (*bodies, *answers) if not has_example(document, media["schema"])]
    assert bare == []


def has_example(document: dict[str, Any], schema: dict[str, Any]) -> bool:
    reference = schema.get("$ref") or schema.get("items", {}).get("$ref", "")
    found = document["components"]["schemas"].get(reference.rpartition("/")[2], {})
    return bool(schema.get("examples") or found.get("examples"))


async def test_every_refusal_is_documented_with_its_form(app: FastAPI) -> None:
    for name, operation in documented(app):
        assert {"403", "421", "422", "500"} <= operation["responses"].keys(), name
        for status, answer in operation["responses"].items():
            if int(status) >= 400 and int(status) not in (410,):
                assert "application/json" in answer["content"], f"{name} {status}"


async def test_no_schema_is_named_that_is_not_there(app: FastAPI) -> None:
    document = app.openapi()
    there = document["components"]["schemas"].keys()
    assert set(references(document)) <= there
    assert there <= set(references(document))


def references(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for key, inner in value.items():
            if key == "$ref":
                yield str(inner).rpartition("/")[2]
            else:
                yield from references(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from references(inner)


# Lists come in by the command line, which says their errors in sentences of its own.
OF_LISTS = ("hunter.services.lists.columns", "hunter.services.lists.intake")


def error_kinds(kind: type[HunterError] = HunterError) -> Iterator[type[HunterError]]:
    for one in kind.__subclasses__():
        yield one
        yield from error_kinds(one)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_error_that_is_answered_has_its_words(language: str) -> None:
    known = {str(message.id) for message in source_catalogue(language) if message.id}
    general = {"error", "rulebook", "integration"}
    api = ("hunter.core", "hunter.edge", "hunter.services", "hunter.storage")
    answered = [one for one in error_kinds() if one.__module__.startswith(api) and one.__module__ not in OF_LISTS]
    codes = {kind.code.lower() for kind in answered} - general
    assert {f"problem.{code}" for code in {*codes, *STATUS_CODES.values(), "validation"}} - known == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_column_of_an_export_has_its_header(language: str) -> None:
    known = {str(message.id) for message in source_catalogue(language) if message.id}
    assert {f"export.{column.name}" for column in COLUMNS} - known == set()


def test_every_status_that_is_answered_has_its_meaning() -> None:
    assert {status for _, status in STATUSES} <= MEANINGS.keys()


def test_the_text_of_an_exception_is_never_answered() -> None:
    problems = Problems(wording().catalogue)
    for kind, _ in STATUSES:
        if kind.__init__ is HunterError.__init__:
            answer = write_problem({}, problems.of_error(kind("secret of the house")))
            assert b"secret" not in bytes(answer.body)


def test_an_error_without_words_of_its_own_takes_those_of_its_kind() -> None:
    class Odd(HunterError):
        code = "odd"

    answer = write_problem({}, Problems(wording().catalogue).of_error(Odd("text")))
    assert answer.status_code == 500
    assert b"odd" not in bytes(answer.body)


async def test_the_application_is_not_needed_to_describe_it(app: FastAPI) -> None:
    assert app.openapi()["info"]["version"] == app.state.application.operations.version
