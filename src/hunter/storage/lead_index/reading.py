"""Rows of the contract tables as `LeadView`: for one domain, for a page, and as a stream.

The `leads` row decides which and in which order; the wide values are joined for those rows only.
"""

from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy.ext.asyncio import AsyncConnection

from hunter.core.company_marks import ExclusionMark
from hunter.core.signals import NOT_ASKED
from hunter.storage.lead_index.view import LeadView
from hunter.storage.statements import Plan, fetch_records

#: Referrals of one domain as one row, the most recently synced first.
_REFERRALS: Final = """
select count(*) as referral_count,
    array_agg(referral_id::text order by synced_at desc, created_at desc, id desc) as referral_ids,
    (array_agg(referral_type::text order by synced_at desc, created_at desc, id desc))[1] as referral_type,
    array_agg(distinct referral_type::text order by referral_type::text)
        filter (where referral_type is not null) as referral_kinds,
    bool_and(coalesce(link_status, 'unlinked') in ('linked', 'auto_linked', 'manual_linked')) as is_linked,
    bool_and(coalesce(link_status, 'unlinked') = 'unlinked') as is_unlinked
from partner_center_referrals where domain = l.domain
"""
VIEW_COLUMNS: Final = """
l.id as company_id, c.canonical_name, l.domain, c.provider, c.tenant_size, c.size_source, c.seat_count,
s.local_provider, c.country, c.country_source, c.city, c.origin, c.is_own_customer, c.is_do_not_contact, c.is_demo,
c.contact_emails, c.contact_quality_score, c.linkedin_pattern,
s.spf, s.dkim, s.dmarc_policy, s.dmarc_coverage, s.mx_root, s.registrar, s.expires_at, s.nameservers,
s.whois_status, s.scan_status, s.scanned_at, coalesce(s.scan_count, 0) as scan_count,
o.readiness_score, o.segment, o.priority_score, o.technical_heat, o.commercial_segment, o.commercial_heat,
o.priority_category, o.priority_label, o.updated_at as score_updated_at,
coalesce(o.reason, s.unscored_reason) as reason,
case when o.reason is not null then s.unscored_reason end as unscored_reason,
o.signals_unknown,
case when o.domain is null or o.updated_at < s.scanned_at then s.signal_states end as unjudged_states,
o.rulebook_version, s.infrastructure_summary, s.gateway, s.mail_service, s.provider_confidence,
s.m365_state, s.m365_confidence, s.m365_reason,
r.referral_count, r.referral_ids, r.referral_type, r.referral_kinds, r.is_linked, r.is_unlinked,
l.d365_sync_status, c.d365_sync_last_at, c.d365_lead_id, s.pending_change, o.annual_low_eur, o.annual_high_eur
"""
VIEW_TABLES: Final = f"""
join companies c on c.domain = l.domain
left join domain_signals s on s.domain = l.domain
left join lead_scores o on o.domain = l.domain
left join lateral ({_REFERRALS}) r on true
"""
_FIND: Final = f"select {VIEW_COLUMNS} from leads l {VIEW_TABLES} where l.domain = %(domain)s"
#: Fields that are not a column as it is.
_SHAPED: Final = frozenset(
    (
        *("contact_emails", "nameservers", "signals_unknown", "marks"),
        *("link_status", "referral_id", "referral_types", "referral_ids"),
    )
)
#: Signals that a score needs are lacking also where nobody asked for them; the others only where it was in vain.
_NEEDED: Final = ("mx", "spf", "dkim", "dmarc")
_MARKS: Final = tuple(sorted(ExclusionMark))
_PLAIN: Final = tuple(name for name in LeadView._fields if name not in _SHAPED)


async def find(connection: AsyncConnection, domain: str) -> LeadView | None:
    """Return the lead; None where nobody handed it in."""
    found = await fetch_records(connection, _FIND, {"domain": domain}, plan=Plan.FOR_ANY_VALUES)
    return view_of(found[0]) if found else None


def view_of(row: Mapping[str, Any]) -> LeadView:
    """Shape one row of `VIEW_COLUMNS`."""
    nameservers = row["nameservers"]
    referral_ids = tuple(row["referral_ids"] or ())
    return LeadView(
        **{name: row[name] for name in _PLAIN},
        contact_emails=tuple(row["contact_emails"] or ()),
        marks=tuple(mark for mark in _MARKS if row[f"is_{mark}"]),
        nameservers=None if nameservers is None else tuple(nameservers),
        signals_unknown=_unread(row["unjudged_states"]) or tuple(row["signals_unknown"] or ()),
        link_status=_link_status(row),
        referral_types=tuple(row["referral_kinds"] or ()),
        referral_id=referral_ids[0] if referral_ids else None,
        referral_ids=referral_ids,
    )


def _unread(states: Mapping[str, Mapping[str, str | None]] | None) -> tuple[str, ...]:
    """Name what the newest look could not read where it gave no score, in the words of `Assessment.signals_unknown`."""
    if states is None:
        return ()
    unknown = {name for name, one in states.items() if one["state"] == "unknown"}
    in_vain = {name for name in unknown if states[name]["reason"] != NOT_ASKED.reason}
    found = {name for name, one in states.items() if one["state"] == "found"}
    autodiscover = {"autodiscover_cname", "autodiscover_srv"}
    names: list[str] = [name for name in _NEEDED if name in unknown]
    if in_vain & autodiscover and not found & autodiscover:
        names.append("autodiscover")
    return (*names, "ns") if "ns" in in_vain else tuple(names)


def _link_status(row: Mapping[str, Any]) -> str:
    if not row["referral_count"]:
        return "none"
    if row["is_linked"]:
        return "linked"
    return "unlinked" if row["is_unlinked"] else "mixed"
