"""An assessed domain as rows of the contract tables.

In: evidence, assessment, and the state that was stored before. Out: rows by table, and the changes between the two
looks. What a failed look-up could not say is marked, so that the statement keeps what stands there.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, Final

from hunter.core.assessment import Assessment
from hunter.core.changes import Change, ScanState, compare, found_or_absent, is_undecided, state_of
from hunter.core.evidence import Evidence, Tenant
from hunter.core.infrastructure import infrastructure_summary
from hunter.core.providers import Provider
from hunter.core.signals import Absent, Found, Unknown
from hunter.core.signals import state_of as word_of
from hunter.core.snapshot import evidence_to_json
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
class StoredState:
    """What stands in the database of a domain before a scan is saved."""

    #: None where the domain was never scanned.
    scan: ScanState | None
    #: The company's provider, which an import may have set before the first scan.
    provider: str | None
    scanned_at: datetime | None

    @property
    def has_score(self) -> bool:
        """True where a score is stored."""
        return self.scan is not None and self.scan.score is not None


@dataclass(frozen=True, slots=True)
class ScanRows:
    """One scan, ready to be written."""

    domain: str
    #: When the evidence was collected, and when it was judged, which is later where it is judged again.
    at: datetime
    judged_at: datetime
    is_first: bool
    #: When the scan was made that is stored now; None without any.
    scanned_before: datetime | None
    #: True where the last score stays, because this scan could not judge.
    keeps_score: bool
    changes: tuple[Change, ...]
    before: ScanState | None
    after: ScanState
    company: Row
    signals: Row
    #: None where no score is written.
    score: Row | None
    evidence: Evidence
    addresses: tuple[Row, ...]
    tags: tuple[str, ...]
    #: Automatic tags that stay as they are, because this scan cannot say whether they hold.
    tags_undecided: tuple[str, ...]
    #: Automatic tags that do not hold.
    tags_absent: tuple[str, ...]


def rows_of(assessed: AssessedDomain, stored: StoredState) -> ScanRows:
    """Lay out one scan."""
    evidence, assessment = assessed.evidence, assessed.assessment
    after = state_of(evidence, assessment)
    keeps_provider = is_undecided(assessment) and stored.provider not in (None, Provider.UNKNOWN.value)
    keeps_score = is_undecided(assessment) and stored.has_score and (keeps_provider or assessment.score is None)
    has_score = assessment.score is not None and not keeps_score
    return ScanRows(
        domain=evidence.domain,
        at=evidence.collected_at,
        judged_at=assessment.as_of,
        is_first=stored.scan is None,
        scanned_before=stored.scanned_at,
        keeps_score=keeps_score,
        changes=() if stored.scan is None else _changes(stored.scan, after, keeps_score=keeps_score),
        before=stored.scan,
        after=after,
        company=_company_row(assessment, keeps_provider=keeps_provider),
        signals=_signals_row(assessed, keeps_provider=keeps_provider),
        score=_score_row(assessed) if has_score else None,
        evidence=evidence,
        addresses=_address_rows(evidence),
        tags=assessment.tags,
        tags_undecided=assessment.tags_undecided,
        tags_absent=assessment.tags_absent,
    )


def _changes(before: ScanState, after: ScanState, *, keeps_score: bool) -> tuple[Change, ...]:
    found = compare(before, after)
    return tuple(change for change in found if not change.kind.is_judged) if keeps_score else found


def _company_row(assessment: Assessment, *, keeps_provider: bool) -> Row:
    size = assessment.tenant_size
    return {
        "domain": assessment.domain,
        "provider": None if keeps_provider else assessment.classification.provider.value,
        # Where MX is unknown nothing is known of the size either.
        "keeps_size": assessment.scan_status == "dns_timeout",
        "size": None if size is None else size.size,
    }


def _signals_row(assessed: AssessedDomain, *, keeps_provider: bool) -> Row:
    evidence, assessment = assessed.evidence, assessed.assessment
    mail, found, tenant = evidence.mail, assessment.classification, evidence.microsoft.tenant
    dmarc = mail.dmarc.value if isinstance(mail.dmarc, Found) else None
    size = assessment.tenant_size
    return {
        "domain": evidence.domain,
        "spf": found_or_absent(mail.spf),
        "dkim": found_or_absent(mail.dkim),
        "dmarc_policy": dmarc.policy if dmarc is not None else None,
        "dmarc_coverage": dmarc.coverage if dmarc is not None else None,
        "dmarc_domain": dmarc.domain if dmarc is not None else None,
        "dmarc_testing": dmarc.is_testing if dmarc is not None else None,
        "dmarc_record": _raw_text(mail.dmarc),
        "spf_record": _raw_text(mail.spf),
        "mx_root": assessment.mx_root,
        "mx_records": _list_text([at.host for at in mail.mx.value]) if isinstance(mail.mx, Found) else None,
        "gateway": found.gateway,
        "scan_status": assessment.scan_status,
        "scanned_at": evidence.collected_at,
        "signal_states": _states_text(evidence),
        "local_provider": found.local_provider,
        "mail_service": found.mail_service,
        "provider_evidence": json_text([[fact.source, fact.value, str(fact.points_to)] for fact in found.evidence]),
        "provider_confidence": found.confidence.value,
        "m365_state": found.m365.state.value,
        "m365_confidence": found.m365.confidence.value,
        "m365_reason": ",".join(found.m365.reasons),
        "tenant": _tenant_text(tenant.value) if isinstance(tenant, Found) else None,
        "infrastructure_summary": storable(infrastructure_summary(evidence.network, found.provider, found.gateway)),
        "estimated_size": size.size if size is not None else None,
        "unscored_reason": storable(assessed.reason) if assessment.score is None else None,
        "keeps_mx": isinstance(mail.mx, Unknown),
        "keeps_provider": keeps_provider,
        "keeps_tenant": isinstance(tenant, Unknown),
        "keeps_network": isinstance(evidence.network.mx, Unknown) and isinstance(evidence.network.web, Unknown),
        **_registration_columns(evidence),
    }


def _registration_columns(evidence: Evidence) -> Row:
    """Return what the registry said; where it did not answer, the columns are marked as kept."""
    seen = evidence.registration
    signals = (seen.registrar, seen.expires_at, seen.nameservers)
    failed = [signal.reason for signal in signals if isinstance(signal, Unknown)]
    status = "success"
    if len(failed) == len(signals):
        status = "skipped" if set(failed) == {"not_asked"} else "failed"
    registrar = seen.registrar.value if isinstance(seen.registrar, Found) else None
    return {
        "registrar": storable(registrar[:_LONGEST_WORD]) if registrar is not None else None,
        "expires_at": seen.expires_at.value if isinstance(seen.expires_at, Found) else None,
        "nameservers": _list_text(list(seen.nameservers.value)) if isinstance(seen.nameservers, Found) else None,
        "keeps_registrar": isinstance(seen.registrar, Unknown),
        "keeps_expires_at": isinstance(seen.expires_at, Unknown),
        "keeps_nameservers": isinstance(seen.nameservers, Unknown),
        "whois_status": status,
        "whois_checked_at": None if status == "skipped" else evidence.collected_at,
    }


def _score_row(assessed: AssessedDomain) -> Row:
    assessment = assessed.assessment
    score, position, segment = assessment.score, assessment.commercial, assessment.segment
    if score is None or segment is None:
        raise ValueError("no score to write")
    return {
        "domain": assessment.domain,
        "readiness_score": score.points,
        "segment": segment.value,
        "reason": storable(assessed.reason),
        "technical_heat": position.technical_heat.value if position else None,
        "commercial_segment": position.commercial_segment.value if position else None,
        "commercial_heat": position.commercial_heat.value if position else None,
        "priority_category": position.priority_category.value if position else None,
        "priority_label": position.priority_label if position else None,
        "priority_score": assessment.priority,
        "rulebook_version": assessment.rulebook_version,
        "signals_unknown": _names_text(assessment.signals_unknown),
        "reason_code": assessment.reason_code,
        "reason_params": json_text(assessment.reason_params),
        "annual_low_eur": assessed.annual_low_eur,
        "annual_high_eur": assessed.annual_high_eur,
        "updated_at": assessment.as_of,
    }


def evidence_row(scan: ScanRows) -> Row:
    """Lay out a row of `evidence`."""
    evidence = scan.evidence
    document = evidence_to_json(evidence)
    return {
        "domain": evidence.domain,
        "collected_at": evidence.collected_at,
        "codec_version": document["codec_version"],
        "is_judged": scan.score is not None,
        # Escaped, so that characters which PostgreSQL keeps in no text come back as they were.
        "evidence": json.dumps(document, separators=(",", ":")),
    }


def _address_rows(evidence: Evidence) -> tuple[Row, ...]:
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


def _raw_text(signal: Found[Any] | Absent | Unknown) -> str | None:
    """Return the text that the signal was read from; of several (a fault) all, one a line."""
    return storable("\n".join(signal.raw)) if signal.raw else None


def _list_text(items: list[str]) -> str:
    return json_text(items) or "[]"


def _states_text(evidence: Evidence) -> str:
    mail = evidence.mail
    named: tuple[tuple[str, Found[Any] | Absent | Unknown], ...] = (
        ("mx", mail.mx),
        ("spf", mail.spf),
        ("dkim", mail.dkim),
        ("dmarc", mail.dmarc),
        ("autodiscover_cname", mail.autodiscover_cname),
        ("autodiscover_srv", mail.autodiscover_srv),
        ("ns", mail.ns),
        ("tenant", evidence.microsoft.tenant),
    )
    return _states_json(tuple([(name, word_of(at), "" if isinstance(at, Found) else at.reason) for name, at in named]))


@lru_cache(maxsize=4096)
def _states_json(states: tuple[tuple[str, str, str], ...]) -> str:
    """Share the text: some hundred combinations stand for all domains."""
    return json.dumps({name: {"state": state, "reason": why or None} for name, state, why in states})


@lru_cache(maxsize=256)
def _names_text(names: tuple[str, ...]) -> str:
    return json.dumps(names)


def _tenant_text(tenant: Tenant) -> str | None:
    return json_text(
        {
            "tenant_id": tenant.tenant_id,
            "region": tenant.region,
            "sub_scope": tenant.sub_scope,
            "cloud": tenant.cloud,
            "domain": tenant.domain,
        }
    )
