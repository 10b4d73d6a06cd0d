"""Chances are fixed by a seed, keep their shares, and mean the same to the server and to whoever asks it."""

from collections import Counter

import pytest

from hunter.core.errors import InvalidInput
from hunter.lab.dns.faults import Fault, FaultDice, Faults, is_dead, parse_lies
from hunter.lab.dns.wire import name_to_wire

DOMAINS = [f"f{number:07}.example" for number in range(20_000)]


def _question(name: str) -> bytes:
    return name_to_wire(name) + b"\x00\x0f\x00\x01"


def _domain_of(question: bytes) -> bytes | None:
    labels = question[:-4].split(b"\x08f")
    return b"f" + labels[1][:7] + b".example" if len(labels) == 2 else None


@pytest.mark.parametrize("share", [0.01, 0.02, 0.3])
def test_dead_domains_have_their_share(share: float) -> None:
    dead = sum(is_dead(domain, share=share) for domain in DOMAINS)
    assert dead == pytest.approx(share * len(DOMAINS), rel=0.2)


def test_dead_domains_are_the_same_in_every_run_and_others_for_another_seed() -> None:
    first, again = ([is_dead(domain, share=0.5) for domain in DOMAINS[:64]] for _ in range(2))
    assert first == again
    assert first != [is_dead(domain, share=0.5, seed=2) for domain in DOMAINS[:64]]


def test_spelling_of_a_domain_does_not_decide_its_death() -> None:
    assert all(is_dead(domain, share=0.5) is is_dead(domain.upper() + ".", share=0.5) for domain in DOMAINS[:100])


def test_server_kills_exactly_the_domains_that_the_public_function_names() -> None:
    faults = Faults(dead=0.1, seed=7)
    dice = FaultDice(faults, _domain_of)
    for domain in DOMAINS[:2000]:
        for name in (domain, f"selector1._domainkey.{domain}"):
            outcome = dice.outcome(_question(name))
            assert (outcome is not None and outcome.fault is Fault.DEAD) is faults.is_dead(domain)


def test_shared_names_never_die() -> None:
    dice = FaultDice(Faults(dead=1.0), _domain_of)
    assert dice.outcome(_question("spf.protection.outlook.com")) is None


def test_slow_domains_are_late_with_every_other_fault_too() -> None:
    faults = Faults(slow=0.5, slow_ms=250, servfail=1.0)
    dice = FaultDice(faults, _domain_of)
    for domain in DOMAINS[:200]:
        outcome = dice.outcome(_question(domain))
        assert outcome is not None
        assert (outcome.fault, outcome.slow_ms) == (Fault.SERVFAIL, 250 if faults.is_slow(domain) else 0)
    assert {faults.is_slow(domain) for domain in DOMAINS[:200]} == {True, False}


def test_faults_of_answers_keep_their_shares() -> None:
    faults = Faults(loss=0.01, servfail=0.05, truncate=0.03, lies=((Fault.WRONG_ID, 0.02),))
    dice = FaultDice(faults, _domain_of)
    outcomes = Counter(one.fault if (one := dice.outcome(_question(domain))) else None for domain in DOMAINS)
    expected = {Fault.LOST: 0.01, Fault.SERVFAIL: 0.05, Fault.TRUNCATED: 0.03, Fault.WRONG_ID: 0.02, None: 0.89}
    for fault, share in expected.items():
        assert outcomes[fault] == pytest.approx(share * len(DOMAINS), rel=0.2), fault


def test_next_try_of_a_question_is_decided_anew_and_repeatably() -> None:
    runs = []
    for _ in range(2):
        dice = FaultDice(Faults(servfail=0.5), _domain_of)
        runs.append([dice.outcome(_question("f0000001.example")) is None for _ in range(40)])
    assert runs[0] == runs[1]
    assert set(runs[0]) == {True, False}


def test_tries_of_one_question_fail_independently() -> None:
    dice = FaultDice(Faults(servfail=0.1), _domain_of)
    both = sum(
        dice.outcome(_question(domain)) is not None and dice.outcome(_question(domain)) is not None
        for domain in DOMAINS
    )
    assert both == pytest.approx(0.01 * len(DOMAINS), rel=0.25)


def test_server_without_faults_throws_no_dice() -> None:
    assert FaultDice(Faults(delay_ms=20, jitter_ms=5), _domain_of).is_idle
    assert not FaultDice(Faults(loss=0.01), _domain_of).is_idle


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        ({"loss": 1.5}, "lost is a share"),
        ({"dead": -0.1}, "dead is a share"),
        ({"servfail": 0.6, "refused": 0.6}, "sum to more than 1"),
        ({"delay_ms": -1}, "delay_ms is a number of milliseconds"),
        ({"jitter_ms": float("inf")}, "jitter_ms is a number of milliseconds"),
        ({"lies": ((Fault.SERVFAIL, 0.1),)}, "servfail is no lie"),
    ],
)
def test_impossible_faults_are_refused_by_name(options: dict[str, object], problem: str) -> None:
    with pytest.raises(InvalidInput, match=problem):
        Faults(**options)  # type: ignore[arg-type]  # The table holds one option of each type.


def test_lies_are_read_from_a_command_line() -> None:
    assert parse_lies(["wrong-id=0.05", "garbage"]) == ((Fault.WRONG_ID, 0.05), (Fault.GARBAGE, 1.0))


@pytest.mark.parametrize("text", ["nonsense=0.1", "wrong_id=much", "=0.1"])
def test_unreadable_lie_is_refused_with_the_list_of_lies(text: str) -> None:
    with pytest.raises(InvalidInput, match="NAME one of wrong_id, wrong_question"):
        parse_lies([text])
