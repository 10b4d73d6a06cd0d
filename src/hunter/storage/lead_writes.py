"""Writing scans: one statement a table for a whole batch, every row in the order of the domains.

Runs inside `LeadIndex.changing`, which locks the companies before and brings the lead index in line afterwards.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from sqlalchemy.ext.asyncio import AsyncConnection

from hunter.core.changes import ChangeKind
from hunter.storage.lead_rows import ScanRows, address_rows, company_row, evidence_row, score_row, signals_row
from hunter.storage.statements import (
    arrays_of,
    json_columns,
    list_columns,
    texts,
    typed,
    unnested,
    upsert,
)

_SIGNALS: Final = (
    *texts("domain"),
    *typed("boolean", "spf", "dkim", "dmarc_testing"),
    *texts("dmarc_policy", "dmarc_domain", "dmarc_record", "spf_record", "scan_status"),
    *typed("integer", "dmarc_coverage"),
    *typed("timestamptz", "scanned_at", "whois_checked_at"),
    *texts("mx_root", "gateway", "estimated_size", "local_provider", "mail_service", "provider_confidence"),
    *texts("m365_state", "m365_confidence", "m365_reason", "infrastructure_summary", "unscored_reason"),
    *texts("registrar", "whois_status"),
    *typed("date", "expires_at"),
    *list_columns("mx_records", "nameservers"),
    *json_columns("signal_states", "provider_evidence", "tenant"),
)
# Judged again or stored twice, a scan keeps its time and counts once.
_WRITE_SIGNALS: Final = upsert(
    "domain_signals",
    ("domain",),
    _SIGNALS,
    also="scan_count = t.scan_count + (t.scanned_at <> excluded.scanned_at)::integer",
)

_COMPANY: Final = texts("domain", "provider", "tenant_size", "size_source")
_WRITE_COMPANIES: Final = f"""
update companies c set provider = n.provider, tenant_size = n.tenant_size, size_source = n.size_source,
    updated_at = now()
from ({unnested(_COMPANY)}) n
where c.domain = n.domain
    and (c.provider, c.tenant_size, c.size_source) is distinct from (n.provider, n.tenant_size, n.size_source)
"""

_SCORE: Final = (
    *texts("domain"),
    *typed("integer", "readiness_score"),
    *texts("segment", "reason", "technical_heat", "commercial_segment", "commercial_heat", "priority_category"),
    *texts("priority_label"),
    *typed("integer", "priority_score"),
    *texts("rulebook_version"),
    *list_columns("signals_unknown"),
    *texts("reason_code"),
    *json_columns("reason_params"),
    *typed("integer", "annual_low_eur", "annual_high_eur"),
    *typed("timestamptz", "updated_at"),
)
WRITE_SCORES: Final = upsert("lead_scores", ("domain",), _SCORE, touch="updated_at")

_EVIDENCE: Final = (
    *texts("domain"),
    *typed("timestamptz", "collected_at"),
    *typed("smallint", "codec_version"),
    *typed("boolean", "is_judged"),
    *typed("json", "evidence"),
)
_WRITE_EVIDENCE: Final = f"""
insert into evidence (domain, collected_at, codec_version, is_judged, evidence) {unnested(_EVIDENCE)} order by domain
"""
#: SQL for the evidence that may go, out of a selection of whole domains: all but the newest `keep`, and but for the one
#: that the score rests on.
SUPERFLUOUS_EVIDENCE: Final = """
select id from (
    select id, is_judged, row_number() over (partition by domain order by collected_at desc, id desc) as age,
        row_number() over (partition by domain, is_judged order by collected_at desc, id desc) as age_of_kind
    from evidence where {selection}
) e where age > %(keep)s and not (is_judged and age_of_kind = 1)
"""
_TRIM_EVIDENCE: Final = (
    f"delete from evidence where id in ({SUPERFLUOUS_EVIDENCE.format(selection='domain = any(%(domains)s)')})"
)

_ADDRESS: Final = (
    *texts("domain", "ip_address"),
    *typed("bigint", "asn"),
    *texts("asn_org", "isp", "country", "city", "usage_type"),
    *typed("boolean", "is_proxy"),
    *texts("proxy_type"),
    *typed("timestamptz", "updated_at"),
)
_WRITE_ADDRESSES: Final = upsert("ip_enrichment", ("domain", "ip_address"), _ADDRESS, touch="updated_at")

_TAG: Final = texts("domain", "tag")
_TAKE_TAGS: Final = f"""
delete from tags where domain = any(%(judged)s) and tag = any(%(automatic)s)
    and (domain, tag) not in ({unnested(_TAG)})
"""
_SET_TAGS: Final = f"insert into tags (domain, tag) {unnested(_TAG)} order by domain, tag on conflict do nothing"

_CHANGED: Final = typed("timestamptz", "changed_at")
_PROVIDER_CHANGE: Final = (*texts("domain", "old", "new"), *_CHANGED)
_WRITE_PROVIDER_CHANGES: Final = f"""
insert into provider_change_history (domain, previous_provider, new_provider, changed_at, scan_id)
select n.domain, n.old, n.new, n.changed_at, s.id
from ({unnested(_PROVIDER_CHANGE)}) n left join domain_signals s on s.domain = n.domain order by n.domain
"""
_SIGNAL_CHANGE: Final = (*texts("domain", "signal_type", "old_value", "new_value"), *_CHANGED)
_WRITE_SIGNAL_CHANGES: Final = (
    "insert into signal_change_history (domain, signal_type, old_value, new_value, changed_at) "
    f"{unnested(_SIGNAL_CHANGE)} order by domain, signal_type"
)
_SCORE_CHANGE: Final = (
    *texts("domain"),
    *typed("integer", "old_score", "new_score"),
    *texts("old_segment", "new_segment"),
    *_CHANGED,
)
WRITE_SCORE_CHANGES: Final = (
    "insert into score_change_history (domain, old_score, new_score, old_segment, new_segment, changed_at) "
    f"{unnested(_SCORE_CHANGE)} order by domain"
)


async def write_scans(connection: AsyncConnection, scans: Sequence[ScanRows]) -> None:
    """Write all contract tables of a batch but the evidence; the companies must be locked."""
    execute = connection.exec_driver_sql
    await execute(_WRITE_SIGNALS, arrays_of(_SIGNALS, map(signals_row, scans)))
    scores = [score_row(scan, scan.record.score) for scan in scans if scan.has_new_score and scan.record.score]
    if scores:
        await execute(WRITE_SCORES, arrays_of(_SCORE, scores))
    await execute(_WRITE_COMPANIES, arrays_of(_COMPANY, map(company_row, scans)))
    addresses = [row for scan in scans for row in address_rows(scan.assessed.evidence)]
    if addresses:
        await execute(_WRITE_ADDRESSES, arrays_of(_ADDRESS, addresses))
    await _write_tags(connection, scans)
    await _write_history(connection, scans)


async def insert_evidence(connection: AsyncConnection, scans: Sequence[ScanRows], *, keep: int) -> None:
    """Write the evidence of a batch, and take away what is superfluous then; `keep` 0 keeps all."""
    await connection.exec_driver_sql(_WRITE_EVIDENCE, arrays_of(_EVIDENCE, [evidence_row(scan) for scan in scans]))
    if keep:
        values = {"domains": [scan.domain for scan in scans], "keep": keep}
        await connection.exec_driver_sql(_TRIM_EVIDENCE, values)


async def _write_tags(connection: AsyncConnection, scans: Sequence[ScanRows]) -> None:
    """Set the tags that hold and take away those that do not; tags that no rule knows are never touched."""
    held = [{"domain": scan.domain, "tag": tag} for scan in scans for tag in scan.assessed.assessment.tags]
    kept = [{"domain": scan.domain, "tag": tag} for scan in scans for tag in scan.assessed.assessment.tags_undecided]
    # A scan that could not judge takes no tag away.
    judged = [scan.domain for scan in scans if not scan.keeps_score and not scan.is_first]
    if judged:
        automatic = {tag for scan in scans for tag in scan.assessed.assessment.tags_absent}
        values = {"judged": judged, "automatic": sorted(automatic), **arrays_of(_TAG, [*held, *kept])}
        await connection.exec_driver_sql(_TAKE_TAGS, values)
    if held:
        await connection.exec_driver_sql(_SET_TAGS, arrays_of(_TAG, held))


async def _write_history(connection: AsyncConnection, scans: Sequence[ScanRows]) -> None:
    providers, signals, scores = [], [], []
    for scan in scans:
        for change in scan.changes:
            at = {"domain": scan.domain, "changed_at": scan.judged_at}
            if change.kind is ChangeKind.PROVIDER:
                providers.append({**at, "old": change.old, "new": change.new})
            elif change.kind.signal_type is not None:
                word = change.kind.signal_type
                signals.append({**at, "signal_type": word, "old_value": change.old, "new_value": change.new})
            else:
                scores.append({**at, **_score_change(scan)})
    execute = connection.exec_driver_sql
    if providers:
        await execute(_WRITE_PROVIDER_CHANGES, arrays_of(_PROVIDER_CHANGE, providers))
    if signals:
        await execute(_WRITE_SIGNAL_CHANGES, arrays_of(_SIGNAL_CHANGE, signals))
    if scores:
        await execute(WRITE_SCORE_CHANGES, arrays_of(_SCORE_CHANGE, scores))


def _score_change(scan: ScanRows) -> Mapping[str, Any]:
    """Return the columns of a row of the score history: only what is scored before and after is such a change."""
    old, new = scan.before.score, scan.record.score
    return {
        "old_score": old.points if old is not None else None,
        "new_score": new.points if new is not None else None,
        "old_segment": old.segment if old is not None else None,
        "new_segment": new.segment if new is not None else None,
    }
