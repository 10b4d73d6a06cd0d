"""Companies: intake and merging (engine specification 5.4), confirmed sizes, contacts.

Unique by domain; insert-or-update is one atomic statement over rows in the order of their domains. Whatever changes a
company brings its `leads` row in line in the same transaction.
"""

from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any, Final

from sqlalchemy.ext.asyncio import AsyncConnection

from hunter.core.company_name import CUT_ENDS, NameSource, clean_name, says_no_more
from hunter.core.domain_name import display_name, normalise_domain
from hunter.storage.erasure import Erased, erase_company
from hunter.storage.lead_index.index import LeadIndex
from hunter.storage.leads import NotIngested
from hunter.storage.statements import arrays_of, fetch_rows, json_text, storable, texts, typed, unnested

_INTAKE_COLUMNS: Final = (*texts("domain", "canonical_name"), *typed("integer", "name_rank"), *texts("country"))
#: As `_is_better` says in Python: a name that only cuts the present one short says less; a better source may do so.
_IS_BETTER: Final = f"""(
    excluded.name_rank > c.name_rank
    or (excluded.name_rank = c.name_rank and excluded.name_rank > 0
        and not starts_with(turkish_fold(c.canonical_name), rtrim(turkish_fold(excluded.canonical_name), '{CUT_ENDS}')))
)"""
_INTAKE: Final = f"""
insert into companies as c (domain, canonical_name, name_rank, country) {unnested(_INTAKE_COLUMNS)} order by domain
on conflict (domain) do update set
    canonical_name = case when {_IS_BETTER} then excluded.canonical_name else c.canonical_name end,
    name_rank = greatest(c.name_rank, excluded.name_rank),
    country = coalesce(excluded.country, c.country),
    updated_at = now()
where {_IS_BETTER} or excluded.country <> coalesce(c.country, '')
"""
_IDS: Final = "select domain, id from companies where domain = any(%(domains)s)"
_FIND: Final = """
select id, domain, canonical_name, provider, tenant_size, seat_count, size_source, country, contact_emails,
    contact_quality_score, linkedin_pattern
from companies where domain = %(domain)s
"""
_CONFIRM: Final = """
insert into company_sizes (domain, size_source, tenant_size, seat_count)
values (%(domain)s, 'confirmed', %(size)s, %(seats)s)
on conflict (domain, size_source) do update set tenant_size = excluded.tenant_size,
    seat_count = excluded.seat_count, updated_at = now()
"""
_WITHDRAW: Final = "delete from company_sizes where domain = %(domain)s and size_source = 'confirmed'"
_APPLY_SIZE: Final = """
update companies c set tenant_size = best.tenant_size, seat_count = best.seat_count, size_source = best.size_source,
    size_confirmed_at = case when best.size_source = 'confirmed' then now() end, updated_at = now()
from (
    select d.domain, coalesce(z.tenant_size, s.estimated_size) as tenant_size, z.seat_count,
        coalesce(z.size_source, case when s.estimated_size is not null then 'mx_pattern' end) as size_source
    from (select %(domain)s::varchar as domain) d
    left join domain_signals s on s.domain = d.domain
    left join lateral (
        select * from company_sizes where domain = d.domain
        order by array_position(array['confirmed', 'referral', 'import', 'mx_pattern'], size_source::text) limit 1
    ) z on true
) best
where c.domain = best.domain
"""
_CONTACTS: Final = """
update companies set contact_emails = %(emails)s::jsonb, contact_quality_score = %(quality)s,
    linkedin_pattern = %(pattern)s, updated_at = now()
where domain = %(domain)s
"""
#: Up to how many seats a size word goes.
_SMALL_UP_TO: Final = 50
_MEDIUM_UP_TO: Final = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class NewCompany:
    """What is handed in about a company; `domain` is canonical."""

    domain: str
    name: str | None = None
    name_source: NameSource = NameSource.LIST
    #: ISO 3166-1, two letters.
    country: str | None = None


@dataclass(frozen=True, slots=True)
class Company:
    """A company as it is stored."""

    id: int
    domain: str
    canonical_name: str
    provider: str | None
    tenant_size: str | None
    seat_count: int | None
    size_source: str | None
    country: str | None
    contact_emails: tuple[str, ...]
    contact_quality_score: int | None
    linkedin_pattern: str | None


class Companies:
    """The companies."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection
        self._index = LeadIndex(connection)

    async def intake(self, company: NewCompany) -> int:
        """Create or complete one company; returns its id."""
        return (await self.intake_many([company]))[company.domain]

    async def intake_many(self, companies: Sequence[NewCompany]) -> Mapping[str, int]:
        """Create or complete companies; returns their ids by domain. A domain may be named several times."""
        if not companies:
            return {}
        rows = _merged(companies)
        domains = sorted(rows)
        arrays = arrays_of(_INTAKE_COLUMNS, (rows[name] for name in domains))
        async with self._index.changing(domains):
            await self._connection.exec_driver_sql(_INTAKE, arrays)
        found = await fetch_rows(self._connection, _IDS, {"domains": domains})
        return dict(found)

    async def find(self, domain: str) -> Company | None:
        """Return the company; None where nobody handed it in."""
        found = await fetch_rows(self._connection, _FIND, {"domain": domain})
        if not found:
            return None
        company = Company(*found[0])
        return replace(company, contact_emails=tuple(company.contact_emails or ()))

    async def find_known(self, domains: Collection[str]) -> frozenset[str]:
        """Return those domains that are companies."""
        found = await fetch_rows(self._connection, _IDS, {"domains": list(domains)})
        return frozenset(domain for domain, _ in found)

    async def confirm_size(self, domain: str, *, tenant_size: str | None, seat_count: int | None) -> None:
        """Store what a user says of the size, which no scan overwrites; both None withdraws it. Raises NotIngested.

        A number of seats decides the word: up to 50 small, up to 500 medium.
        """
        async with self._changing(domain):
            if tenant_size is None and seat_count is None:
                await self._connection.exec_driver_sql(_WITHDRAW, {"domain": domain})
            else:
                size = tenant_size if seat_count is None else _size_of(seat_count)
                values = {"domain": domain, "size": size, "seats": seat_count}
                await self._connection.exec_driver_sql(_CONFIRM, values)
            await self._connection.exec_driver_sql(_APPLY_SIZE, {"domain": domain})

    async def save_contacts(
        self, domain: str, *, emails: Sequence[str], quality_score: int, linkedin_pattern: str | None
    ) -> None:
        """Store the contacts of a company in place of the present ones; raises NotIngested."""
        values = {
            "domain": domain,
            "emails": json_text(list(emails)),
            "quality": quality_score,
            "pattern": linkedin_pattern,
        }
        async with self._changing(domain):
            await self._connection.exec_driver_sql(_CONTACTS, values)

    async def erase(self, domain: str) -> Erased | None:
        """Remove a company and everything that hangs on it (8.1); None where there is none."""
        return await erase_company(self._connection, domain)

    @asynccontextmanager
    async def _changing(self, domain: str) -> AsyncIterator[None]:
        """Change a company that has to be there."""
        async with self._index.changing([domain]) as present:
            if not present:
                raise NotIngested(f"{domain} was not handed in")
            yield


def _merged(companies: Sequence[NewCompany]) -> dict[str, dict[str, Any]]:
    """Join what one batch says of the same domain, as if each had come by itself: the better name, the last country."""
    rows: dict[str, dict[str, Any]] = {}
    for company in companies:
        row = rows.setdefault(
            company.domain,
            {
                "domain": company.domain,
                "canonical_name": display_name(company.domain),
                "name_rank": NameSource.DOMAIN,
                "country": None,
            },
        )
        name = clean_name(storable(company.name) or "")
        if name and normalise_domain(name) != company.domain and _is_better(name, company.name_source, row):
            row["canonical_name"], row["name_rank"] = name, company.name_source
        row["country"] = company.country or row["country"]
    return rows


def _is_better(name: str, source: NameSource, row: Mapping[str, Any]) -> bool:
    """Say in Python what `_IS_BETTER` says."""
    if source != row["name_rank"]:
        return bool(source > row["name_rank"])
    return not says_no_more(name, row["canonical_name"])


def _size_of(seats: int) -> str:
    if seats <= _SMALL_UP_TO:
        return "small"
    return "medium" if seats <= _MEDIUM_UP_TO else "large"
