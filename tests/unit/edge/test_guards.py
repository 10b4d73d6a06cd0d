"""A guard that is missing refuses everybody, and no token is guessed by its beginning."""

import pytest

from hunter.edge.guards import AdminAuthentication, RouteGuard, check_guard
from hunter.edge.refusals import AdminOnly

AUTHENTICATION = AdminAuthentication("the token", is_documentation_public=False)


def scope(*headers: tuple[str, str]) -> dict[str, object]:
    return {"type": "http", "headers": [(name.encode(), value.encode("latin-1")) for name, value in headers]}


def test_a_route_without_a_guard_refuses_everybody() -> None:
    with pytest.raises(AdminOnly, match="no guard"):
        check_guard(None, AUTHENTICATION, scope(("x-admin-token", "the token")))


@pytest.mark.parametrize("guard", [RouteGuard.ADMIN, RouteGuard.DOCUMENTATION])
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
def test_no_other_token_is_taken(guard: RouteGuard, headers: tuple[tuple[str, str], ...]) -> None:
    with pytest.raises(AdminOnly):
        check_guard(guard, AUTHENTICATION, scope(*headers))


@pytest.mark.parametrize("guard", list(RouteGuard))
def test_the_token_opens_every_route(guard: RouteGuard) -> None:
    check_guard(guard, AUTHENTICATION, scope(("x-admin-token", "the token")))


def test_an_empty_token_of_our_own_opens_nothing() -> None:
    assert not AdminAuthentication("", is_documentation_public=True).is_admin("")
