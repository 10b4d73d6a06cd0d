"""Answers in the layouts of the registries, read without a network: `expected.toml` says what each of them tells."""

import tomllib
from pathlib import Path
from typing import Any

import pytest

from hunter.collectors.registration.registration import REASONS, Outcome, Registration
from hunter.collectors.registration.whois import parse_answer

FOLDER = Path(__file__).with_name("whois")
EXPECTED: dict[str, dict[str, Any]] = tomllib.loads((FOLDER / "expected.toml").read_text(encoding="utf-8"))


def answer_of(name: str, line_end: str = "\n") -> bytes:
    text = (FOLDER / f"{name}.txt").read_text(encoding="utf-8")
    return text.replace("\n", line_end).encode(EXPECTED[name].get("encoding", "utf-8"))


def told(registration: Registration) -> dict[str, Any]:
    """What a registration says, without the texts that prove it."""
    return {
        "outcome": registration.outcome.value,
        "reason": registration.reason,
        "registrar": registration.registrar,
        "expires_at": registration.expires_at,
        "nameservers": list(registration.nameservers),
        "statuses": list(registration.statuses),
        "referral": registration.referral,
    }


def expected(name: str) -> dict[str, Any]:
    empty = {"outcome": "found", "reason": None, "registrar": None, "expires_at": None, "referral": None}
    given = {key: value for key, value in EXPECTED[name].items() if key not in ("domain", "encoding")}
    return {**empty, "nameservers": [], "statuses": [], **given}


@pytest.mark.parametrize("line_end", ["\n", "\r\n"], ids=["lf", "crlf"])
@pytest.mark.parametrize("name", EXPECTED)
def test_the_answer_is_read(name: str, line_end: str) -> None:
    assert told(parse_answer(answer_of(name, line_end), EXPECTED[name]["domain"])) == expected(name)


def test_every_answer_has_its_expectation() -> None:
    assert {path.stem for path in FOLDER.glob("*.txt")} == set(EXPECTED)


@pytest.mark.parametrize("name", [name for name in EXPECTED if EXPECTED[name].get("outcome", "found") == "found"])
def test_what_was_read_is_proved_by_its_line(name: str) -> None:
    registration = parse_answer(answer_of(name), EXPECTED[name]["domain"])
    lines = {
        " ".join(line.split()) for line in answer_of(name).decode(EXPECTED[name].get("encoding", "utf-8")).split("\n")
    }
    proofs = (*registration.proof.registrar, *registration.proof.expires_at, *registration.proof.nameservers)
    assert proofs
    assert {proof for proof in proofs if proof not in lines} == set()


@pytest.mark.parametrize("name", [name for name in EXPECTED if EXPECTED[name].get("reason") == "rate_limited"])
@pytest.mark.parametrize("statement", ["No match.", 'No match found for "{domain}"', "Status: free", "NOT FOUND"])
def test_a_quota_never_makes_a_domain_free(name: str, statement: str) -> None:
    domain = EXPECTED[name]["domain"]
    for answer in (
        answer_of(name) + statement.format(domain=domain).encode(),
        statement.format(domain=domain).encode() + b"\r\n" + answer_of(name),
    ):
        assert parse_answer(answer, domain).outcome is not Outcome.NOT_REGISTERED


@pytest.mark.parametrize("name", EXPECTED)
def test_no_prefix_of_an_answer_makes_a_registered_domain_free(name: str) -> None:
    answer = answer_of(name)
    domain = EXPECTED[name]["domain"]
    ends = [*range(0, len(answer), 7), len(answer)]
    outcomes = {parse_answer(answer[:end], domain).outcome for end in ends}
    is_free = EXPECTED[name].get("outcome") == "not_registered"
    assert (Outcome.NOT_REGISTERED in outcomes) is is_free


def test_every_reason_is_a_known_one() -> None:
    assert {EXPECTED[name]["reason"] for name in EXPECTED if "reason" in EXPECTED[name]} <= set(REASONS)
