"""Companies: intake and merging (engine specification 5.4), exclusion marks, sizes, contacts.

Unique by domain; insert-or-update is one atomic statement over rows in the order of their domains. Whatever changes a
company brings its `leads` row in line in the same transaction.
"""

from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy.ext.asyncio import AsyncConnection

from hunter.core.company_marks import CompanyOrigin, ExclusionMark
from hunter.core.names.company_name import CUT_ENDS, NameSource, clean_name, says_no_more
from hunter.core.names.domain_name import display_name, normalise_domain
from hunter.core.new_company import NewCompany
from hunter.storage.company_sizes import import_sizes, keep_confirmed_size
from hunter.storage.do_not_contact import DoNotContact, RefusedNames
from hunter.storage.erasure import Erased, erase_company
from hunter.storage.lead_index.index import LeadIndex
from hunter.storage.leads import NotIngested
from hunter.storage.lists import ListRow, add_list_rows
from hunter.storage.statements import arrays_of, fetch_records, fetch_rows, json_text, storable, texts, typed, unnested

#: Columns of the marks, by the word of the mark.
_MARKS: Final = {mark: f"is_{mark}" for mark in ExclusionMark}
_INTAKE_COLUMNS: Final = (
    *texts("domain", "canonical_name"),
    *typed("integer", "name_rank"),
    *texts("country", "country_source", "city", "origin"),
    *typed("boolean", *_MARKS.values()),
)
_NAMES: Final = ", ".join(column.name for column in _INTAKE_COLUMNS)
#: As `_is_better` says in Python: a name that only cuts the present one short says less; a better source may do so.
_IS_BETTER: Final = f"""(
    excluded.name_rank > c.name_rank
    or (excluded.name_rank = c.name_rank and excluded.name_rank > 0
        and not starts_with(turkish_fold(c.canonical_name), rtrim(turkish_fold(excluded.canonical_name), '{CUT_ENDS}')))
)"""
#: A list comes behind a referral and before everything else.
_HAS_COUNTRY: Final = "(excluded.country is not null and coalesce(c.country_source, '') <> 'referral')"
#: What a company is after an intake, but for its name; the door stays the first one.
_MERGED: Final = {
    "country": f"case when {_HAS_COUNTRY} then excluded.country else c.country end",
    "country_source": f"case when {_HAS_COUNTRY} then excluded.country_source else c.country_source end",
    "city": "coalesce(excluded.city, c.city)",
    **{column: f"c.{column} or excluded.{column}" for column in _MARKS.values()},
}
_INTAKE: Final = f"""
insert into companies as c ({_NAMES}) {unnested(_INTAKE_COLUMNS)} order by domain
on conflict (domain) do update set
    canonical_name = case when {_IS_BETTER} then excluded.canonical_name else c.canonical_name end,
    name_rank = greatest(c.name_rank, excluded.name_rank),
    {", ".join(f"{name} = {value}" for name, value in _MERGED.items())},
    updated_at = now()
where {_IS_BETTER}
    or ({", ".join(f"c.{name}" for name in _MERGED)}) is distinct from ({", ".join(_MERGED.values())})
"""
_IDS: Final = "select domain, id from companies where domain = any(%(domains)s)"
_LEFT_IN_PEACE: Final = "select domain from companies where domain = any(%(domains)s) and is_do_not_contact"
_FIND: Final = f"""
select id, domain, canonical_name, provider, tenant_size, seat_count, size_source, country, contact_emails,
    contact_quality_score, linkedin_pattern, city, origin, array[{", ".join(_MARKS.values())}] as marks
from companies where domain = %(domain)s
"""
_MARK: Final = f"""
update companies set {", ".join(f"{name} = coalesce(%({name})s, {name})" for name in _MARKS.values())},
    updated_at = now()
where domain = %(domain)s returning {", ".join(_MARKS.values())}
"""
_CONTACTS: Final = """
update companies set contact_emails = %(emails)s::jsonb, contact_quality_score = %(quality)s,
    linkedin_pattern = %(pattern)s, updated_at = now()
where domain = %(domain)s
"""
_LONGEST_CITY: Final = 100


@dataclass(frozen=True, slots=True)
class IntakeResult:
    """What became of a batch."""

    #: Ids of the companies, by domain.
    ids: Mapping[str, int]
    #: Domains that are refused, because they must not be contacted (`DoNotContact`); nothing of them was kept.
    refused: frozenset[str]


@dataclass(frozen=True, slots=True)
class StoredCompany:
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
    city: str | None
    #: The door by which it came first.
    origin: CompanyOrigin
    marks: frozenset[ExclusionMark]


class Companies:
    """The companies."""

    def __init__(self, connection: AsyncConnection, refused_names: RefusedNames) -> None:
        self._connection = connection
        self._refused_names = refused_names
        self._index = LeadIndex(connection)

    async def intake(self, company: NewCompany) -> int:
        """Create or complete one company; returns its id. Raises DoNotContact for a name that is refused."""
        result = await self.intake_many([company])
        if company.domain in result.refused:
            raise DoNotContact(f"{company.domain} asked not to be contacted")
        return result.ids[company.domain]

    async def intake_many(self, companies: Sequence[NewCompany]) -> IntakeResult:
        """Create or complete companies, but for those that must not be contacted. A domain may be named several times.

        A scan is no new contact: it may look at a company that is there and marked, and brings none back.
        """
        async with self._index.changing({one.domain for one in companies}):
            # Behind the locks, so that an erasure under way has ended and left its hash.
            refused = await self._refused(companies)
            taken = [one for one in companies if one.domain not in refused]
            if taken:
                await self._take_in(taken)
        found = await fetch_rows(self._connection, _IDS, {"domains": [one.domain for one in taken]})
        return IntakeResult(dict(found), refused)

    async def _take_in(self, companies: Sequence[NewCompany]) -> None:
        rows = _merged(companies)
        await self._connection.exec_driver_sql(_INTAKE, arrays_of(_INTAKE_COLUMNS, rows.values()))
        await import_sizes(self._connection, companies)
        await add_list_rows(self._connection, _list_rows(companies))

    async def find(self, domain: str) -> StoredCompany | None:
        """Return the company; None where nobody handed it in."""
        found = await fetch_records(self._connection, _FIND, {"domain": domain})
        if not found:
            return None
        shaped = {
            "contact_emails": tuple(found[0]["contact_emails"] or ()),
            "origin": CompanyOrigin(found[0]["origin"]),
            "marks": _marks_of(found[0]["marks"]),
        }
        return StoredCompany(**{**found[0], **shaped})

    async def find_known(self, domains: Collection[str]) -> frozenset[str]:
        """Return those domains that are companies."""
        found = await fetch_rows(self._connection, _IDS, {"domains": list(domains)})
        return frozenset(domain for domain, _ in found)

    async def confirm_size(self, domain: str, *, tenant_size: str | None, seat_count: int | None) -> None:
        """Store what a user says of the size, which no scan overwrites; both None withdraws it. Raises NotIngested."""
        async with self._changing(domain):
            await keep_confirmed_size(self._connection, domain, tenant_size=tenant_size, seat_count=seat_count)

    async def mark(self, domain: str, marks: Mapping[ExclusionMark, bool]) -> frozenset[ExclusionMark]:
        """Set and take away marks; returns all that the company has then. Raises NotIngested.

        Of a company that is not there its name alone can be refused, and let in again where it is refused.
        """
        async with self._index.changing([domain]) as present:
            if not present:
                return await self._mark_name(domain, marks)
            if marks.get(ExclusionMark.DO_NOT_CONTACT) is False:
                await self._refused_names.remove(domain)
            values = {"domain": domain, **{column: marks.get(mark) for mark, column in _MARKS.items()}}
            (row,) = await fetch_rows(self._connection, _MARK, values)
        return _marks_of(row)

    async def _mark_name(self, domain: str, marks: Mapping[ExclusionMark, bool]) -> frozenset[ExclusionMark]:
        if set(marks) == {ExclusionMark.DO_NOT_CONTACT}:
            if marks[ExclusionMark.DO_NOT_CONTACT]:
                await self._refused_names.add(domain)
                return frozenset(marks)
            if await self._refused_names.remove(domain):
                return frozenset()
        raise NotIngested(f"{domain} was not handed in")

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
        return await erase_company(self._connection, domain, self._refused_names)

    async def _refused(self, companies: Sequence[NewCompany]) -> frozenset[str]:
        named = {one.domain for one in companies}
        brought = {one.domain for one in companies if one.origin is not CompanyOrigin.SCAN}
        marked = await fetch_rows(self._connection, _LEFT_IN_PEACE, {"domains": list(brought)}) if brought else []
        return await self._refused_names.find(named) | {domain for (domain,) in marked}

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
                "country_source": None,
                "city": None,
                "origin": company.origin,
                **dict.fromkeys(_MARKS.values(), False),
            },
        )
        name = clean_name(storable(company.name) or "")
        if name and normalise_domain(name) != company.domain and _is_better(name, company.name_source, row):
            row["canonical_name"], row["name_rank"] = name, company.name_source
        if company.country:
            row["country"], row["country_source"] = company.country, "list"
        row["city"] = _city(company) or row["city"]
        row.update(dict.fromkeys((_MARKS[mark] for mark in company.marks), True))
    return rows


def _city(company: NewCompany) -> str:
    return " ".join((storable(company.city) or "").split())[:_LONGEST_CITY]


def _list_rows(companies: Sequence[NewCompany]) -> list[ListRow]:
    return [ListRow(one.list_id, one.domain, one.row_number) for one in companies if one.list_id is not None]


def _marks_of(flags: Sequence[bool]) -> frozenset[ExclusionMark]:
    return frozenset(mark for mark, is_set in zip(_MARKS, flags, strict=True) if is_set)


def _is_better(name: str, source: NameSource, row: Mapping[str, Any]) -> bool:
    """Say in Python what `_IS_BETTER` says."""
    if source != row["name_rank"]:
        return bool(source > row["name_rank"])
    return not says_no_more(name, row["canonical_name"])
