"""Reading the record of a domain: what stands of it in the contract tables, as `core/lead_record.py` shapes it."""

import json
from collections.abc import Collection, Mapping
from functools import lru_cache
from typing import Any, Final

from sqlalchemy.ext.asyncio import AsyncConnection

from hunter.core.lead_record import (
    SKIPPED,
    CompanyRecord,
    LeadRecord,
    MailHostRecord,
    PolicyRecord,
    ProviderRecord,
    RegistrationRecord,
    ScoreRecord,
)
from hunter.core.snapshot.microsoft_codec import read_tenant
from hunter.storage.statements import fetch_records

_RECORDS: Final = """
select c.domain, c.provider, c.tenant_size, c.size_source,
    s.scanned_at, s.scan_status, s.spf, s.dkim, s.dmarc_policy, s.dmarc_coverage, s.dmarc_domain, s.dmarc_testing,
    s.spf_record, s.dmarc_record, s.mx_root, s.mx_records, s.gateway, s.estimated_size,
    s.signal_states::text as states,
    s.local_provider, s.mail_service, s.provider_confidence, s.provider_evidence, s.m365_state, s.m365_confidence,
    s.m365_reason, s.tenant, s.infrastructure_summary, s.unscored_reason,
    s.registrar, s.expires_at, s.nameservers, s.whois_status, s.whois_checked_at,
    l.readiness_score, l.segment, l.priority_score, l.reason, l.reason_code, l.reason_params, l.technical_heat,
    l.commercial_segment, l.commercial_heat, l.priority_category, l.priority_label, l.rulebook_version,
    l.signals_unknown
from companies c
left join domain_signals s on s.domain = c.domain
left join lead_scores l on l.domain = c.domain
where c.domain = any(%(domains)s)
"""


async def read_records(connection: AsyncConnection, domains: Collection[str]) -> dict[str, LeadRecord]:
    """Return what stands of domains; those that are no company are left out."""
    found = await fetch_records(connection, _RECORDS, {"domains": list(domains)})
    return {row["domain"]: _record(row) for row in found}


def _record(row: Mapping[str, Any]) -> LeadRecord:
    company = CompanyRecord(row["provider"], row["tenant_size"], row["size_source"])
    if row["scanned_at"] is None:
        return LeadRecord(domain=row["domain"], company=company)
    return LeadRecord(
        domain=row["domain"],
        company=company,
        scanned_at=row["scanned_at"],
        scan_status=row["scan_status"],
        policies=_policies(row),
        mail_hosts=MailHostRecord(
            row["mx_root"], _listed(row["mx_records"]), row["gateway"], estimated_size=row["estimated_size"]
        ),
        provider=_provider(row),
        registration=_registration(row),
        tenant=None if row["tenant"] is None else read_tenant(row["tenant"]),
        infrastructure=row["infrastructure_summary"],
        states=_states(row["states"]),
        unscored_reason=row["unscored_reason"],
        score=None if row["readiness_score"] is None else _score(row),
    )


@lru_cache(maxsize=4096)
def _states(text: str | None) -> tuple[tuple[str, str, str], ...]:
    """Share the states: some hundred combinations stand for all domains."""
    states = json.loads(text) if text is not None else {}
    return tuple([(name, one["state"], one["reason"] or "") for name, one in sorted(states.items())])


def _policies(row: Mapping[str, Any]) -> PolicyRecord:
    return PolicyRecord(
        row["spf"],
        row["dkim"],
        row["dmarc_policy"],
        row["dmarc_coverage"],
        dmarc_domain=row["dmarc_domain"],
        dmarc_testing=row["dmarc_testing"],
        spf_texts=_lines(row["spf_record"]),
        dmarc_texts=_lines(row["dmarc_record"]),
    )


def _provider(row: Mapping[str, Any]) -> ProviderRecord:
    facts, reasons = row["provider_evidence"], row["m365_reason"]
    return ProviderRecord(
        row["local_provider"],
        row["mail_service"],
        row["provider_confidence"],
        row["m365_state"],
        m365_confidence=row["m365_confidence"],
        m365_reasons=None if reasons is None else tuple([one for one in reasons.split(",") if one]),
        facts=None if facts is None else tuple([(source, value, points_to) for source, value, points_to in facts]),
    )


def _registration(row: Mapping[str, Any]) -> RegistrationRecord:
    return RegistrationRecord(
        row["registrar"],
        row["expires_at"],
        _listed(row["nameservers"]),
        row["whois_status"] or SKIPPED,
        checked_at=row["whois_checked_at"],
    )


def _score(row: Mapping[str, Any]) -> ScoreRecord:
    return ScoreRecord(
        points=row["readiness_score"],
        segment=row["segment"],
        priority=row["priority_score"],
        reason=row["reason"],
        reason_code=row["reason_code"],
        reason_params=tuple([(key, value) for key, value in row["reason_params"] or ()]),
        technical_heat=row["technical_heat"],
        commercial_segment=row["commercial_segment"],
        commercial_heat=row["commercial_heat"],
        priority_category=row["priority_category"],
        priority_label=row["priority_label"],
        rulebook_version=row["rulebook_version"],
        signals_unknown=tuple(row["signals_unknown"] or ()),
    )


def _listed(values: list[str] | None) -> tuple[str, ...] | None:
    return None if values is None else tuple(values)


def _lines(text: str | None) -> tuple[str, ...]:
    return () if text is None else tuple(text.split("\n"))
