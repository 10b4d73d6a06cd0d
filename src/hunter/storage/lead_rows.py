"""An assessed domain as rows of the contract tables.

In: evidence, assessment, and the record that stood before. Out: the record that stands now, the changes between the two
looks, and rows by table. What a failed look-up leaves is decided in `core/lead_record.py`.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, Final

from hunter.core.assessment import Assessment
from hunter.core.changes import Change
from hunter.core.evidence import Evidence
from hunter.core.lead_record import LeadRecord, ScoreRecord, changes_of, keeps_score, record_of
from hunter.core.signals import Found
from hunter.core.snapshot.document import evidence_to_json
from hunter.core.snapshot.microsoft_codec import write_tenant
from hunter.storage.statements import json_text, storable

Row = Mapping[str, Any]
_LONGEST_WORD: Final = 255


@dataclass(frozen=True, slots=True)
class AssessedDomain:
    """What a scan brings home."""

    evidence: Evidence
    assessment: Assessment
    #: Rendered in Turkish when it is stored.
    reason: str
    #: What the business may bring in a year, whole euros; None without an estimate.
    annual_low_eur: int | None = None
    annual_high_eur: int | None = None


@dataclass(frozen=True, slots=True)
class ScanRows:
    """One scan, ready to be written."""

    assessed: AssessedDomain
    before: LeadRecord
    record: LeadRecord
    #: True where the last score stays, because this scan could not judge.
    keeps_score: bool
    changes: tuple[Change, ...]

    @property
    def domain(self) -> str:
        """Return its domain."""
        return self.record.domain

    @property
    def at(self) -> datetime:
        """Return when the evidence was collected."""
        return self.assessed.evidence.collected_at

    @property
    def judged_at(self) -> datetime:
        """Return when it was judged, which is later where it is judged again."""
        return self.assessed.assessment.as_of

    @property
    def is_first(self) -> bool:
        """True where the domain was never scanned before."""
        return self.before.scanned_at is None

    @property
    def has_new_score(self) -> bool:
        """True where this scan gave the score that stands."""
        return self.assessed.assessment.score is not None and not self.keeps_score


def rows_of(assessed: AssessedDomain, before: LeadRecord) -> ScanRows:
    """Lay out one scan beside what stood."""
    evidence, assessment = assessed.evidence, assessed.assessment
    return ScanRows(
        assessed,
        before,
        record_of(before, evidence, assessment, assessed.reason),
        keeps_score=keeps_score(before, assessment),
        changes=changes_of(before, evidence, assessment),
    )


def company_row(scan: ScanRows) -> Row:
    """Lay out what `companies` holds of a scan."""
    company = scan.record.company
    return {
        "domain": scan.domain,
        "provider": company.provider,
        "tenant_size": company.tenant_size,
        "size_source": company.size_source,
    }


def signals_row(scan: ScanRows) -> Row:
    """Lay out a row of `domain_signals`."""
    record = scan.record
    policies, hosts, provider, registration = record.policies, record.mail_hosts, record.provider, record.registration
    registrar, reasons = registration.registrar, provider.m365_reasons
    return {
        "domain": record.domain,
        "spf": policies.spf,
        "dkim": policies.dkim,
        "dmarc_policy": policies.dmarc_policy,
        "dmarc_coverage": policies.dmarc_coverage,
        "dmarc_domain": policies.dmarc_domain,
        "dmarc_testing": policies.dmarc_testing,
        "dmarc_record": _raw_text(policies.dmarc_texts),
        "spf_record": _raw_text(policies.spf_texts),
        "mx_root": hosts.mx_root,
        "mx_records": json_text(hosts.hosts),
        "gateway": hosts.gateway,
        "estimated_size": hosts.estimated_size,
        "scan_status": record.scan_status,
        "scanned_at": record.scanned_at,
        "signal_states": _states_json(record.states),
        "local_provider": provider.local_provider,
        "mail_service": provider.mail_service,
        "provider_evidence": json_text(provider.facts),
        "provider_confidence": provider.confidence,
        "m365_state": provider.m365_state,
        "m365_confidence": provider.m365_confidence,
        "m365_reason": None if reasons is None else ",".join(reasons),
        "tenant": None if record.tenant is None else json_text(write_tenant(record.tenant)),
        "infrastructure_summary": storable(record.infrastructure),
        "unscored_reason": storable(record.unscored_reason),
        "registrar": None if registrar is None else storable(registrar[:_LONGEST_WORD]),
        "expires_at": registration.expires_at,
        "nameservers": json_text(registration.nameservers),
        "whois_status": registration.status,
        "whois_checked_at": registration.checked_at,
    }


def score_row(scan: ScanRows, score: ScoreRecord) -> Row:
    """Lay out a row of `lead_scores`."""
    return {
        "domain": scan.domain,
        "readiness_score": score.points,
        "segment": score.segment,
        "reason": storable(score.reason),
        "technical_heat": score.technical_heat,
        "commercial_segment": score.commercial_segment,
        "commercial_heat": score.commercial_heat,
        "priority_category": score.priority_category,
        "priority_label": score.priority_label,
        "priority_score": score.priority,
        "rulebook_version": score.rulebook_version,
        "signals_unknown": _names_text(score.signals_unknown),
        "reason_code": score.reason_code,
        "reason_params": json_text(score.reason_params),
        "annual_low_eur": scan.assessed.annual_low_eur,
        "annual_high_eur": scan.assessed.annual_high_eur,
        "updated_at": scan.judged_at,
    }


def evidence_row(scan: ScanRows) -> Row:
    """Lay out a row of `evidence`."""
    evidence = scan.assessed.evidence
    document = evidence_to_json(evidence)
    return {
        "domain": evidence.domain,
        "collected_at": evidence.collected_at,
        "codec_version": document["codec_version"],
        "is_judged": scan.has_new_score,
        # Escaped, so that characters which PostgreSQL keeps in no text come back as they were.
        "evidence": json.dumps(document, separators=(",", ":")),
    }


def address_rows(evidence: Evidence) -> tuple[Row, ...]:
    """Lay out rows of `ip_enrichment`."""
    signals = (evidence.network.mx, evidence.network.web)
    facts = {signal.value.address: signal.value for signal in signals if isinstance(signal, Found)}
    return tuple(
        {
            "domain": evidence.domain,
            "ip_address": address,
            "asn": found.asn,
            "asn_org": storable(found.asn_org),
            "isp": storable(found.isp),
            "country": found.country,
            "city": storable(found.city),
            "usage_type": found.usage_type,
            "is_proxy": found.is_proxy,
            "proxy_type": found.proxy_type,
            "updated_at": evidence.collected_at,
        }
        for address, found in facts.items()
    )


def _raw_text(texts: tuple[str, ...]) -> str | None:
    """Return the text that the signal was read from; of several (a fault) all, one a line."""
    return storable("\n".join(texts)) if texts else None


@lru_cache(maxsize=4096)
def _states_json(states: tuple[tuple[str, str, str], ...]) -> str:
    """Share the text: some hundred combinations stand for all domains."""
    return json.dumps({name: {"state": state, "reason": why or None} for name, state, why in states})


@lru_cache(maxsize=256)
def _names_text(names: tuple[str, ...]) -> str:
    return json.dumps(names)
