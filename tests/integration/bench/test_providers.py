"""Labelled rows over real sockets: served by the lab, collected, judged, counted."""

import json
from pathlib import Path
from typing import Any

import pytest

from bench.providers import judge_rows, measure_providers
from bench.report import Standing
from hunter.core.errors import InvalidInput
from hunter.lab.world_sources.truth_rows import read_truth_rows
from tests.support.rulebooks import shipped_rulebook


def row(name: str, provider: str, host: str, **more: Any) -> dict[str, Any]:
    return {
        "domain": f"{name}.example",
        "mx": [{"host": host, "pref": None}],
        "truth_provider": provider,
        "truth_confidence": 0.97,
        "truth_basis": ["mx_direct"],
    } | more


ROWS = [
    row(
        "microsoft", "M365", "microsoft-example.mail.protection.outlook.com",
        spf="v=spf1 include:spf.protection.outlook.com -all", spf_include_tree=["spf.protection.outlook.com"],
        dkim={"selector1": "selector1-microsoft-example._domainkey.firma.onmicrosoft.com"},
        autodiscover={"autodiscover_cname": "autodiscover.outlook.com"},
    ),
    row(
        "google", "Google", "aspmx.l.google.com",
        spf="v=spf1 include:_spf.google.com ~all", spf_include_tree=["_spf.google.com"],
        txt_verifications={"microsoft": "(present)"},
    ),
    row("posta", "Other:UzmanPosta", "mx.uzmanposta.com"),
    row("gizli", "Unknown", "mx1.hc123-45.iphmx.com", truth_gateway="cisco", truth_basis=["gateway"]),
    row("kapali", "Unknown", "", mx=[], truth_basis=["no_mx"]),
]  # fmt: skip


@pytest.fixture
def data(tmp_path: Path) -> Path:
    path = tmp_path / "rows.jsonl"
    path.write_text("\n".join(json.dumps(row) for row in ROWS), "utf-8")
    return path


async def test_rows_are_judged_by_what_is_asked_over_the_wire(data: Path) -> None:
    hidden = {"google.example": "mail.google.example"}

    judged = await judge_rows(read_truth_rows(data), hidden, shipped_rulebook().signatures)

    verdicts = {row.domain: (found.provider.value, found.reason, found.gateway) for row, found in judged}
    assert verdicts == {
        "microsoft.example": ("M365", None, None),
        "google.example": ("Local", None, None),
        "posta.example": ("Hosting", None, None),
        "gizli.example": ("Unknown", "behind_gateway", "cisco"),
        "kapali.example": ("Unknown", "no_mail", None),
    }


async def test_every_figure_is_counted(data: Path) -> None:
    figures = await measure_providers(data, shipped_rulebook().signatures)

    assert {figure.name: figure.done for figure in figures if "answer" not in figure.name} == {
        "M365, by provider: precision": "1 of 1",
        "M365, by provider: recall": "1 of 1",
        "provider, merged: accuracy": "5 of 5",
        "gateway named": "1 of 1",
        "false gateways": "0 of 4",
        "M365, MX hidden behind a gateway, by provider: precision": "1 of 1",
        "M365, MX hidden behind a gateway, by provider: recall": "1 of 1",
        "M365, MX hidden behind mail.<domain>, by provider: precision": "1 of 1",
        "M365, MX hidden behind mail.<domain>, by provider: recall": "1 of 1",
    }
    assert {figure.standing for figure in figures} == {Standing.FLOOR}


async def test_a_file_without_scorable_rows_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_text(json.dumps(ROWS[3]), "utf-8")

    with pytest.raises(InvalidInput, match="no row with full evidence"):
        await measure_providers(path, shipped_rulebook().signatures)
