"""Writing scans: one statement a table for a whole batch, every row in the order of the domains.

Runs inside `LeadIndex.changing`, which locks the companies before and brings the lead index in line afterwards.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final

from sqlalchemy.ext.asyncio import AsyncConnection

from hunter.core.changes import ChangeKind, ScanState
from hunter.storage.lead_rows import ScanRows, StoredState, evidence_row
from hunter.storage.statements import (
    arrays_of,
    fetch_records,
    json_columns,
    list_columns,
    texts,
    typed,
    unnested,
    upsert,
)

_STATES: Final = """
select c.domain, c.provider, s.domain is not null as is_scanned, s.spf, s.dkim, s.dmarc_policy, s.mx_root, s.gateway,
    s.expires_at, s.signal_states, s.scanned_at, l.readiness_score, l.segment, l.priority_score
from companies c
left join domain_signals s on s.domain = c.domain
left join lead_scores l on l.domain = c.domain
where c.domain = any(%(domains)s)
"""

_PLAIN: Final = (
    *typed("boolean", "spf", "dkim", "dmarc_testing"),
    *texts("dmarc_policy", "dmarc_domain", "dmarc_record", "spf_record", "scan_status", "whois_status"),
    *typed("integer", "dmarc_coverage"),
    *typed("timestamptz", "scanned_at"),
    *json_columns("signal_states"),
    *texts("unscored_reason"),
)
#: Columns that keep what stands there, by the flag of the scan that says so.
_KEPT: Final = {
    "keeps_mx": (*texts("mx_root", "gateway", "estimated_size"), *list_columns("mx_records")),
    "keeps_provider": (
        *texts("local_provider", "mail_service", "provider_confidence", "m365_state", "m365_confidence", "m365_reason"),
        *json_columns("provider_evidence"),
    ),
    "keeps_registrar": texts("registrar"),
    "keeps_expires_at": typed("date", "expires_at"),
    "keeps_nameservers": list_columns("nameservers"),
    "keeps_tenant": json_columns("tenant"),
    "keeps_network": texts("infrastructure_summary"),
}
_FLAGS: Final = typed("boolean", *_KEPT)
_CHECKED: Final = typed("timestamptz", "whois_checked_at")
_SIGNALS: Final = (*texts("domain"), *_PLAIN, *(column for group in _KEPT.values() for column in group), *_CHECKED)


def _signals_statement() -> str:
    kept = {column.name: flag for flag, columns in _KEPT.items() for column in columns}
    values = {name: f"case when n.{flag} then o.{name} else n.{name} end" for name, flag in kept.items()}
    values["whois_status"] = (
        "case when n.whois_status = 'skipped' then coalesce(o.whois_status, 'skipped') else n.whois_status end"
    )
    values["whois_checked_at"] = "coalesce(n.whois_checked_at, o.whois_checked_at)"
    names = [column.name for column in _SIGNALS]
    updated = [name for name in names if name != "domain"]
    return (
        f"insert into domain_signals as t ({', '.join(names)}) "
        f"select {', '.join(values.get(name, f'n.{name}') for name in names)} "
        f"from ({unnested((*_SIGNALS, *_FLAGS))}) n "
        "left join domain_signals o on o.domain = n.domain order by n.domain "
        f"on conflict (domain) do update set {', '.join(f'{name} = excluded.{name}' for name in updated)}, "
        # Judged again or stored twice, a scan keeps its time and counts once.
        "scan_count = t.scan_count + (t.scanned_at <> excluded.scanned_at)::integer "
        f"where ({', '.join(f't.{name}' for name in updated)}) "
        f"is distinct from ({', '.join(f'excluded.{name}' for name in updated)})"
    )


_WRITE_SIGNALS: Final = _signals_statement()

_COMPANY: Final = (*texts("domain", "provider", "size"), *typed("boolean", "keeps_size"))
_WRITE_COMPANIES: Final = f"""
update companies c set provider = v.provider, tenant_size = v.tenant_size, size_source = v.size_source,
    updated_at = now()
from (
    select o.domain, coalesce(n.provider, o.provider) as provider,
        case when o.is_kept then o.tenant_size else n.size end as tenant_size,
        case when o.is_kept then o.size_source when n.size is not null then 'mx_pattern' end as size_source
    from ({unnested(_COMPANY)}) n
    join lateral (
        select *, n.keeps_size or coalesce(size_source, 'mx_pattern') <> 'mx_pattern' as is_kept
        from companies where domain = n.domain
    ) o on true
) v
where c.domain = v.domain
    and (c.provider, c.tenant_size, c.size_source) is distinct from (v.provider, v.tenant_size, v.size_source)
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


async def read_states(connection: AsyncConnection, domains: Sequence[str]) -> dict[str, StoredState]:
    """Read what stands there before a scan is saved; the companies must be locked."""
    found = await fetch_records(connection, _STATES, {"domains": list(domains)})
    return {row["domain"]: _stored(row) for row in found}


def _stored(row: Mapping[str, Any]) -> StoredState:
    if not row["is_scanned"]:
        return StoredState(None, row["provider"], None)
    states = row["signal_states"] or {}
    unknown = {name for name in ("spf", "dkim", "dmarc") if _is_unknown(states, name)}
    # A mail host that an earlier look has found stays known while later ones fail.
    if row["mx_root"] is None and _is_unknown(states, "mx"):
        unknown |= {"mx", "provider"}
    scan = ScanState(
        spf=row["spf"],
        dkim=row["dkim"],
        dmarc_policy=row["dmarc_policy"],
        mx_root=row["mx_root"],
        provider=row["provider"],
        gateway=row["gateway"],
        unknown=frozenset(unknown),
        expires_at=row["expires_at"],
        score=row["readiness_score"],
        segment=row["segment"],
        priority=row["priority_score"],
    )
    return StoredState(scan, row["provider"], row["scanned_at"])


def _is_unknown(states: Mapping[str, Any], name: str) -> bool:
    state = states.get(name)
    return state is None or state.get("state") == "unknown"


async def write_scans(
    connection: AsyncConnection, scans: Sequence[ScanRows], *, automatic_tags: Collection[str]
) -> None:
    """Write all contract tables of a batch but the evidence; the companies must be locked."""
    execute = connection.exec_driver_sql
    await execute(_WRITE_SIGNALS, arrays_of((*_SIGNALS, *_FLAGS), [scan.signals for scan in scans]))
    scores = [scan.score for scan in scans if scan.score is not None]
    if scores:
        await execute(WRITE_SCORES, arrays_of(_SCORE, scores))
    await execute(_WRITE_COMPANIES, arrays_of(_COMPANY, [scan.company for scan in scans]))
    addresses = [row for scan in scans for row in scan.addresses]
    if addresses:
        await execute(_WRITE_ADDRESSES, arrays_of(_ADDRESS, addresses))
    await _write_tags(connection, scans, automatic_tags)
    await _write_history(connection, scans)


async def write_evidence(connection: AsyncConnection, scans: Sequence[ScanRows], *, keep: int) -> None:
    """Write the evidence of a batch, and take away what is superfluous then; `keep` 0 keeps all."""
    await connection.exec_driver_sql(_WRITE_EVIDENCE, arrays_of(_EVIDENCE, [evidence_row(scan) for scan in scans]))
    if keep:
        values = {"domains": [scan.domain for scan in scans], "keep": keep}
        await connection.exec_driver_sql(_TRIM_EVIDENCE, values)


async def _write_tags(connection: AsyncConnection, scans: Sequence[ScanRows], automatic: Collection[str]) -> None:
    held = [{"domain": scan.domain, "tag": tag} for scan in scans for tag in scan.tags]
    kept = [{"domain": scan.domain, "tag": tag} for scan in scans for tag in scan.tags_undecided]
    # A scan that could not judge takes no tag away.
    judged = [scan.domain for scan in scans if not scan.keeps_score and not scan.is_first]
    if judged:
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
            elif scan.before is not None:
                scores.append({**at, **score_change(scan.before, scan.after)})
    execute = connection.exec_driver_sql
    if providers:
        await execute(_WRITE_PROVIDER_CHANGES, arrays_of(_PROVIDER_CHANGE, providers))
    if signals:
        await execute(_WRITE_SIGNAL_CHANGES, arrays_of(_SIGNAL_CHANGE, signals))
    if scores:
        await execute(WRITE_SCORE_CHANGES, arrays_of(_SCORE_CHANGE, scores))


def score_change(before: ScanState, after: ScanState) -> Mapping[str, Any]:
    """Return the columns of a row of the score history."""
    return {
        "old_score": before.score,
        "new_score": after.score,
        "old_segment": before.segment,
        "new_segment": after.segment,
    }
