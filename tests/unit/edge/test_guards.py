"""A guard that is missing refuses everybody, and no token is guessed by its beginning."""

import pytest

from hunter.edge.guards import Gate, Guard, check_guard, check_is_json
from hunter.edge.refusals import AdminOnly, NotJSON

GATE = Gate("the token", is_documentation_public=False)


def scope(*headers: tuple[str, str]) -> dict[str, object]:
    return {"type": "http", "headers": [(name.encode(), value.encode("latin-1")) for name, value in headers]}


def test_a_route_without_a_guard_refuses_everybody() -> None:
    with pytest.raises(AdminOnly, match="no guard"):
        check_guard(None, GATE, scope(("x-admin-token", "the token")))


@pytest.mark.parametrize("guard", [Guard.ADMIN, Guard.DOCUMENTATION])
@pytest.mark.parametrize(
    "headers",
    [
        (),
        (("x-admin-token", ""),),
        (("x-admin-token", "the toke"),),
        (("x-admin-token", "the token2"),),
        (("x-admin-token", "the tok\xe9n"),),
        (("x-admin-token", "the token"), ("x-admin-token", "the token")),
    ],
)
def test_no_other_token_is_taken(guard: Guard, headers: tuple[tuple[str, str], ...]) -> None:
    with pytest.raises(AdminOnly):
        check_guard(guard, GATE, scope(*headers))


@pytest.mark.parametrize("guard", list(Guard))
def test_the_token_opens_every_route(guard: Guard) -> None:
    check_guard(guard, GATE, scope(("x-admin-token", "the token")))


def test_an_empty_token_of_our_own_opens_nothing() -> None:
    assert not Gate("", is_documentation_public=True).is_admin("")


@pytest.mark.parametrize("kind", ["application/json", "Application/JSON; charset=utf-8", " application/json ;"])
def test_json_is_json_with_parameters_too(kind: str) -> None:
    check_is_json(scope(("content-type", kind)))


@pytest.mark.parametrize("kind", ["", "text/json", "application/jsonx", "application/x-www-form-urlencoded", "json"])
def test_nothing_else_is_json(kind: str) -> None:
    with pytest.raises(NotJSON):
        check_is_json(scope(("content-type", kind)))
