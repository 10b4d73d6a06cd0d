"""Export leads: rows of cells in the columns of engine specification 9.3, as many as the query finds; flat in memory.

In: a query. Out: a header row and one row a lead, as they come from the database. What is unknown says so.
"""

from collections.abc import AsyncGenerator, Callable
from dataclasses import dataclass
from datetime import date
from typing import Final

from hunter.core.names.turkish import fold
from hunter.sales.wording import Catalogue
from hunter.services.leads import LeadReading
from hunter.storage.lead_index.query import LeadQuery
from hunter.storage.lead_index.view import LeadView

Row = tuple[str, ...]
#: Of what a file name says about the filters.
_LONGEST_NAME: Final = 100


@dataclass(frozen=True, slots=True)
class ExportColumn:
    """One column: its English header, which is also the key of its Turkish one, and what stands in a cell."""

    name: str
    cell: Callable[[LeadView], str]


def _text(value: object) -> str:
    return "" if value is None else str(value)


def _flag(value: bool | None) -> str:
    if value is None:
        return "Unknown"
    return "Yes" if value else "No"


def _policy(lead: LeadView) -> str:
    """Return the policy; "None" where there is none, "Unknown" where it could not be read."""
    if lead.dmarc_policy is not None:
        return lead.dmarc_policy
    return "Unknown" if lead.scanned_at is None or "dmarc" in lead.signals_unknown else "None"


COLUMNS: Final = (
    ExportColumn("domain", lambda lead: lead.domain),
    ExportColumn("company_name", lambda lead: lead.canonical_name),
    ExportColumn("provider", lambda lead: _text(lead.provider)),
    ExportColumn("country", lambda lead: _text(lead.country)),
    ExportColumn("segment", lambda lead: _text(lead.segment)),
    ExportColumn("readiness_score", lambda lead: _text(lead.readiness_score)),
    ExportColumn("priority_score", lambda lead: _text(lead.priority_score)),
    ExportColumn("spf", lambda lead: _flag(lead.spf)),
    ExportColumn("dkim", lambda lead: _flag(lead.dkim)),
    ExportColumn("dmarc_policy", _policy),
    ExportColumn("mx_root", lambda lead: _text(lead.mx_root)),
    ExportColumn("registrar", lambda lead: _text(lead.registrar)),
    ExportColumn("expires_at", lambda lead: lead.expires_at.isoformat() if lead.expires_at else ""),
    ExportColumn("nameservers", lambda lead: ", ".join(lead.nameservers or ())),
    ExportColumn("scan_status", lambda lead: _text(lead.scan_status)),
    ExportColumn("scanned_at", lambda lead: lead.scanned_at.isoformat(timespec="seconds") if lead.scanned_at else ""),
    ExportColumn("reason", lambda lead: _text(lead.reason)),
    ExportColumn("referral_type", lambda lead: _text(lead.referral_type)),
    ExportColumn("link_status", lambda lead: lead.link_status),
    ExportColumn("referral_count", lambda lead: str(lead.referral_count)),
    ExportColumn("referral_types", lambda lead: ", ".join(lead.referral_types)),
    ExportColumn("referral_ids", lambda lead: ", ".join(lead.referral_ids)),
    ExportColumn("technical_heat", lambda lead: _text(lead.technical_heat)),
    ExportColumn("commercial_segment", lambda lead: _text(lead.commercial_segment)),
    ExportColumn("commercial_heat", lambda lead: _text(lead.commercial_heat)),
    ExportColumn("priority_category", lambda lead: _text(lead.priority_category)),
    ExportColumn("priority_label", lambda lead: _text(lead.priority_label)),
    ExportColumn("tenant_size", lambda lead: _text(lead.tenant_size)),
    ExportColumn("local_provider", lambda lead: _text(lead.local_provider)),
    ExportColumn("dmarc_coverage", lambda lead: _text(lead.dmarc_coverage)),
    ExportColumn("infrastructure_summary", lambda lead: _text(lead.infrastructure_summary)),
    ExportColumn("contact_emails", lambda lead: ", ".join(lead.contact_emails)),
)


def header_row(catalogue: Catalogue | None) -> Row:
    """Return the headers: English names, or the phrases of a catalogue."""
    if catalogue is None:
        return tuple(column.name for column in COLUMNS)
    return tuple(catalogue.gettext(f"export.{column.name}") for column in COLUMNS)


def lead_row(lead: LeadView) -> Row:
    """Return the cells of a lead."""
    return tuple(column.cell(lead) for column in COLUMNS)


async def export_rows(reading: LeadReading, query: LeadQuery, catalogue: Catalogue | None) -> AsyncGenerator[Row, None]:
    """Yield the header row, always, then every lead that matches, in the order of the query.

    The database is reached before the headers are given, so that an outage is an error and no file; the query itself
    begins after them, so that the download begins at once.
    """
    async with reading.exports() as unit:
        yield header_row(catalogue)
        async for lead in unit.leads.stream(query):
            yield lead_row(lead)


def file_name(query: LeadQuery, day: date, extension: str) -> str:
    """Return `leads-<filters>-YYYY-MM-DD.<ext>`, the filters in `[a-z0-9-]`."""
    words = (
        *query.segments,
        *query.providers,
        *query.referral_types,
        *(str(one) for one in query.priorities),
        *query.priority_categories,
        *query.d365_sync_statuses,
        *query.m365_states,
        *query.tenant_sizes,
        *query.local_providers,
        *query.gateways,
        *query.tags,
        *query.cities,
        *query.lists,
        *query.marks,
        "" if query.min_score is None else str(query.min_score),
        "" if query.max_score is None else f"max{query.max_score}",
        query.search,
    )
    plain = [_plain(word) for word in words]
    filters = "-".join(("leads", *(word for word in plain if word)))[:_LONGEST_NAME].rstrip("-")
    return f"{filters}-{day.isoformat()}.{extension}"


def _plain(word: str) -> str:
    folded = "".join(char if char.isascii() and char.isalnum() else "-" for char in fold(word))
    return "-".join(part for part in folded.split("-") if part)
