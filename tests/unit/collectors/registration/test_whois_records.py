"""Whose record it is: names begin records, strangers' fields stay theirs. And how much of an answer is looked at."""

from datetime import date
from time import process_time

import pytest

from hunter.collectors.registration.registration import Outcome
from hunter.collectors.registration.whois import parse_answer

DOMAIN = "ornek-hunter.com.tr"
RECORD = (
    b"Domain Name: ornek-hunter.com.tr\nRegistrar: Deneme A.S.\n"
    b"Expiry Date: 2027-05-04\nName Server: ns1.a-hunter.net\n"
)
OTHER = b"Domain Name: baska-hunter.com.tr\nRegistrar: B\nExpiry Date: 2026-12-01\nName Server: ns1.b-hunter.net\n"
MEGABYTE = 1 << 20


@pytest.mark.parametrize("answer", [RECORD + b"\n" + OTHER, OTHER + b"\n" + RECORD], ids=["behind", "before"])
def test_fields_of_another_record_stay_out(answer: bytes) -> None:
    found = parse_answer(answer, DOMAIN)
    assert (found.registrar, found.expires_at) == ("Deneme A.S.", date(2027, 5, 4))
    assert found.nameservers == ("ns1.a-hunter.net",)


@pytest.mark.parametrize("answer", [b"Registrar: B\nExpiry Date: 2026-12-01\n", OTHER.replace(b"baska-", b"x.ornek-")])
def test_a_record_that_does_not_name_the_domain_is_not_its(answer: bytes) -> None:
    assert parse_answer(answer, DOMAIN).reason == "malformed"


def test_what_stands_before_a_strangers_name_is_the_strangers() -> None:
    answer = b"Registrar: B\n" + OTHER + b"\nDomain Name: ornek-hunter.com.tr\nExpiry Date: 2027-05-04\n"
    assert parse_answer(answer, DOMAIN).registrar is None


def test_a_server_in_another_record_is_no_referral() -> None:
    assert parse_answer(OTHER + b"Whois Server: whois.b-hunter.net\n", DOMAIN).referral is None


def test_only_the_registrys_own_pointer_leads_to_the_registry() -> None:
    assert parse_answer(b"refer: whois.a-hunter.net\n", DOMAIN).is_registry_referral
    assert not parse_answer(b"Registrar WHOIS Server: whois.a-hunter.net\n", DOMAIN).is_registry_referral


def test_a_host_with_a_control_character_in_it_is_dropped() -> None:
    answer = RECORD + b"Name Server: ns1.\x1b[31mornek-hunter.com.tr\nName Server: ns2.\x00b-hunter.net\n"
    assert parse_answer(answer, DOMAIN).nameservers == ("ns1.a-hunter.net",)


def test_a_template_that_nobody_filled_in_is_no_registrar() -> None:
    answer = RECORD.replace(b"Deneme A.S.", b"%registrar%")
    assert parse_answer(answer, DOMAIN).registrar is None


@pytest.mark.parametrize(
    "filler", [b"% filler\r\n" * 90_000, b"\n" * 900_000, b"x" * 900_000 + b"\n"], ids=["lines", "blank", "one"]
)
def test_a_long_answer_hides_no_record_in_front_of_it(filler: bytes) -> None:
    found = parse_answer(RECORD + filler, DOMAIN)
    assert (found.expires_at, found.gap) == (date(2027, 5, 4), "too_large")


def test_what_is_far_behind_is_not_read() -> None:
    assert parse_answer(b"% filler\n" * 20_000 + RECORD, DOMAIN).reason == "too_large"


def test_a_long_answer_makes_no_domain_free() -> None:
    assert parse_answer(b"No match for ornek-hunter.com.tr\n" + b"% filler\n" * 20_000, DOMAIN).reason == "too_large"


def test_states_and_their_proofs_are_bounded() -> None:
    states = b"".join(b"Domain Status: s%d\n" % number for number in range(3000))
    days = b"Expiry Date: 2027-05-04\n" * 900
    found = parse_answer(RECORD + states + days, DOMAIN)
    assert len(found.statuses) == 64
    assert len(found.proof.expires_at) == 16


NASTY = {
    "fields": b"a: b\n",
    "hosts": b"Name Server: " + b" ".join(b"ns%d.x-hunter.net" % number for number in range(60)) + b"\n",
    "labels": ("Name Server: " + " ".join("ü" * 50 + f"{number}.com" for number in range(8)) + "\n").encode(),
    "dots": ("Name Server: " + ("ü." * 100 + "com ") * 4 + "\n").encode(),
    "names": "Domain Name: üüüüü.com.tr\n".encode(),
    "long names": ("Domain Name: " + "ü" * 60 + ".com.tr\n").encode(),
    "limits": b"limit " * 40 + b"\n",
    "sentences": ("no match found for " + "ü" * 60 + ".com.tr\n").encode(),
    "states": b"Domain Status: clientHold" + b"A" * 900 + b"\n",
    "days": b"Expiry Date: 2027-01-01 " + b"9" * 700 + b"\n",
    "escapes": b"Registrar: " + b"\x1b[" + b";" * 900 + b"\n",
    "titles": b"Registrar: " + b"\x1b]" * 450 + b"\n",
    "accents": ("Registrar: a" + "\u0301\u0323" * 240 + "\n").encode(),
    "spaces": b" " * 999 + b"x\n",
    "tags": b"Registrar: " + b" [tag = " * 100 + b"\n",
    "blank": b"\n",
    "one line": b"x",
}


@pytest.mark.parametrize("name", NASTY)
def test_no_answer_holds_the_loop_up(name: str) -> None:
    answer = (RECORD + NASTY[name] * (MEGABYTE // len(NASTY[name])))[:MEGABYTE]
    spent = []
    for _ in range(3):
        since = process_time()
        found = parse_answer(answer, DOMAIN)
        spent.append(process_time() - since)
    assert found.outcome is Outcome.FOUND
    # CPU time of this process, a twentieth of it on the machine that this was written on: unbounded, it was seconds.
    assert min(spent) < 1.0


@pytest.mark.parametrize("name", NASTY)
def test_no_answer_without_a_record_holds_the_loop_up(name: str) -> None:
    answer = (NASTY[name] * (MEGABYTE // len(NASTY[name])))[:MEGABYTE]
    spent = []
    for _ in range(3):
        since = process_time()
        found = parse_answer(answer, DOMAIN)
        spent.append(process_time() - since)
    assert found.outcome is Outcome.UNAVAILABLE
    assert min(spent) < 1.0
