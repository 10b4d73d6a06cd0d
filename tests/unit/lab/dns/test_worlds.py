"""A world answers as a recursive resolver does; dnspython reads what it says."""

import pytest

from hunter.lab.dns.faults import Behaviour, Fault
from hunter.lab.dns.wire import name_to_wire
from hunter.lab.dns.worlds import World
from hunter.lab.errors import InvalidRecord
from tests.unit.lab.asking import ask, rcode_of, texts_of, world_of

TENANT = "selector1-firma-example._domainkey.firma.onmicrosoft.com"

FIRMA = {
    "firma.example": {"MX": ["10 mail.firma.example", "20 mail2.firma.example"], "TXT": ["v=spf1 -all"]},
    "selector1._domainkey.firma.example": {"CNAME": [TENANT]},
    "selector2._domainkey.firma.example": {"CNAME": ["gone.onmicrosoft.com"]},
    TENANT: {"TXT": ["v=DKIM1; p=AAAA"]},
    "a.loop.example": {"CNAME": ["b.loop.example"]},
    "b.loop.example": {"CNAME": ["a.loop.example"]},
}


def test_records_are_answered_in_their_order() -> None:
    answer = ask(world_of(FIRMA), "firma.example", "MX")
    assert texts_of(answer.answer) == [
        "firma.example MX 10 mail.firma.example.",
        "firma.example MX 20 mail2.firma.example.",
    ]


def test_name_is_found_in_any_case() -> None:
    assert len(ask(world_of({"Firma.Example": {"A": ["192.0.2.1"]}}), "fIRMA.eXAMPLE", "A").answer) == 1


def test_alias_is_followed_and_the_chain_kept() -> None:
    answer = ask(world_of(FIRMA), "selector1._domainkey.firma.example", "TXT")
    assert texts_of(answer.answer) == [
        f"selector1._domainkey.firma.example CNAME {TENANT}.",
        f'{TENANT} TXT "v=DKIM1; p=AAAA"',
    ]


def test_dangling_alias_is_nxdomain_and_the_chain_stays() -> None:
    answer = ask(world_of(FIRMA), "selector2._domainkey.firma.example", "TXT")
    assert rcode_of(answer) == "NXDOMAIN"
    assert texts_of(answer.answer) == ["selector2._domainkey.firma.example CNAME gone.onmicrosoft.com."]


def test_alias_itself_is_answered_without_its_target() -> None:
    answer = ask(world_of(FIRMA), "selector1._domainkey.firma.example", "CNAME")
    assert texts_of(answer.answer) == [f"selector1._domainkey.firma.example CNAME {TENANT}."]


def test_loop_of_aliases_is_a_server_failure() -> None:
    assert rcode_of(ask(world_of(FIRMA), "a.loop.example", "TXT")) == "SERVFAIL"


def test_missing_type_is_nodata_with_the_soa_of_its_zone() -> None:
    answer = ask(world_of(FIRMA), "firma.example", "AAAA")
    assert (rcode_of(answer), answer.answer) == ("NOERROR", [])
    assert answer.authority[0].name.to_text() == "firma.example."
    assert answer.authority[0].ttl == answer.authority[0][0].minimum == 60


def test_missing_name_is_nxdomain_with_the_soa_of_its_zone() -> None:
    answer = ask(world_of(FIRMA), "_dmarc.firma.example", "TXT")
    assert rcode_of(answer) == "NXDOMAIN"
    assert answer.authority[0].name.to_text() == "firma.example."


def test_published_soa_is_the_one_that_is_shown() -> None:
    soa = "ns.host.example. admin.host.example. 7 1 1 1 30"
    answer = ask(world_of({"firma.example": {"SOA": [soa], "A": ["192.0.2.1"]}}), "firma.example", "MX")
    assert texts_of(answer.authority) == [f"firma.example SOA {soa}"]


def test_name_outside_the_world_is_nxdomain_of_the_root() -> None:
    answer = ask(world_of(FIRMA), "elsewhere.test", "A")
    assert rcode_of(answer) == "NXDOMAIN"
    assert answer.authority[0].name.to_text() == "."


@pytest.mark.parametrize("name", ["_domainkey.firma.example", "example", "onmicrosoft.com"])
def test_name_that_only_exists_above_others_is_nodata(name: str) -> None:
    answer = ask(world_of(FIRMA), name, "TXT")
    assert (rcode_of(answer), answer.answer) == ("NOERROR", [])


def test_lying_zone_denies_names_that_only_exist_above_others() -> None:
    world = world_of(FIRMA, domains=["firma.example", "loop.example"], lying_ent=["firma.example"])
    assert rcode_of(ask(world, "_domainkey.firma.example", "TXT")) == "NXDOMAIN"
    assert rcode_of(ask(world, "selector1._domainkey.firma.example", "TXT")) == "NOERROR"
    assert rcode_of(ask(world, "loop.example", "TXT")) == "NOERROR"


# The zone of RFC 4592 §2.2.1 and the questions it is asked there.
RFC_4592 = {
    "example": {"NS": ["ns.example.com"]},
    "*.example": {"TXT": ["this is a wildcard"], "MX": ["10 host1.example"]},
    "sub.*.example": {"TXT": ["this is not a wildcard"]},
    "host1.example": {"A": ["192.0.2.1"]},
    "_ssh._tcp.host1.example": {"SRV": ["0 0 22 host1.example"]},
    "_ssh._tcp.host2.example": {"SRV": ["0 0 22 host2.example"]},
}


@pytest.mark.parametrize(
    ("name", "rdtype", "rcode", "count"),
    [
        ("host3.example", "MX", "NOERROR", 1),
        ("host3.example", "A", "NOERROR", 0),
        ("foo.bar.example", "TXT", "NOERROR", 1),
        ("host1.example", "MX", "NOERROR", 0),
        ("sub.*.example", "MX", "NOERROR", 0),
        ("_telnet._tcp.host1.example", "SRV", "NXDOMAIN", 0),
        ("host2.example", "MX", "NOERROR", 0),
        ("ghost.*.example", "MX", "NXDOMAIN", 0),
    ],
)
def test_wildcard_answers_as_rfc_4592_says(name: str, rdtype: str, rcode: str, count: int) -> None:
    answer = ask(world_of(RFC_4592), name, rdtype)
    assert (rcode_of(answer), len(texts_of(answer.answer))) == (rcode, count)
    assert all(rrset.name.to_text(omit_final_dot=True) == name for rrset in answer.answer)


def test_wildcard_alias_is_followed() -> None:
    world = world_of({"*.firma.example": {"CNAME": ["firma.example"]}, "firma.example": {"TXT": ["v=spf1 -all"]}})
    answer = ask(world, "selector9._domainkey.firma.example", "TXT")
    assert texts_of(answer.answer) == [
        "selector9._domainkey.firma.example CNAME firma.example.",
        'firma.example TXT "v=spf1 -all"',
    ]


def test_world_beyond_answers_for_what_this_world_does_not_hold() -> None:
    beyond = world_of({"*.onmicrosoft.com": {"TXT": ["beyond"]}, "spf.example": {"TXT": ["v=spf1 -all"]}})
    world = world_of({"firma.example": {"CNAME": ["x.onmicrosoft.com"]}}, beyond=beyond)
    assert texts_of(ask(world, "firma.example", "TXT").answer)[-1] == 'x.onmicrosoft.com TXT "beyond"'
    assert texts_of(ask(world, "spf.example", "TXT").answer) == ['spf.example TXT "v=spf1 -all"']
    assert world.domain_of(name_to_wire("spf.example") + b"\x00\x10\x00\x01") is None


def test_domain_of_a_question_is_the_top_of_its_zone() -> None:
    world = world_of({"firma.com.tr": {"A": ["192.0.2.1"]}, "a.b.firma.com.tr": {"A": ["192.0.2.1"]}})
    assert world.domain_of(name_to_wire("x.b.firma.com.tr") + b"\x00\x01\x00\x01") == b"firma.com.tr"
    assert world.domain_of(name_to_wire("com.tr") + b"\x00\x01\x00\x01") is None


def test_behaviour_of_the_nearest_name_above_holds() -> None:
    slow, dead = Behaviour(slow_ms=100), Behaviour(Fault.DEAD)
    world = world_of(FIRMA, behaviours={"firma.example": slow, "_domainkey.firma.example": dead})
    assert world.behaviour_of(name_to_wire("mail.firma.example")) is slow
    assert world.behaviour_of(name_to_wire("selector1._domainkey.firma.example")) is dead
    assert world.behaviour_of(name_to_wire("example")) is None


def _asked_twice(world: World, question: bytes) -> bool:
    world.answer(question)
    return world.quick(question) is not None


def test_answer_is_ready_for_the_next_who_asks() -> None:
    question = name_to_wire("firma.example") + b"\x00\x0f\x00\x01"
    assert world_of(FIRMA).quick(question) is None
    assert _asked_twice(world_of(FIRMA), question)


def test_answer_of_a_name_in_trouble_is_never_ready() -> None:
    world = world_of(FIRMA, behaviours={"firma.example": Behaviour(Fault.DEAD)})
    assert not _asked_twice(world, name_to_wire("firma.example") + b"\x00\x0f\x00\x01")


@pytest.mark.parametrize("rdtype", [65, 97])
def test_types_that_are_letters_are_never_ready(rdtype: int) -> None:
    # Lowering the question as a whole turns type 65 into 97; a ready answer could be the other's.
    assert not _asked_twice(world_of(FIRMA), name_to_wire("firma.example") + bytes((0, rdtype, 0, 1)))


def test_impossible_record_is_refused_with_owner_and_type() -> None:
    with pytest.raises(InvalidRecord, match=r"firma\.example MX: 'nonsense' is no record of type MX"):
        world_of({"firma.example": {"MX": ["nonsense"]}})


def test_alias_beside_other_records_is_refused() -> None:
    with pytest.raises(InvalidRecord, match="an alias stands alone"):
        world_of({"firma.example": {"CNAME": ["a.example"], "A": ["192.0.2.1"]}})
