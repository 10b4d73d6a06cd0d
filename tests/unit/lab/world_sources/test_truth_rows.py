"""Labelled rows are read from a file and put back on the wire."""

import json
from pathlib import Path
from typing import Any

import pytest

from hunter.core.errors import InvalidInput
from hunter.lab.world_sources.truth_rows import TruthRow, read_truth_rows, served_records


def written(tmp_path: Path, *rows: dict[str, Any]) -> Path:
    """Write a file of rows; each is a plain sure one but for what is given."""
    plain = {
        "domain": "firma.example",
        "mx": [{"host": "mail.firma.example", "pref": None}],
        "truth_provider": "Local",
        "truth_confidence": 0.9,
        "truth_basis": ["mx_own_name"],
    }
    path = tmp_path / "rows.jsonl"
    path.write_text("\n".join(json.dumps(plain | row) for row in rows), "utf-8")
    return path


def row(tmp_path: Path, **fields: Any) -> TruthRow:
    [read] = read_truth_rows(written(tmp_path, fields))
    return read


def test_a_row_keeps_evidence_and_label(tmp_path: Path) -> None:
    read = row(
        tmp_path,
        mx=[{"host": "MX1.Firma.Example.", "pref": None}],
        spf="v=spf1 include:_spf.firma.example -all",
        spf_include_tree=["_spf.firma.example"],
        dkim={"selector1": "selector1-firma-example._domainkey.firma.onmicrosoft.com"},
        autodiscover={"autodiscover_srv": "mail.firma.example"},
        txt_verifications={"microsoft": "(present)"},
        truth_gateway="cisco",
    )

    assert read == TruthRow(
        domain="firma.example",
        hosts=("mx1.firma.example",),
        spf="v=spf1 include:_spf.firma.example -all",
        spf_names=("_spf.firma.example",),
        dkim=(("selector1", "selector1-firma-example._domainkey.firma.onmicrosoft.com"),),
        autodiscover_cname="",
        autodiscover_srv="mail.firma.example",
        vendors=("microsoft",),
        is_mx_only=False,
        provider="Local",
        gateway="cisco",
        confidence=0.9,
        basis="mx_own_name",
    )
    assert read.is_sure


def test_an_international_name_is_read_in_its_canonical_form(tmp_path: Path) -> None:
    assert row(tmp_path, domain="çiçek.example").domain == "xn--iek-1lab.example"


def test_a_host_that_cannot_be_put_on_the_wire_is_left_out(tmp_path: Path) -> None:
    hosts = [{"host": host, "pref": None} for host in ("\\032nt.firma.example", "a..example", "mail.firma.example")]

    assert row(tmp_path, mx=hosts).hosts == ("mail.firma.example",)


@pytest.mark.parametrize("text", ["no json", "[]", '{"domain": "firma.example"}'])
def test_a_line_that_is_no_row_is_named(tmp_path: Path, text: str) -> None:
    path = written(tmp_path, {})
    path.write_text(path.read_text("utf-8") + "\n" + text, "utf-8")

    with pytest.raises(InvalidInput, match="line 2 is no row of labelled evidence"):
        read_truth_rows(path)


def test_a_missing_file_is_invalid_input(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="cannot be read"):
        read_truth_rows(tmp_path / "missing.jsonl")


def test_everything_that_was_recorded_is_served(tmp_path: Path) -> None:
    read = row(
        tmp_path,
        spf="v=spf1 include:_spf.firma.example include:_spf.shared.example -all",
        spf_include_tree=["_spf.firma.example", "_spf.shared.example", "_spf.below.example"],
        dkim={"selector1": "key.tenant.example"},
        autodiscover={"autodiscover_cname": "autod.example", "autodiscover_srv": "srv.example"},
        txt_verifications={"microsoft": "ms1", "unheard": "x"},
    )

    assert served_records([read], {}) == {
        "firma.example": {
            "MX": ["10 mail.firma.example"],
            "TXT": ["v=spf1 include:_spf.firma.example include:_spf.shared.example -all", "MS=ms00000001"],
        },
        "selector1._domainkey.firma.example": {"CNAME": ["key.tenant.example"]},
        "autodiscover.firma.example": {"CNAME": ["autod.example"]},
        "_autodiscover._tcp.firma.example": {"SRV": ["0 0 443 srv.example"]},
        "_spf.firma.example": {"TXT": ["v=spf1 include:_spf.below.example ?all"]},
        "_spf.shared.example": {"TXT": ["v=spf1 ?all"]},
        "_spf.below.example": {"TXT": ["v=spf1 ?all"]},
    }


def test_a_hidden_domain_has_one_mx_and_everything_else(tmp_path: Path) -> None:
    read = row(tmp_path, spf="v=spf1 -all")

    assert served_records([read], {"firma.example": "mx1.gate.example"}) == {
        "firma.example": {"MX": ["10 mx1.gate.example"], "TXT": ["v=spf1 -all"]}
    }


def test_a_domain_that_others_include_keeps_its_own_policy(tmp_path: Path) -> None:
    rows = read_truth_rows(
        written(
            tmp_path,
            {"domain": "a.example", "spf": "v=spf1 include:b.example", "spf_include_tree": ["b.example"]},
            {"domain": "b.example", "spf": "v=spf1 mx -all"},
        )
    )

    assert served_records(rows, {})["b.example"]["TXT"] == ["v=spf1 mx -all"]
