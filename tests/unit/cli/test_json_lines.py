"""JSON lines: what is unknown is null, and no control character is left raw."""

import json
from typing import Any

import pytest

from hunter.cli.json_lines import json_line
from hunter.core.evidence import MailEvidence
from hunter.core.signals import Absent, Found
from tests.support.builders import UNKNOWN, dmarc_policy, mail_evidence
from tests.support.cases import judged


def line(mail: MailEvidence, domain: str = "firma.example") -> str:
    assessment, seen = judged(mail, domain)
    return json_line(assessment, seen, text="Firma.Example", reason="Çünkü.", elapsed_seconds=0.0126)


def fields(mail: MailEvidence) -> dict[str, Any]:
    read: dict[str, Any] = json.loads(line(mail))
    return read


def test_what_was_handed_in_reason_and_time_are_told() -> None:
    found = fields(mail_evidence())
    assert (found["domain"], found["input"], found["reason"], found["elapsed_ms"]) == (
        "firma.example",
        "Firma.Example",
        "Çünkü.",
        13,
    )


def test_unknown_is_null_and_absent_is_false() -> None:
    found = fields(mail_evidence(spf=UNKNOWN, dkim=Absent("nxdomain"), dmarc=UNKNOWN))
    assert (found["spf"], found["dkim"], found["dmarc_policy"], found["dmarc_coverage"]) == (None, False, None, None)
    assert found["signals_unknown"] == ["spf", "dmarc"]
    assert found["signals"]["spf"] == {"state": "unknown", "reason": "timeout", "raw": []}
    assert found["signals"]["dkim"] == {"state": "absent", "reason": "nxdomain", "raw": []}


def test_mail_hosts_are_null_when_unknown_and_empty_when_absent() -> None:
    assert fields(MailEvidence(mx=UNKNOWN))["mx_records"] is None
    assert fields(mail_evidence(mx=Absent("nodata")))["mx_records"] == []
    assert fields(mail_evidence(mx=("mx.yandex.net", "mx2.yandex.net")))["mx_records"] == [
        "mx.yandex.net",
        "mx2.yandex.net",
    ]


def test_a_broken_spf_is_false_with_its_code_and_its_texts() -> None:
    found = fields(mail_evidence(spf=Absent("multiple", ("v=spf1 -all", "v=spf1 mx -all"))))
    assert found["spf"] is False
    assert found["signals"]["spf"] == {
        "state": "absent",
        "reason": "multiple",
        "raw": ["v=spf1 -all", "v=spf1 mx -all"],
    }


def test_the_published_policy_and_its_testing_flag_stand_side_by_side() -> None:
    found = fields(mail_evidence(dmarc=dmarc_policy("reject", coverage=40, is_testing=True, domain="grup.example")))
    assert (found["dmarc_policy"], found["dmarc_coverage"], found["dmarc_testing"], found["dmarc_domain"]) == (
        "reject",
        40,
        True,
        "grup.example",
    )


def test_turkish_letters_are_not_escaped() -> None:
    assert '"reason":"Çünkü."' in line(mail_evidence())


@pytest.mark.parametrize("raw", ["\x1b[2J", "\x9b31m", "\x7f", "\u202e", "\u2028", "\udc80", "\U000e0001\n"])
def test_no_control_character_is_left_raw_and_none_is_lost(raw: str) -> None:
    dmarc = Found(dmarc_policy(), (f"v=DMARC1; p=reject{raw}",))
    text = line(mail_evidence(dmarc=dmarc))
    assert text.isprintable()
    assert json.loads(text)["signals"]["dmarc"]["raw"] == [f"v=DMARC1; p=reject{raw}"]
