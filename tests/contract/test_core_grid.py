"""The full grid of providers, SPF, DKIM and DMARC, worked out a second time from the rule file in a few lines, and
a third time from written figures; and every decision table over its whole space.
"""

from itertools import product
from typing import Any

import pytest

from hunter.core.assessment import judge
from hunter.core.evidence import MailEvidence
from hunter.core.provider.providers import Provider
from tests.support.builders import ABSENT, dkim_key, dmarc_policy, mail_evidence, spf_policy
from tests.support.rule_contract import deviations
from tests.support.rule_tables import figures
from tests.support.rulebooks import rule_files, shipped_rulebook

_STATES = ("found", "absent")
_POLICIES = ("absent", "none", "quarantine", "reject")
GRID = list(product(Provider, _STATES, _STATES, _POLICIES))


def _mail(spf: str, dkim: str, dmarc: str) -> MailEvidence:
    return mail_evidence(
        spf=spf_policy("spf.posta.example") if spf == "found" else ABSENT,
        dkim=(dkim_key(),) if dkim == "found" else ABSENT,
        dmarc=ABSENT if dmarc == "absent" else dmarc_policy(dmarc),
    )


def _points_by_the_rule_file(rules: Any, **facts: str) -> int:
    rows = [*rules["signals"], *rules["risks"]]
    fired = [row["points"] for row in rows if all(facts[name] in words for name, words in row["when"].items())]
    total = rules["base"] + rules["providers"][facts["provider"]] + sum(fired)
    return int(min(max(total, rules["floor"]), rules["cap"]))


def test_every_cell_of_the_grid_equals_the_rule_file_worked_out_again() -> None:
    rules = rule_files()["scoring.json"]

    for provider, spf, dkim, dmarc in GRID:
        score = judge(provider, _mail(spf, dkim, dmarc), shipped_rulebook()).score
        assert score is not None
        expected = _points_by_the_rule_file(rules, provider=provider.value, spf=spf, dkim=dkim, dmarc=dmarc)
        assert score.points == expected, (provider, spf, dkim, dmarc)


def test_every_cell_of_the_grid_equals_the_written_check_sums() -> None:
    for provider, spf, dkim, dmarc in GRID:
        delta = figures()["delta"][f"{spf} {dkim}"][dmarc]
        if provider is Provider.HOSTING and (spf, dkim) == ("absent", "absent"):
            delta -= 10
        score = judge(provider, _mail(spf, dkim, dmarc), shipped_rulebook()).score
        assert score is not None
        assert score.points == max(figures()["providers"][provider] + delta, 0), (provider, spf, dkim, dmarc)


@pytest.mark.parametrize("dkim", _STATES)
@pytest.mark.parametrize("dmarc", _POLICIES)
def test_more_than_three_includes_cost_five_points_everywhere(dkim: str, dmarc: str) -> None:
    four = spf_policy("a.posta.example", "b.posta.example", "c.posta.example", "d.posta.example")
    mail = mail_evidence(
        spf=four,
        dkim=(dkim_key(),) if dkim == "found" else ABSENT,
        dmarc=ABSENT if dmarc == "absent" else dmarc_policy(dmarc),
    )

    for provider in Provider:
        score = judge(provider, mail, shipped_rulebook()).score
        assert score is not None
        delta = figures()["delta"][f"found {dkim}"][dmarc] - 5
        assert score.points == max(figures()["providers"][provider] + delta, 0), provider


def test_the_shipped_rules_keep_every_written_figure() -> None:
    assert list(deviations(shipped_rulebook())) == []
