"""No rule stands there unguarded: whatever is changed in a rule file, loading refuses it or a promise turns red."""

import pytest

from hunter.core.errors import RulebookError
from hunter.core.rulebook import NETWORK_FILE, RULE_FILES
from hunter.rules.load import SIGNATURE_FILES
from tests.support.rule_contract import deviations
from tests.support.rule_mutations import Mutant, mutants, one_of_each_kind
from tests.support.rulebooks import all_files, rebuilt, rule_files, told_by


@pytest.mark.parametrize("file", RULE_FILES)
def test_every_single_fault_in_a_rule_file_is_noticed(file: str) -> None:
    fates = {mutant.title: _fate(mutant) for mutant in mutants(rule_files(), file)}

    assert [title for title, fate in fates.items() if fate == "survived"] == []
    # Both guards are at work: a loader that refused everything, or nothing, would show here.
    assert set(fates.values()) == {"refused", "red"}


@pytest.mark.parametrize(
    ("file", "fault"),
    [
        ("scoring.json", "providers.M365: 51"),
        ("scoring.json", "spf_crowded_above: 2"),
        ("scoring.json", "risks.5.when: without provider"),
        ("segments.json", "segments.rules.2.when.score.to: 60"),
        ("segments.json", "segments.rules: [1] behind [2]"),
        ("priority.json", "priority.rules.11.priority: 6"),
        ("commercial.json", "technical_heat.default.is: Hot"),
        ("tags.json", "tags.2.when.expiry: with later"),
        ("expiry.json", "soon_below: 31"),
        ("sizes.json", "medium_up_to: 501"),
        ("sizes.json", "estimates.google_other: medium"),
        ("free_mail.json", "free_mail: without [0] gmail.com"),
    ],
)
def test_faults_reach_every_kind_of_rule(file: str, fault: str) -> None:
    titles = {mutant.title for mutant in mutants(rule_files(), file)}

    assert f"{file}: {fault}" in titles


@pytest.mark.parametrize("file", [*SIGNATURE_FILES, NETWORK_FILE])
def test_every_kind_of_value_in_the_other_files_reaches_the_loaded_rules(file: str) -> None:
    told = told_by(all_files())

    survived = [mutant.title for mutant in one_of_each_kind(all_files(), file) if _loads_alike(mutant, told)]

    assert survived == []


def _loads_alike(mutant: Mutant, told: str) -> bool:
    try:
        return told_by(mutant.files) == told
    except RulebookError:
        return False


def _fate(mutant: Mutant) -> str:
    try:
        rulebook = rebuilt(mutant.files)
    except RulebookError:
        return "refused"
    return "red" if next(deviations(rulebook), None) else "survived"
