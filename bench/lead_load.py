"""Filling a database with the leads of a world, fast: one COPY, and every table made from it inside the server.

The rows of each kind are written by the product itself and copied for its companies, so that they are what it writes.
"""

from collections.abc import Callable
from typing import Final

import psycopg
from sqlalchemy.ext.asyncio import AsyncEngine

from bench.lead_world import LISTS, NOW, LeadWorld
from hunter.core.new_company import NewCompany
from hunter.storage.lead_index.schema_sql import count_anew
from hunter.storage.lead_index.writing import LEAD_COLUMNS
from hunter.storage.unit_of_work import UnitOfWork

_FILLED: Final = (
    *("companies", "domain_signals", "lead_scores", "evidence", "leads", "lead_scans", "lead_words", "tags"),
    "company_lists",
)
_STAGING: Final = """
create unlogged table world (
    number integer, name text, domain varchar(255) collate "C", kind varchar(255) collate "C", scanned_at timestamptz,
    expires_at date, changed_at timestamptz, d365 text, referral text, city text, size text, mark text, lists integer[]
)
"""
_COPY: Final = """
copy world (number, name, domain, kind, scanned_at, expires_at, changed_at, d365, referral, city, size, mark, lists)
from stdin
"""
_COMPANIES: Final = """
insert into companies (canonical_name, name_rank, domain, provider, tenant_size, size_source, country, city,
    is_own_customer, is_do_not_contact, is_demo, d365_sync_status, created_at, updated_at)
select w.name, 1, w.domain, k.provider, coalesce(w.size, k.tenant_size),
    case when w.size is null then k.size_source else 'import' end, 'TR', w.city,
    w.mark is not distinct from 'own_customer', w.mark is not distinct from 'do_not_contact',
    w.mark is not distinct from 'demo', w.d365, w.scanned_at, w.scanned_at
from world w join companies k on k.domain = w.kind order by w.number
"""
_OTHERS: Final = (
    """
    insert into score_change_history (domain, old_score, new_score, old_segment, new_segment, changed_at)
    select domain, 20, 25, 'Skip', 'Cold', changed_at from world where changed_at is not null
    """,
    """
    insert into partner_center_referrals (referral_id, referral_type, domain, link_status, synced_at)
    select 'r' || number, referral, domain, 'auto_linked', scanned_at from world where referral is not null
    """,
    """
    insert into company_lists (list_id, domain, row_number)
    select l.id, w.domain, w.number from world w, unnest(w.lists) as at join lists l on l.row_count = at
    """,
    f"""
    insert into tags (domain, tag) select domain, 'expire-soon' from world
    where expires_at >= date '{NOW.date()}' and expires_at < date '{NOW.date()}' + 30 on conflict do nothing
    """,
)
#: Columns that are not copied from the kind as they are.
_OWN: Final = {
    "domain": "w.domain",
    "scanned_at": "w.scanned_at",
    "collected_at": "w.scanned_at",
    "updated_at": "w.scanned_at",
    "expires_at": "w.expires_at",
    # A judgement is rewritten only where the newest evidence is that of the scan.
    "evidence": f"replace(replace(k.evidence::text, k.domain, w.domain), '{NOW.isoformat()}', "
    """to_char(w.scanned_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"+00:00"'))::json""",
    "dmarc_record": "replace(k.dmarc_record, k.domain, w.domain)",
}
_COLUMNS: Final = """
select column_name from information_schema.columns
where table_name = %s and column_name <> 'id' and is_generated = 'NEVER' order by ordinal_position
"""
_WORDS: Final = """
truncate lead_words, search_words;
insert into lead_words select word, prio_rank, domain, facet_key, id
from leads, unnest(lead_terms(search_text, city, lists)) as word order by 1, 2, 3;
insert into search_words select distinct word from lead_words where word >= ' ';
"""
_INDEXES: Final = """
select i.indexname, i.indexdef from pg_indexes i
where i.schemaname = 'public' and i.tablename = any(%s)
    and not exists (select from pg_constraint c where c.conname = i.indexname)
"""


async def load_leads(engine: AsyncEngine, url: str, world: LeadWorld, *, rows: int, say: Callable[[str], None]) -> None:
    """Fill an empty, migrated database; the role must own it and be a superuser."""
    async with UnitOfWork(engine) as unit:
        await unit.companies.intake_many([NewCompany(domain=kind.evidence.domain) for kind in world.kinds])
        await unit.leads.save_many(world.kinds)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(_STAGING)
        with connection.cursor() as cursor:
            # Until the companies are in, the number of rows says which of the world's lists it is.
            named = [(name, at) for at, name in enumerate(LISTS)]
            cursor.executemany("insert into lists (name, row_count) values (%s, %s)", named)
        with connection.cursor() as cursor, cursor.copy(_COPY) as copy:
            for number in range(rows):
                copy.write_row(_row(world, number))
        say(f"leads: {rows:,} companies are in; making their tables")
        with connection.transaction():
            _fill(connection)
        connection.execute("drop table world")
        say("leads: vacuum")
        connection.execute("vacuum analyze")


def _row(world: LeadWorld, number: int) -> tuple[object, ...]:
    one = world.company(number)
    kind = world.kinds[one.kind].evidence.domain
    facts = (one.scanned_at, one.expires_at, one.changed_at, one.d365_sync_status, one.referral_type)
    more = (one.city, one.tenant_size, one.mark, list(one.lists))
    return (one.number, one.name, one.domain, kind, *facts, *more)


def _fill(connection: psycopg.Connection) -> None:
    # Checks of foreign keys and the rollup's triggers would cost a step for every row.
    connection.execute("set local session_replication_role = replica")
    connection.execute("set local maintenance_work_mem = '512MB'")
    connection.execute("set local work_mem = '256MB'")
    indexes = connection.execute(_INDEXES, [list(_FILLED)]).fetchall()
    for name, _ in indexes:
        connection.execute(f'drop index "{name}"'.encode())
    connection.execute(_COMPANIES)
    for table in ("domain_signals", "lead_scores", "evidence", "tags"):
        connection.execute(_copied(connection, table).encode())
    for statement in _OTHERS:
        connection.execute(statement.encode())
    # Those of the contract tables first: the rows of the leads are looked up by them.
    for _, definition in (index for index in indexes if " leads " not in index[1].replace(".", " ")):
        connection.execute(definition.encode())
    connection.execute("analyze")
    connection.execute(
        f"insert into leads ({', '.join(LEAD_COLUMNS)}) select {', '.join(LEAD_COLUMNS)} from leads_expected e "
        "where exists (select from world where domain = e.domain)".encode()
    )
    connection.execute(
        "insert into lead_scans "
        "select l.id, domain, s.scanned_at, l.facet_key, l.prio_rank, l.expires_at, l.last_changed_at "
        "from leads l join domain_signals s using (domain) join world w using (domain)"
    )
    for _, definition in (index for index in indexes if " leads " in index[1].replace(".", " ")):
        connection.execute(definition.encode())
    connection.execute("truncate lead_facets, lead_core_facets, lead_value_facets")
    for table in ("leads", "lead_scans"):
        connection.execute(f"delete from {table} where domain like 'kind%.example'".encode())
    connection.execute(count_anew().encode())
    connection.execute(_WORDS)
    for table in (*_FILLED[1:4], "tags", "companies"):
        connection.execute(f"delete from {table} where domain like 'kind%.example'".encode())


def _copied(connection: psycopg.Connection, table: str) -> str:
    columns = [name for (name,) in connection.execute(_COLUMNS, [table])]
    values = [_OWN.get(name, f"k.{name}") for name in columns]
    return (
        f"insert into {table} ({', '.join(columns)}) select {', '.join(values)} "
        f"from world w join {table} k on k.domain = w.kind order by w.number"
    )
