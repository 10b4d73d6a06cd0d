"""Facets that are counted by core: values beside the core of the key, and wide ones, which no key holds.

In: filters and the facets that are wanted. Out: those facets. Exact where the other filters ask for the core alone; for
wide facets beside other filters the leads themselves are looked at, up to `MOST_COUNTED` of them.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final

from sqlalchemy.ext.asyncio import AsyncConnection

from hunter.storage.lead_index.access_path import IN_KEY, all_hits, keys_of
from hunter.storage.lead_index.counts import by_frequency
from hunter.storage.lead_index.facet_key import BY_CORE
from hunter.storage.lead_index.fields import FACET_NAMES, KEY_FACETS, WIDE_FACETS, WIDE_NAMES, WideField
from hunter.storage.lead_index.filters import Filters
from hunter.storage.lead_index.query import MOST_COUNTED
from hunter.storage.lead_index.schema_sql import PLAIN_CORE
from hunter.storage.lead_index.view import Facet, LeadPage
from hunter.storage.statements import Plan, fetch_rows

#: Values of one facet that are told, the most frequent ones.
MOST_VALUES: Final = 200
#: A list is counted by its number and told by its name.
_NAMED: Final = f"""
select field, case when field = 'list' then coalesce(n.name, '') else value end, leads from (
    select field, value, leads, row_number() over (partition by field order by leads desc, value) as place
    from ({{counts}}) v where leads > 0
) r left join lists n on field = 'list' and n.id::text = value where place <= {MOST_VALUES}
"""
#: Words that are told also where no lead has them; of long tables only those that some lead has.
_TOLD_WITHOUT_LEADS: Final = {
    field.name: tuple(word for word in field.words if word) for field in KEY_FACETS if len(field.words) < 10
}


async def facets_by_core(connection: AsyncConnection, filters: Filters, names: Sequence[str]) -> list[Facet]:
    """Count the values of facets under filters on the core, without a selection in the facets themselves."""
    if not names:
        return []
    if filters.is_plain:
        within = f"core_key = {PLAIN_CORE}"
    else:
        cores = f"select facet_key from ({BY_CORE}) c where {filters.on_key}"
        within = f"core_key = any(array({cores}))"
    counts = f"""
        select field, value, sum(leads)::bigint as leads from lead_value_facets
        where {within} and field = any(%(fields)s) group by field, value
    """
    values = {**filters.values, "fields": list(names)}
    found = await fetch_rows(connection, _NAMED.format(counts=counts), values, plan=Plan.FOR_ANY_VALUES)
    return _facets(found, names)


async def wide_facets(connection: AsyncConnection, filters: Filters) -> tuple[list[Facet], list[str]]:
    """Count the wide facets, each without its own selection; also returns the names of those that are not exact.

    So is counted a field of the key in which a word is chosen that the key has no number for.
    """
    facets: list[Facet] = []
    inexact: list[str] = []
    unknown = (field for field in KEY_FACETS if field.name in filters.residual_terms)
    for field in (*WIDE_FACETS, *(WideField(one.name, one.column, has_many=False) for one in unknown)):
        others = filters.without(field.name)
        if others.is_core and not others.residual_terms:
            facets += await facets_by_core(connection, others, [field.name])
        else:
            facet, is_whole = await _of_hits(connection, others, field)
            facets.append(facet)
            inexact += [] if is_whole else [field.name]
    return facets, inexact


async def _of_hits(connection: AsyncConnection, filters: Filters, field: WideField) -> tuple[Facet, bool]:
    """Count the values of the leads themselves; also returns whether all were looked at."""
    hits = f"{_ids(filters)} limit {MOST_COUNTED + 1}"
    value = "v::text" if field.has_many else f"coalesce(l.{field.column}, '')"
    each = f", unnest(l.{field.column}) as v" if field.has_many else ""
    counts = f"""
        select '{field.name}' as field, {value} as value, count(*) as leads
        from hits h join leads l on l.id = h.id{each} group by 2
    """
    statement = f"""
        with hits as materialized ({hits})
        select null, null, count(*) from hits union all ({_NAMED.format(counts=counts)})
    """
    (_, _, looked_at), *found = await fetch_rows(connection, statement, filters.values)
    return _facets(found, [field.name])[0], looked_at <= MOST_COUNTED


def _ids(filters: Filters) -> str:
    """Return SQL for the numbers of the leads that match."""
    if filters.residual_terms:
        return all_hits(filters, "id", filters.on_key)
    return f"select l.id from ({keys_of(filters)}) k cross join lateral ({IN_KEY.format(columns='id')}) l"


def _facets(rows: Iterable[tuple[str, str, int]], names: Sequence[str]) -> list[Facet]:
    counts: dict[str, dict[str, int]] = {name: dict.fromkeys(_TOLD_WITHOUT_LEADS.get(name, ()), 0) for name in names}
    for name, value, leads in rows:
        counts[name][value] = leads
    return [Facet(name, by_frequency(counts[name].items())) for name in names]


async def with_all_facets(connection: AsyncConnection, page: LeadPage, filters: Filters) -> LeadPage:
    """Return a page with the facets that its keys could not tell, all in the order in which they are told."""
    told = {facet.name: facet for facet in page.facets}
    lacking = [field.name for field in KEY_FACETS if field.name not in told]
    chosen = [name for name in lacking if name in filters.key_terms]
    free = [name for name in lacking if name not in chosen]
    wide_free = [name for name in WIDE_NAMES if name not in filters.residual_terms]
    inexact: list[str] = []
    found: list[Facet] = []
    if filters.is_core and not filters.residual_terms:
        found += await facets_by_core(connection, filters, [*free, *sorted(wide_free)])
    else:
        found += await facets_by_core(connection, filters, free)
        wide, inexact = await wide_facets(connection, filters)
        found += wide
    for name in chosen:
        found += await facets_by_core(connection, filters.without(name), [name])
    told |= {facet.name: facet for facet in found}
    facets = tuple(told[name] for name in FACET_NAMES)
    return replace(page, facets=facets, inexact_facets=tuple(inexact))
