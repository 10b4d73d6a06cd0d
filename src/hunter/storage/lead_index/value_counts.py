"""Facets that are counted by core: values beside the core of the key, and wide ones, which no key holds.

In: filters, and a page whose other facets are counted. Out: the page with all of them. Exact where the other filters
ask for the core alone, or beside a plain list for values of one field; else wide facets are those of the leads that
are met first, `MOST_LOOKED_AT` of them.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final

from sqlalchemy.ext.asyncio import AsyncConnection

from hunter.storage.lead_index.access_path import AccessPath, Estimate, estimate, has_columns, hits_by
from hunter.storage.lead_index.counts import by_frequency, counted, counting
from hunter.storage.lead_index.facet_key import BY_CORE
from hunter.storage.lead_index.fields import (
    FACET_NAMES,
    KEY_FACETS,
    WIDE_FACETS,
    WIDE_NAMES,
    KeyField,
    Kind,
    WideField,
)
from hunter.storage.lead_index.filters import Filters
from hunter.storage.lead_index.query import MOST_COUNTED
from hunter.storage.lead_index.schema_sql import PLAIN_CORE
from hunter.storage.lead_index.view import Facet, LeadPage
from hunter.storage.statements import Plan, fetch_rows

#: Leads out of which a wide facet is counted, where no table counts it.
MOST_LOOKED_AT: Final = 2_000
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


async def with_all_facets(
    connection: AsyncConnection, page: LeadPage, filters: Filters, sizes: Estimate | None
) -> LeadPage:
    """Return a page with the facets that its keys could not tell, all in the order in which they are told."""
    told = {facet.name: facet for facet in page.facets}
    lacking = [field for field in KEY_FACETS if field.name not in told or field.name in filters.residual_terms]
    columns = {field.name: field for field in (*WIDE_FACETS, *map(_as_column, lacking))}
    names = [*(field.name for field in lacking), *(field.name for field in WIDE_FACETS)]
    chosen = [name for name in names if name in filters.key_terms or name in filters.residual_terms]
    # Facets with the same filters are counted at once: only those in which something is chosen ignore a filter.
    groups = [(filters, sizes, [name for name in names if name not in chosen])]
    groups += [(filters.without(name), None, [name]) for name in chosen]
    inexact: list[str] = []
    for others, known, wanted in groups:
        by_key = [field for field in lacking if [field.name] == wanted and field.name in filters.key_terms]
        if _is_counted_by_core(others, wanted):
            facets, is_exact = await _by_core(connection, others, wanted), True
        elif by_key:
            facets, is_exact = await _of_keys(connection, others, by_key)
        else:
            facets, is_exact = await _of_hits(connection, others, [columns[name] for name in wanted], known)
        told |= {facet.name: facet for facet in facets}
        inexact += [] if is_exact else wanted
    return replace(page, facets=tuple(told[name] for name in FACET_NAMES), inexact_facets=tuple(inexact))


def _as_column(field: KeyField) -> WideField:
    return WideField(field.name, field.column, has_many=field.kind is Kind.FLAGS)


def _is_counted_by_core(filters: Filters, names: Sequence[str]) -> bool:
    if filters.residual_terms:
        return False
    return filters.is_core or (bool(filters.plain_value_cores) and all(name in WIDE_NAMES for name in names))


async def _by_core(connection: AsyncConnection, filters: Filters, names: Sequence[str]) -> list[Facet]:
    """Count the values of facets out of the table that has them by core."""
    if not names:
        return []
    values = {**filters.values, "fields": list(names)}
    if filters.is_plain or filters.plain_value_cores:
        within = "core_key = any(%(cores)s::bigint[])"
        values["cores"] = [PLAIN_CORE] if filters.is_plain else filters.plain_value_cores
    else:
        within = f"core_key = any(array(select facet_key from ({BY_CORE}) c where {filters.on_key}))"
    counts = f"""
        select field, value, sum(leads)::bigint as leads from lead_value_facets
        where {within} and field = any(%(fields)s) group by field, value
    """
    found = await fetch_rows(connection, _NAMED.format(counts=counts), values, plan=Plan.FOR_ANY_VALUES)
    return _facets(found, names)


async def _of_keys(
    connection: AsyncConnection, filters: Filters, fields: Sequence[KeyField]
) -> tuple[list[Facet], bool]:
    """Count facets out of the keys of the leads that match; also returns whether all were looked at."""
    sizes, filters = await estimate(connection, filters)
    hits = hits_by(sizes.counting(has_search=filters.has_search), filters, "facet_key")
    keys = f"select facet_key, count(*) as leads from ({hits} limit {MOST_COUNTED + 1}) h group by facet_key"
    statement = f"with c as materialized ({keys}) {counting(filters, fields)}"
    found = await fetch_rows(connection, statement, filters.values)
    of_keys = counted(((name, value, leads) for name, value, leads, _ in found), fields)
    return list(of_keys.facets), of_keys.total <= MOST_COUNTED


async def _of_hits(
    connection: AsyncConnection, filters: Filters, fields: Sequence[WideField], sizes: Estimate | None
) -> tuple[list[Facet], bool]:
    """Count the values of the leads themselves; also returns whether all were looked at."""
    if not fields:
        return [], True
    path = AccessPath.BUCKET_SCAN
    if filters.residual_terms:
        if sizes is None:
            sizes, filters = await estimate(connection, filters)
        path = sizes.counting(has_search=filters.has_search)
    counts = " union all ".join(map(_counting, fields))
    hits = _hits(filters, path, [field.column for field in fields])
    statement = f"""
        with hits as materialized ({hits} limit {MOST_LOOKED_AT + 1})
        select null, null, count(*) from hits union all ({_NAMED.format(counts=counts)})
    """
    (_, _, looked_at), *found = await fetch_rows(connection, statement, filters.values)
    return _facets(found, [field.name for field in fields]), looked_at <= MOST_LOOKED_AT


def _counting(field: WideField) -> str:
    source, value = "hits", f"coalesce({field.column}::text, '')"
    if field.has_many:
        source, value = f"hits, unnest({field.column}) as v", "v"
    return f"select '{field.name}' as field, {value}::text as value, count(*) as leads from {source} group by 2"


def _hits(filters: Filters, path: AccessPath, columns: Sequence[str]) -> str:
    """Return SQL for columns of `leads`, of the leads that match."""
    listed = ", ".join(columns)
    if has_columns(path, filters, columns):
        return hits_by(path, filters, listed)
    hits = f"{hits_by(path, filters, 'id')} limit {MOST_LOOKED_AT + 1}"
    return f"select {listed} from ({hits}) h join leads using (id)"


def _facets(rows: Iterable[tuple[str, str, int]], names: Sequence[str]) -> list[Facet]:
    counts: dict[str, dict[str, int]] = {name: dict.fromkeys(_TOLD_WITHOUT_LEADS.get(name, ()), 0) for name in names}
    for name, value, leads in rows:
        counts[name][value] = leads
    return [Facet(name, by_frequency(counts[name].items())) for name in names]
