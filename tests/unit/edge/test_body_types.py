"""A route takes one kind of body; forms only from pages of our own."""

import pytest

from hunter.edge.access import access_policy
from hunter.edge.body_types import BodyType, check_body, check_declaration
from hunter.edge.refusals import CrossSite, NotJSON, WrongMediaType

POLICY = access_policy(hosts=("hunter.firma.example",), public_authority="hunter.firma.example")
OWN_PAGE = (("sec-fetch-site", "same-origin"),)
FORM = ("content-type", "application/x-www-form-urlencoded")


def scope(*headers: tuple[str, str]) -> dict[str, object]:
    return {"type": "http", "headers": [(name.encode(), value.encode("latin-1")) for name, value in headers]}


@pytest.mark.parametrize("kind", ["application/json", "Application/JSON; charset=utf-8", " application/json ;"])
def test_json_is_json_with_parameters_too(kind: str) -> None:
    check_body(BodyType.JSON, POLICY, scope(("content-type", kind)))


@pytest.mark.parametrize(
    "kind",
    [
        "",
        "text/json",
        "application/jsonx",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=application/json",
        "text/plain; application/json",
        "text/plain, application/json",
        "json",
    ],
)
def test_nothing_else_is_json(kind: str) -> None:
    with pytest.raises(NotJSON):
        check_body(BodyType.JSON, POLICY, scope(("content-type", kind), *OWN_PAGE))


@pytest.mark.parametrize("declared", [BodyType.JSON, BodyType.FORM, BodyType.FILES, BodyType.NONE])
@pytest.mark.parametrize("other", ["application/x-www-form-urlencoded", "text/plain"])
def test_a_second_content_type_is_no_content_type(declared: BodyType, other: str) -> None:
    sent = scope(("content-type", str(declared)), ("content-type", other), *OWN_PAGE)
    with pytest.raises(WrongMediaType):
        check_body(declared, POLICY, sent)


@pytest.mark.parametrize("declared", [BodyType.FORM, BodyType.FILES])
def test_a_form_type_takes_itself_and_nothing_else(declared: BodyType) -> None:
    kinds = {*map(str, BodyType), "text/plain", ""}
    check_body(declared, POLICY, scope(("content-type", f"{declared}; boundary=x"), *OWN_PAGE))
    for kind in kinds - {str(declared)}:
        with pytest.raises(WrongMediaType):
            check_body(declared, POLICY, scope(("content-type", kind), *OWN_PAGE))


@pytest.mark.parametrize(
    "proof",
    [
        (("sec-fetch-site", "same-origin"), ("host", "localhost"), ("origin", "https://hunter.firma.example")),
        (("origin", "http://192.168.1.5:8000"), ("host", "192.168.1.5:8000")),
        (("origin", "http://HUNTER:8000"), ("host", "hunter:8000")),
        (("origin", "https://hunter.firma.example"), ("host", "127.0.0.1:8000")),
    ],
)
def test_a_form_of_an_own_page_is_taken(proof: tuple[tuple[str, str], ...]) -> None:
    check_body(BodyType.FORM, POLICY, scope(FORM, *proof))


@pytest.mark.parametrize(
    "proof",
    [
        (),
        (("host", "localhost:8000"),),
        (("sec-fetch-site", "same-site"), ("origin", "http://localhost:8000"), ("host", "localhost:8000")),
        (("sec-fetch-site", "none"), ("host", "localhost:8000")),
        (("sec-fetch-site", "same-origin"), ("sec-fetch-site", "cross-site")),
        (("origin", "http://localhost:9999"), ("host", "localhost:8000")),
        (("origin", "null"), ("host", "null")),
        (("origin", "ftp://localhost:8000"), ("host", "localhost:8000")),
        (("origin", ""), ("host", "")),
        (("origin", "http://"), ("host", "localhost:8000")),
        (("origin", "http://localhost:8000"), ("origin", "https://evil.example"), ("host", "localhost:8000")),
        (("origin", "http://localhost:8000"), ("host", "localhost:8000"), ("host", "evil.example")),
    ],
)
def test_a_form_without_the_proof_of_an_own_page_is_refused(proof: tuple[tuple[str, str], ...]) -> None:
    with pytest.raises(CrossSite):
        check_body(BodyType.FORM, POLICY, scope(FORM, *proof))


def test_without_a_public_address_none_is_made_up() -> None:
    with pytest.raises(CrossSite):
        check_body(BodyType.FORM, access_policy(), scope(FORM, ("origin", "http://None"), ("host", "localhost")))


@pytest.mark.parametrize("headers", [(), (("content-type", "application/json"),)])
def test_a_route_without_a_body_lets_programs_say_json(headers: tuple[tuple[str, str], ...]) -> None:
    check_body(BodyType.NONE, POLICY, scope(*headers))


@pytest.mark.parametrize("kind", ["application/x-www-form-urlencoded", "multipart/form-data", "text/plain", ""])
def test_a_route_without_a_body_is_not_called_by_a_form(kind: str) -> None:
    with pytest.raises(WrongMediaType):
        check_body(BodyType.NONE, POLICY, scope(("content-type", kind), *OWN_PAGE))


@pytest.mark.parametrize("kind", list(BodyType))
def test_a_route_that_declares_nothing_takes_nothing(kind: BodyType) -> None:
    with pytest.raises(WrongMediaType):
        check_body(None, POLICY, scope(("content-type", str(kind)), *OWN_PAGE))


@pytest.mark.parametrize(
    ("declared", "read_as"),
    [
        (BodyType.JSON, None),
        (BodyType.JSON, "multipart/form-data"),
        (BodyType.FORM, "application/json"),
        (BodyType.FORM, "multipart/form-data"),
        (BodyType.NONE, "application/json"),
        (BodyType.IGNORED, "application/json"),
    ],
)
def test_what_is_declared_and_what_is_read_are_one(declared: BodyType, read_as: str | None) -> None:
    with pytest.raises(ValueError, match="declares"):
        check_declaration(declared, read_as, "/somewhere")


@pytest.mark.parametrize("declared", [BodyType.FORM, BodyType.FILES, BodyType.NONE, BodyType.IGNORED])
def test_a_handler_may_read_a_form_by_itself(declared: BodyType) -> None:
    check_declaration(declared, None, "/somewhere")
