"""JSON lines: what is unknown is null, and no control character is left raw."""

import json
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from hunter.cli.json_lines import json_line
from hunter.core.assessment import assess
from hunter.core.evidence import (
    AddressFacts,
    Evidence,
    MailEvidence,
    NetworkEvidence,
    Realm,
    RegistrationEvidence,
    Tenant,
)
from hunter.core.signals import Absent, Found, Unknown
from hunter.core.surveyed import Timing
from tests.support.builders import COLLECTED_AT, UNKNOWN, dmarc_policy, evidence, mail_evidence
from tests.support.cases import judged
from tests.support.rulebooks import shipped_rulebook

NO_TIME = Timing(0.0)


def line(mail: MailEvidence, domain: str = "firma.example") -> str:
    assessment, seen = judged(mail, domain)
    return json_line(
        assessment, seen, text="Firma.Example", reason="Çünkü.", elapsed_seconds=0.0126, timing=Timing(0.0121)
    )


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


def whole(seen: Evidence, timing: Timing = NO_TIME) -> dict[str, Any]:
    assessment = assess(seen, shipped_rulebook(), COLLECTED_AT)
    read: dict[str, Any] = json.loads(json_line(assessment, seen, text="", reason="", elapsed_seconds=0, timing=timing))
    return read


def with_registration(registration: RegistrationEvidence) -> dict[str, Any]:
    return whole(replace(evidence(), registration=registration))


def test_what_the_registry_told_is_told() -> None:
    found = with_registration(
        RegistrationEvidence(
            Found("Örnek Kayıt A.Ş."), Found(date(2026, 4, 1)), Found(("ns1.firma.example",)), Found(("client hold",))
        )
    )
    assert [found[key] for key in ("registrar", "expires_at", "expires_in_days")] == [
        "Örnek Kayıt A.Ş.",
        "2026-04-01",
        30,
    ]
    assert (found["nameservers"], found["registration_statuses"]) == (["ns1.firma.example"], ["client hold"])
    assert found["whois_status"] == "success"


def test_a_name_that_is_not_registered_is_no_failure() -> None:
    found = with_registration(RegistrationEvidence(*[Absent("not_registered")] * 4))
    assert (found["whois_status"], found["registrar"], found["nameservers"]) == ("success", None, [])
    assert found["signals"]["expires_at"] == {"state": "absent", "reason": "not_registered", "raw": []}


def test_a_registry_that_failed_leaves_null_and_says_so() -> None:
    found = with_registration(RegistrationEvidence(*[Unknown("rate_limited", ("whois: rate_limited",))] * 4))
    assert (found["whois_status"], found["nameservers"], found["expires_at"]) == ("failed", None, None)
    assert found["signals"]["registrar"]["reason"] == "rate_limited"


def test_a_registry_that_nobody_asked_was_skipped() -> None:
    assert whole(evidence())["whois_status"] == "skipped"


def test_a_tenant_carries_its_realm_and_is_null_otherwise() -> None:
    seen = evidence(tenant=Tenant("0f2b", region="EU"))
    deep = replace(seen, microsoft=replace(seen.microsoft, realm=Found(Realm("managed", "Firma", is_viral=False))))
    assert whole(deep)["tenant"] == {
        "tenant_id": "0f2b",
        "region": "EU",
        "sub_scope": None,
        "cloud": None,
        "domain": None,
        "realm": {"namespace_type": "managed", "brand": "Firma", "sign_in_host": None, "is_viral": False},
    }
    assert whole(seen)["tenant"]["realm"] is None
    assert whole(evidence(tenant=Absent("no_tenant")))["tenant"] is None


def test_mail_and_web_are_kept_apart_and_summed_up() -> None:
    mail = AddressFacts("192.0.2.7", isp="Ege Telekom", country="TR", usage_type="COM")
    seen = evidence(network=NetworkEvidence(mx=Found(mail), web=Unknown("not_listed")))
    found = whole(seen)
    assert found["infrastructure_summary"] == "Hosted on Commercial, ISP: Ege Telekom, Country: TR"
    assert (found["infrastructure"]["mx"]["isp"], found["infrastructure"]["web"]) == ("Ege Telekom", None)
    assert found["signals"]["web_network"]["reason"] == "not_listed"


def test_times_are_told_by_kind() -> None:
    timing = whole(evidence(), Timing(0.0634, registration=8.0021, rate_limit_wait=1.5))["timing_ms"]
    assert timing == {"mail": 63, "registration": 8002, "microsoft": None, "network": None, "rate_limit_wait": 1500}
