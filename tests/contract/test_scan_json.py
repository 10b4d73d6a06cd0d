"""The JSON of `hunter scan` is a promise: every field always there, of its kind, null exactly where unknown."""

import json
from dataclasses import fields
from functools import cache
from typing import Any

from hunter.cli.screen.json_lines import json_line
from hunter.core.assessment import Assessment
from hunter.core.evidence import Evidence, MailEvidence
from hunter.core.signals import Absent, Found, Unknown
from hunter.core.surveyed import Timing
from hunter.sales.reason import reason
from tests.support.cases import cases
from tests.support.words import wording

TEXT, NUMBER, FLAG, LIST, NULL = "str", "int", "bool", "list", "NoneType"
#: The fixed fields with the kinds of value that they may hold.
FIELDS: dict[str, set[str]] = {
    "domain": {TEXT},
    "input": {TEXT},
    "scan_status": {TEXT},
    "provider": {TEXT},
    "mail_service": {TEXT, NULL},
    "provider_confidence": {TEXT},
    "provider_evidence": {LIST},
    "gateway": {TEXT, NULL},
    "local_provider": {TEXT, NULL},
    "m365": {"dict"},
    "tenant_size": {TEXT, NULL},
    "mx_records": {LIST, NULL},
    "mx_root": {TEXT, NULL},
    "spf": {FLAG, NULL},
    "dkim": {FLAG, NULL},
    "dmarc_policy": {TEXT, NULL},
    "dmarc_coverage": {NUMBER, NULL},
    "registrar": {TEXT, NULL},
    "expires_at": {TEXT, NULL},
    "expires_in_days": {NUMBER, NULL},
    "nameservers": {LIST, NULL},
    "registration_statuses": {LIST, NULL},
    "whois_status": {TEXT},
    "tenant": {"dict", NULL},
    "infrastructure_summary": {TEXT, NULL},
    "infrastructure": {"dict"},
    "timing_ms": {"dict"},
    "signals": {"dict"},
    "signals_unknown": {LIST},
    "score": {NUMBER, NULL},
    "segment": {TEXT, NULL},
    "reason": {TEXT},
    "contributions": {LIST},
    "priority_score": {NUMBER, NULL},
    "technical_heat": {TEXT, NULL},
    "commercial_segment": {TEXT, NULL},
    "commercial_heat": {TEXT, NULL},
    "priority_category": {TEXT, NULL},
    "priority_label": {TEXT, NULL},
    "rulebook_version": {TEXT},
    "elapsed_ms": {NUMBER},
}
#: Null where MX is unknown.
JUDGED = (
    "score",
    "segment",
    "priority_score",
    "technical_heat",
    "commercial_segment",
    "commercial_heat",
    "priority_category",
    "priority_label",
    "mx_root",
    "tenant_size",
    "local_provider",
)
SIGNALS = {
    "mx", "spf", "dkim", "dmarc", "autodiscover", "ns",
    "registrar", "expires_at", "nameservers", "statuses", "tenant", "realm", "mx_network", "web_network",
}  # fmt: skip


@cache
def objects() -> tuple[tuple[Assessment, Evidence, dict[str, Any]], ...]:
    """The grid as a reader of the output sees it."""
    return tuple((one, seen, as_read(one, seen)) for one, seen in cases())


def as_read(assessment: Assessment, evidence: Evidence) -> dict[str, Any]:
    why = reason(assessment, evidence, wording())
    line = json_line(
        assessment, evidence, text=assessment.domain, reason=why, elapsed_seconds=0.05, timing=Timing(0.04)
    )
    found: dict[str, Any] = json.loads(line)
    return found


def test_every_field_is_always_there_and_of_its_kind() -> None:
    for _, _, found in objects():
        for field, kinds in FIELDS.items():
            assert type(found[field]).__name__ in kinds, field


def test_mx_unknown_leaves_null_what_hangs_on_it_and_names_what_is_unknown() -> None:
    unread = [found for _, seen, found in objects() if isinstance(seen.mail.mx, Unknown)]
    assert unread
    for found in unread:
        assert {field: found[field] for field in JUDGED} == dict.fromkeys(JUDGED)
        assert (found["scan_status"], found["provider"], found["gateway"]) == ("dns_timeout", "Unknown", None)
        assert (found["m365"]["state"], found["m365"]["confidence"], found["contributions"]) == ("unknown", "low", [])
        assert found["signals_unknown"][0] == "mx"


def test_mx_known_leaves_nothing_null_but_the_size_and_names() -> None:
    for _, seen, found in objects():
        if not isinstance(seen.mail.mx, Unknown):
            nulls = {field for field in JUDGED if found[field] is None}
            assert nulls <= {"mx_root", "tenant_size", "local_provider"}
            assert (found["mx_root"] is None) is isinstance(seen.mail.mx, Absent)


def test_null_means_unknown_for_every_signal() -> None:
    for _, seen, found in objects():
        for field, signal in (("spf", seen.mail.spf), ("dkim", seen.mail.dkim)):
            wanted = None if isinstance(signal, Unknown) else isinstance(signal, Found)
            assert found[field] is wanted
        assert (found["dmarc_policy"] is None) is not isinstance(seen.mail.dmarc, Found)
        for name in ("spf", "dkim", "dmarc"):
            assert (found["signals"][name]["state"] == "unknown") is (name in found["signals_unknown"])


def test_signals_carry_state_reason_and_raw_texts() -> None:
    for _, _, found in objects():
        assert set(found["signals"]) >= SIGNALS
        for signal in found["signals"].values():
            assert set(signal) == {"state", "reason", "raw"}
            assert (signal["reason"] is None) is (signal["state"] == "found")
            assert isinstance(signal["raw"], list)


def test_every_signal_of_mail_is_on_the_line() -> None:
    mail = {signal.name for signal in fields(MailEvidence)}
    joined = {"autodiscover_cname", "autodiscover_srv"}
    for _, _, found in objects():
        assert set(found["signals"]) >= (mail - joined) | {"autodiscover"}


def test_contributions_sum_to_the_score() -> None:
    for _, _, found in objects():
        if found["score"] is not None:
            assert sum(one["points"] for one in found["contributions"]) == found["score"]
            assert all(set(one) == {"code", "points", "signal"} for one in found["contributions"])


def test_the_answer_for_microsoft_has_its_three_fields_and_words_for_confidence() -> None:
    for _, _, found in objects():
        assert set(found["m365"]) == {"state", "confidence", "reasons"}
        assert found["m365"]["state"] in ("yes", "likely", "no", "unknown")
        assert {found["m365"]["confidence"], found["provider_confidence"]} <= {"high", "medium", "low"}
