"""Which DKIM names are asked, and what the answers prove.

Absent needs both denials, that above all selectors and that of the guess; all else that is not found is unknown.
"""

from collections.abc import Callable

import pytest

from hunter.collectors.mail.answer import Answer
from hunter.collectors.mail.dkim_plan import DKIMPlan
from hunter.core.evidence import DKIMTarget
from hunter.core.signals import Absent, Found, Unknown
from tests.unit.collectors.mail.messages import denied, empty, failed, found, key

SELECTORS = ("selector1", "selector2", "google", *(f"s{number}" for number in range(27)))
MICROSOFT = ("selector1", "selector2")


def run(guesses: tuple[str, ...], answer: Callable[[str], Answer]) -> tuple[DKIMPlan, list[tuple[str, ...]]]:
    """Ask a plan's questions until it has none; returns it and the labels of each batch, probes as `?`."""
    plan = DKIMPlan(guesses, SELECTORS)
    batches = []
    while pending := plan.pending():
        batches.append(tuple("?" if is_probe(label) else label for label in pending))
        plan.receive([answer("?" if is_probe(label) else label) for label in pending])
    return plan, batches


def is_probe(label: str) -> bool:
    """Whether the label was made up."""
    return label != "" and label not in SELECTORS


def answers(default: Answer, **by_label: Answer) -> Callable[[str], Answer]:
    """Answer labels by name; `node` is `_domainkey` itself, `probe` a made-up label."""
    names = {"node": "", "probe": "?"}
    known = {names.get(label, label): answer for label, answer in by_label.items()}
    return lambda label: known.get(label, default)


def selectors_of(plan: DKIMPlan) -> list[str]:
    """The selectors whose keys were found."""
    signal = plan.keys()
    assert isinstance(signal, Found)
    return [one.selector for one in signal.value]


def test_key_under_the_guess_ends_the_search() -> None:
    plan, batches = run(MICROSOFT, answers(denied(), selector1=key("selector1-firma-example._domainkey.t.example")))
    assert batches == [("selector1",)]
    assert selectors_of(plan) == ["selector1"]


def test_second_selector_is_asked_only_where_the_first_is_missing() -> None:
    plan, batches = run(MICROSOFT, answers(denied(), node=empty(), selector2=key()))
    assert batches[:2] == [("selector1",), ("selector2", "")]
    assert selectors_of(plan) == ["selector2"]


def test_absent_needs_denial_above_and_of_the_guess() -> None:
    plan, batches = run(MICROSOFT, answers(denied()))
    assert plan.keys() == Absent("nxdomain")
    assert sum(map(len, batches)) == 3


def test_absent_with_nodata_at_the_guess() -> None:
    assert run(("google",), answers(empty(), node=denied()))[0].keys() == Absent("nxdomain")


def test_key_below_a_lying_denial_is_found() -> None:
    """Some servers deny `_domainkey` though a selector stands below it."""
    plan, _ = run(("google",), answers(denied(), google=key()))
    assert selectors_of(plan) == ["google"]


@pytest.mark.parametrize("label", ["selector1", "node"])
def test_failure_of_guess_or_probe_is_unknown_not_absent(label: str) -> None:
    plan, _ = run(MICROSOFT, answers(denied(), **{label: failed("servfail")}))
    assert plan.keys() == Unknown("servfail")


def test_failure_among_the_others_is_unknown() -> None:
    plan, _ = run(("google",), answers(denied(), node=empty(), s9=failed("timeout")))
    assert plan.keys() == Unknown("timeout")


def test_something_below_but_no_known_selector_is_unknown_after_all_thirty() -> None:
    plan, batches = run(MICROSOFT, answers(denied(), node=empty()))
    asked = [label for batch in batches for label in batch]
    assert plan.keys() == Unknown("selector_not_known")
    assert set(asked) == {*SELECTORS, "", "?"}
    assert len(asked) == len(set(asked))
    assert max(len(batch) for batch in batches) <= 10


def test_others_are_not_asked_once_a_batch_holds_a_key() -> None:
    plan, batches = run(("google",), answers(denied(), node=empty(), s2=key()))
    assert selectors_of(plan) == ["s2"]
    assert not {"s20", "s26"} & {label for batch in batches for label in batch}


def test_wildcard_that_holds_a_key_is_no_key() -> None:
    plan, batches = run(MICROSOFT, lambda label: key())
    assert plan.keys() == Unknown("wildcard")
    assert ("?",) in batches


def test_key_beside_a_wildcard_with_another_text_is_found() -> None:
    plan, _ = run(("google",), answers(found(b"v=spf1 -all"), google=key()))
    assert selectors_of(plan) == ["google"]


def test_key_is_not_believed_when_the_stranger_could_not_be_asked() -> None:
    plan, _ = run(MICROSOFT, answers(failed("timeout"), selector1=key()))
    assert plan.keys() == Unknown("wildcard")


def test_revoked_key_is_no_key() -> None:
    """And its text proves that something stands below `_domainkey`, whatever that itself says."""
    plan, _ = run(("google",), answers(denied(), google=found(b"v=DKIM1; p=")))
    assert plan.keys() == Unknown("selector_not_known")


def test_dangling_alias_is_kept_as_target() -> None:
    target = "selector1-firma-example._domainkey.t.example"
    plan, _ = run(MICROSOFT, answers(denied(), selector1=denied("hop.example", target)))
    assert plan.targets() == Found((DKIMTarget("selector1", target),))
    assert plan.keys() == Absent("nxdomain")


def test_without_aliases_a_failure_leaves_the_targets_unknown() -> None:
    assert run(MICROSOFT, answers(denied()))[0].targets() == Absent("nodata")
    assert run(MICROSOFT, answers(denied(), selector1=failed()))[0].targets() == Unknown("timeout")


def test_denial_of_an_alias_s_target_denies_nothing_below_the_alias() -> None:
    """`_domainkey` is there, as an alias; what does not exist is where it leads."""
    plan, batches = run(("google",), answers(denied(), node=denied("gone.example")))
    assert plan.keys() == Unknown("selector_not_known")
    assert {label for batch in batches for label in batch} >= set(SELECTORS)


def test_wildcard_alias_that_dangles_is_recognised() -> None:
    plan, batches = run(("google",), lambda label: denied("gone.example"))
    assert plan.keys() == Unknown("wildcard")
    assert sum(map(len, batches)) < 15
