"""RDAP answers, good and strange."""

import json
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hunter.collectors.registration.rdap_answer import read_rdap
from hunter.collectors.registration.registration import Outcome, Registration

DOMAIN = "ornek-hunter.com"
RECORD: dict[str, Any] = {
    "objectClassName": "domain",
    "ldhName": "ORNEK-HUNTER.COM",
    "status": ["client transfer prohibited", "redemption period"],
    "entities": [
        {"roles": ["registrant"], "vcardArray": ["vcard", [["fn", {}, "text", "Somebody"]]]},
        {
            "roles": ["Registrar"],
            "vcardArray": ["vcard", [["version", {}, "text", "4.0"], ["fn", {}, "text", "Örnek A.Ş."]]],
        },
    ],
    "events": [
        {"eventAction": "registration", "eventDate": "2010-04-01T08:00:00Z"},
        {"eventAction": "expiration", "eventDate": "2028-04-01T08:00:00Z"},
        {"eventAction": "registrar expiration", "eventDate": "2027-04-01T23:59:59.000+03:00"},
    ],
    "nameservers": [{"ldhName": "NS2.A-HUNTER.NET."}, {"ldhName": "ns1.a-hunter.net"}, {"ldhName": "NS1.a-hunter.net"}],
}
STRANGE: list[Any] = [
    None,
    True,
    7,
    -1.5,
    "",
    "text",
    [],
    [[]],
    {},
    {"a": {}},
    ["vcard"],
    ["vcard", [["fn"]]],
    [1, "2", None, {}],
]


def read(document: Any, status: int = 200) -> Registration:
    return read_rdap(status, json.dumps(document).encode(), DOMAIN)


def test_a_record_is_read() -> None:
    found = read(RECORD)
    assert (found.outcome, found.registrar, found.expires_at) == (Outcome.FOUND, "Örnek A.Ş.", date(2027, 4, 1))
    assert found.nameservers == ("ns1.a-hunter.net", "ns2.a-hunter.net")
    assert found.statuses == ("client transfer prohibited", "redemption period")


def test_what_was_read_is_proved() -> None:
    proof = read(RECORD).proof
    assert proof.registrar == ("Örnek A.Ş.",)
    assert proof.expires_at == (
        "expiration: 2028-04-01T08:00:00Z",
        "registrar expiration: 2027-04-01T23:59:59.000+03:00",
    )
    assert proof.nameservers == ("ns1.a-hunter.net", "ns2.a-hunter.net")


@pytest.mark.parametrize(
    "card",
    [[["org", {}, "text", "Örnek A.Ş."]], [["fn", {}, "text", ""], ["org", {}, "text", ["Örnek A.Ş.", "Birim"]]]],
)
def test_a_registrar_without_a_name_is_called_by_its_organisation(card: list[Any]) -> None:
    entity = {"roles": ["registrar"], "vcardArray": ["vcard", card]}
    assert read({**RECORD, "entities": [entity]}).registrar == "Örnek A.Ş."


def test_a_registrar_inside_another_entity_is_found() -> None:
    inner = {"roles": ["registrar"], "vcardArray": ["vcard", [["fn", {}, "text", "İç Kayıt"]]]}
    assert read({**RECORD, "entities": [{"roles": ["sponsor"], "entities": [inner]}]}).registrar == "İç Kayıt"


def test_control_characters_and_markup_do_no_harm() -> None:
    card = [["fn", {}, "text", "\x1b[31m<b>Örnek</b>\x00\ud800 A.Ş.\u202e"]]
    entity = {"roles": ["registrar"], "vcardArray": ["vcard", card]}
    assert read({**RECORD, "entities": [entity]}).registrar == "<b>Örnek</b> A.Ş."


@pytest.mark.parametrize(
    "body",
    [
        b'{"errorCode": 404, "title": "Not Found"}',
        b'{"rdapConformance": ["rdap_level_0"], "errorCode": 404}',
        b'{"rdapConformance": ["rdap_level_0"], "title": "Not found"}',
        b'{"objectClassName": "error", "errorCode": 404}',
    ],
)
def test_a_404_of_the_registry_is_not_registered(body: bytes) -> None:
    assert read_rdap(404, body, DOMAIN).outcome is Outcome.NOT_REGISTERED


@pytest.mark.parametrize(
    "body",
    [
        *(b"", b"  ", b"{}", b"[]", b'{"login_url": "http://hotel.example/"}', b'{"rdapConformance": []}'),
        b'{"message": "no Route matched with those values"}',
        b'{"status": 404, "error": "Not Found", "path": "/rdap/domain/ornek-hunter.com"}',
        b'{"errorCode": "404"}',
        b'{"objectClassName": "domain", "ldhName": "BASKA-HUNTER.COM", "errorCode": 404}',
        b'{"objectClassName": "domain", "ldhName": "BASKA-HUNTER.COM", "rdapConformance": ["rdap_level_0"]}',
    ],
    ids=range(11),
)
def test_a_404_of_somebody_else_is_no_statement(body: bytes) -> None:
    assert read_rdap(404, body, DOMAIN).reason == "malformed"


@pytest.mark.parametrize(("code", "reason"), [(429, "rate_limited"), (503, "server_error"), (403, "refused")])
def test_a_404_around_another_error_is_that_error(code: int, reason: str) -> None:
    assert read({"errorCode": code}, 404).reason == reason


def test_an_error_around_another_record_is_no_statement() -> None:
    assert read({**RECORD, "ldhName": "baska-hunter.com", "errorCode": 404}).reason == "malformed"


def test_a_record_without_a_name_is_malformed() -> None:
    assert read({**RECORD, "ldhName": None}).reason == "malformed"


def test_a_404_with_a_page_for_browsers_is_no_statement() -> None:
    assert read_rdap(404, b"<html><h1>404 Not Found</h1></html>", DOMAIN).reason == "malformed"


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        *((429, "rate_limited"), (403, "refused"), (401, "refused"), (400, "refused"), (500, "server_error")),
        *(
            (502, "server_error"),
            (503, "server_error"),
            (501, "server_error"),
            (204, "server_error"),
            (418, "server_error"),
        ),
    ],
)
def test_any_other_status_is_unavailable(status: int, reason: str) -> None:
    # The body says "not found": it is not the registry's 404.
    assert read_rdap(status, b'{"errorCode": 404}', DOMAIN).reason == reason


@pytest.mark.parametrize(
    ("code", "outcome", "reason"),
    [
        (404, Outcome.NOT_REGISTERED, None),
        (429, Outcome.UNAVAILABLE, "rate_limited"),
        ("x", Outcome.UNAVAILABLE, "malformed"),
    ],
)
def test_an_error_inside_an_answer_counts_as_one(code: Any, outcome: Outcome, reason: str | None) -> None:
    found = read({"errorCode": code})
    assert (found.outcome, found.reason) == (outcome, reason)


@pytest.mark.parametrize(
    "body",
    [
        *(
            b"",
            b"<!DOCTYPE html><html></html>",
            b"[]",
            b"null",
            b'"text"',
            b'{"ldhName": "ornek-hunter.com"',
            bytes(range(256)),
        ),
        *(b"[" * 200_000, b'{"a":' * 200_000, b'{"objectClassName": "domain"}', b'{"a": ' + b"9" * 10_000 + b"}"),
    ],
    ids=range(11),
)
def test_what_is_no_record_is_malformed(body: bytes) -> None:
    assert read_rdap(200, body, DOMAIN).reason == "malformed"


@pytest.mark.parametrize("change", [{"ldhName": "baska-hunter.com"}, {"objectClassName": "nameserver"}])
def test_a_record_of_something_else_is_malformed(change: dict[str, str]) -> None:
    assert read({**RECORD, **change}).reason == "malformed"


def test_a_name_in_unicode_is_recognised() -> None:
    document = json.dumps({**RECORD, "ldhName": None, "unicodeName": "türkçe.com.tr"}).encode()
    assert read_rdap(200, document, "xn--trke-2oa7j.com.tr").outcome is Outcome.FOUND


@pytest.mark.parametrize("key", ["entities", "events", "nameservers", "status"])
@pytest.mark.parametrize("value", STRANGE, ids=repr)
def test_one_strange_field_costs_itself_only(key: str, value: Any) -> None:
    whole, found = read(RECORD), read({**RECORD, key: value})
    costs = {
        "entities": {"registrar"},
        "events": {"expires_at"},
        "nameservers": {"nameservers"},
        "status": {"statuses"},
    }[key]
    fields = {"registrar", "expires_at", "nameservers", "statuses"}
    assert found.outcome is Outcome.FOUND
    assert {field: getattr(found, field) for field in fields - costs} == {
        field: getattr(whole, field) for field in fields - costs
    }


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=20),
        lambda inner: (
            st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from([*RECORD, "roles"]), inner, max_size=5)
        ),
        max_leaves=30,
    ),
    st.sampled_from([200, 404, 429, 500]),
)
def test_no_document_is_too_strange(document: Any, status: int) -> None:
    found = read(document, status)
    assert (found.outcome is Outcome.UNAVAILABLE) is (found.reason is not None)
