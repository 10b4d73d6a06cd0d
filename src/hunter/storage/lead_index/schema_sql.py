"""SQL that follows from the table of fields: the function that packs a key, its triggers and statistics.

Migrations run it. It is made anew from the fields each time, so that a database that goes through all migrations at
once and one that was there before end with the same functions.
"""

from collections.abc import Iterator
from typing import Final

from hunter.storage.lead_index.facet_key import CORE_OF, IS_SCORED, unmarked
from hunter.storage.lead_index.fields import FIELDS, MARK, MARKS, WIDE_FACETS, KeyField, Kind

#: Statistics take no more expressions than this at once.
_MOST_AT_ONCE: Final = 8
_TYPES: Final = {Kind.WORD: "text", Kind.NUMBER: "integer", Kind.FLAGS: "text[]"}


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _packed(field: KeyField) -> str:
    """Return SQL for the number of a field, from the argument that is called as its column."""
    match field.kind:
        case Kind.NUMBER:
            return f"coalesce({field.column} + 1, 0)" if field.words[1] == "0" else f"coalesce({field.column}, 0)"
        case Kind.WORD:
            words = ", ".join(map(_literal, field.words))
            other = (1 << field.bits) - 1
            return f"coalesce(array_position(array[{words}], coalesce({field.column}, '')) - 1, {other})"
        case Kind.FLAGS:
            flags = (f"({_literal(word)} = any({field.column}))::integer << {bit}" for bit, word in _bits(field))
            return " | ".join(f"({flag})" for flag in flags)


def _bits(field: KeyField) -> Iterator[tuple[int, str]]:
    return enumerate(field.words)


def key_function() -> str:
    """Return the statement that makes or renews `lead_key`, the function that packs a key."""
    arguments = ", ".join(f"{field.column} {_TYPES[field.kind]}" for field in FIELDS)
    parts = " | ".join(f"(({_packed(field)})::bigint << {field.shift})" for field in FIELDS)
    return f"""
        create or replace function lead_key({arguments}) returns bigint
        language sql immutable parallel safe return {parts};
    """


def renew_keys() -> str:
    """Return the statements that renew `lead_key` and give those leads another key that have another one by it."""
    return f"""
        {key_function()}
        {count_function()}
        update leads l set facet_key = e.facet_key from leads_expected e
        where e.id = l.id and e.facet_key is distinct from l.facet_key;
        update lead_scans t set facet_key = l.facet_key from leads l
        where l.id = t.id and t.facet_key is distinct from l.facet_key;
    """


def recount() -> str:
    """Return the statements that renew the trigger and count all leads anew, where there is another field to count."""
    return f"""
        {count_function()}
        truncate lead_facets, lead_core_facets, lead_value_facets;
        {count_anew()}
    """


#: The call of that function beside columns of the same names.
KEY_CALL: Final = f"lead_key({', '.join(field.column for field in FIELDS)})"
#: Columns that are counted by core, beside the core itself.
_BESIDE: Final = tuple(field for field in FIELDS if not field.is_core)
_COUNTED: Final = (*((field.name, field.column, field.kind is Kind.FLAGS) for field in FIELDS if not field.is_core),)
_WIDE: Final = tuple((field.name, field.column, field.has_many) for field in WIDE_FACETS)
#: What can change in a lead while its key stays as it is: words that the key has no number for, wide values.
_OWN_COLUMNS: Final = ("local_provider", "gateway", *(field.column for field in WIDE_FACETS))


#: Stands in place of a core for all leads that a list shows in which nothing is chosen: scored, without a mark.
PLAIN_CORE: Final = -1
#: As many numbers below it has each field beside the core, for the plain leads with one of its values.
_VALUE_STEP: Final = 1_000
_IS_PLAIN: Final = f"{IS_SCORED} and {unmarked(MARK.flags(MARKS))}"


def values_of(rows: str) -> str:
    """Return SQL for core, field and value of every value of these rows that is counted, each with its sign `n`.

    `rows` is a table of leads with a column `n`. A plain lead is counted under its core and under `PLAIN_CORE`; its
    wide values also under each other value that it has, so that a list by one host shows its cities.
    """
    parts = []
    for name, column, has_many in (*_COUNTED, *_WIDE):
        value = "v::text" if has_many else f"coalesce({column}, '')::text"
        source = f"{rows}, unnest({column}) as v" if has_many else rows
        is_wide = (name, column, has_many) in _WIDE
        parts.append(f"select facet_key, '{name}' as field, {value} as value, {is_wide} as is_wide, n from {source}")
    return f"""
        select k.core_key, field, value, n from ({" union all ".join(parts)}) a
        cross join lateral (
            select {CORE_OF} union all select {PLAIN_CORE} where {_IS_PLAIN}
            union all select core_key from (values {", ".join(f"({one})" for one in _value_cores())}) v(core_key)
            where is_wide and {_IS_PLAIN} and core_key is not null
        ) as k(core_key)
    """


def value_core(field: KeyField, word: str) -> int:
    """Return what stands in place of a core for the plain leads with a value of a field beside the core."""
    return PLAIN_CORE - 1 - _VALUE_STEP * _BESIDE.index(field) - field.words.index(word)


def _value_cores() -> Iterator[str]:
    """Return SQL for those numbers of the values in a `facet_key`, null where there is no value."""
    for place, field in enumerate(_BESIDE):
        first = PLAIN_CORE - 1 - _VALUE_STEP * place
        if field.kind is Kind.FLAGS:
            yield from (f"case when {field.flag(word)} = 1 then {first - bit} end" for bit, word in _bits(field))
        elif field.words[0]:
            yield f"{first} - {field.expression}"
        else:
            yield f"{first} - nullif({field.expression}, 0)"


def count_anew() -> str:
    """Return the statements that fill the tables of counts, which are empty, from all leads."""
    return f"""
        insert into lead_facets select facet_key, 0, count(*) from leads group by facet_key order by facet_key;
        insert into lead_core_facets
        select {CORE_OF}, 0, count(*), coalesce(sum(annual_low_eur), 0), coalesce(sum(annual_high_eur), 0)
        from leads group by 1 order by 1;
        insert into lead_value_facets
        select core_key, field, value, 0, sum(n) from ({values_of("(select *, 1 as n from leads) moved")}) v
        group by core_key, field, value order by core_key, field, value;
    """


def count_function() -> str:
    """Return the statement that makes `lead_facets_count`, the trigger that keeps the counts.

    A writer adds to the shard that it alone holds until it commits, so that writers never wait for each other here.
    """
    new, old = (f"select *, {n} as n from {rows}" for n, rows in ((1, "new_rows"), (-1, "old_rows")))
    names = ("facet_key", "annual_low_eur", "annual_high_eur", *_OWN_COLUMNS)
    one, other = (", ".join(f"{rows}.{name}" for name in names) for rows in ("a", "b"))
    changed = f"""
        select a.*, 1 as n from new_rows a left join old_rows b using (id) where ({one}) is distinct from ({other})
        union all
        select a.*, -1 from old_rows a left join new_rows b using (id) where ({one}) is distinct from ({other})
    """
    return f"""
        create or replace function lead_facets_count() returns trigger
        language plpgsql volatile as $$
        begin
            if tg_op = 'INSERT' then {_add(new)}
            elsif tg_op = 'DELETE' then {_add(old)}
            else {_add(changed)}
            end if;
            return null;
        end $$;
    """


def _add(rows: str) -> str:
    """Return the statement that adds rows with their signs to all counts."""
    return f"""
        with moved as materialized ({rows}),
        held as materialized (select lead_facets_shard() as shard),
        by_key as (
            insert into lead_facets as f
            select facet_key, (select shard from held), sum(n) from moved
            group by facet_key having sum(n) <> 0 order by facet_key
            on conflict (facet_key, shard) do update set leads = f.leads + excluded.leads
        ),
        by_core as (
            insert into lead_core_facets as f
            select {CORE_OF}, (select shard from held), sum(n), sum(n * coalesce(annual_low_eur, 0)::bigint),
                sum(n * coalesce(annual_high_eur, 0)::bigint)
            from moved group by 1
            having sum(n) <> 0 or sum(n * coalesce(annual_low_eur, 0)::bigint) <> 0
                or sum(n * coalesce(annual_high_eur, 0)::bigint) <> 0
            order by 1
            on conflict (core_key, shard) do update set leads = f.leads + excluded.leads,
                annual_low_eur = f.annual_low_eur + excluded.annual_low_eur,
                annual_high_eur = f.annual_high_eur + excluded.annual_high_eur
        )
        insert into lead_value_facets as f
        select core_key, field, value, (select shard from held), sum(n) from ({values_of("moved")}) v
        group by core_key, field, value having sum(n) <> 0 order by core_key, field, value
        on conflict (core_key, field, value, shard) do update set leads = f.leads + excluded.leads;
    """


def statistics(table: str) -> str:
    """Return the statements that tell the planner how often the values of a key come together."""
    expressions = [field.expression for field in reversed(FIELDS) if field.kind is not Kind.FLAGS or field.is_core]
    groups = [expressions[at : at + _MOST_AT_ONCE] for at in range(0, len(expressions), _MOST_AT_ONCE)]
    return "\n".join(
        f"create statistics {table}_keys_{number} (mcv) on {', '.join(group)} from {table};"
        for number, group in enumerate(groups, start=1)
    )
