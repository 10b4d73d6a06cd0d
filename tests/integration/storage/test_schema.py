"""Migrations: up, down and up again, and whether the tables in Python are those in the database."""

from pathlib import Path

import psycopg
import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import create_engine

from hunter.core.errors import InvalidInput, Unavailable
from hunter.storage.engine import open_engine, psycopg_url
from hunter.storage.lead_index.folding import turkish_fold, turkish_sort_key
from hunter.storage.orm import metadata
from hunter.storage.revision import HEAD, at_head
from hunter.storage.schema import downgrade, heads, upgrade
from hunter.storage.tables import access, alerts, companies, jobs, leads, lists, partners, scores, signals
from tests.support.assessed import intake, save, scan, strong_mail
from tests.support.storage_database import StorageServer, dump_schema

TABLES = (access, alerts, companies, jobs, leads, lists, partners, scores, signals)
EVERY_CHARACTER = "".join(map(chr, (*range(1, 0xD800), 0x1F600)))


def test_up_down_up_leaves_the_same_schema(server: StorageServer) -> None:
    with server.empty_database() as url:
        upgrade(url)
        first = dump_schema(url)
        downgrade(url, "base")
        assert dump_schema(url).count("CREATE ") == 1, "only alembic_version is left"
        upgrade(url)
        assert dump_schema(url) == first


def test_the_revision_of_this_release_is_the_newest_migration() -> None:
    assert heads() == (HEAD,)


def test_the_template_is_at_head_and_an_older_one_is_not(server: StorageServer) -> None:
    with server.database() as url:
        assert at_head(url)
        downgrade(url, "-1")
        assert not at_head(url)


async def test_leads_survive_a_way_down_and_up(database: str) -> None:
    engine = open_engine(database)
    await intake(engine, "firma.example", "bos.example")
    await save(engine, scan(mail=strong_mail()))
    await engine.dispose()
    with psycopg.connect(database) as connection:
        before = connection.execute("select * from leads order by id").fetchall()
        counted = connection.execute("select facet_key, sum(leads) from lead_facets group by 1 order by 1").fetchall()
    assert len(before) == 2
    downgrade(database, "m0003_functions")
    upgrade(database)
    with psycopg.connect(database) as connection:
        assert connection.execute("select * from leads order by id").fetchall() == before
        again = connection.execute("select facet_key, sum(leads) from lead_facets group by 1 order by 1").fetchall()
    assert again == counted


def test_companies_of_the_release_before_get_their_first_door_and_their_scans(database: str) -> None:
    downgrade(database, "m0004_leads")
    with psycopg.connect(database) as connection:
        connection.execute(
            """
            insert into companies (canonical_name, domain, country) values ('A', 'liste.example', 'TR'),
                ('B', 'form.example', null), ('C', 'kanca.example', null), ('D', 'tarama.example', null),
                ('E', 'bos.example', null), ('F', 'ortak.example', null);
            insert into raw_leads (source, domain, ingested_at) values ('webhook', 'liste.example', now()),
                ('csv', 'liste.example', now() - interval '1 day'), ('domain', 'form.example', now()),
                ('webhook', 'kanca.example', now()), ('partnercenter', 'ortak.example', now());
            insert into domain_signals (domain, scanned_at) values ('tarama.example', now()), ('liste.example', now());
            """
        )
    upgrade(database)
    with psycopg.connect(database) as connection:
        found = connection.execute(
            "select c.domain, origin, scan_count, country_source, is_demo from companies c "
            "left join domain_signals s on s.domain = c.domain order by 1"
        )
        assert found.fetchall() == [
            ("bos.example", "domain", None, None, False),
            ("form.example", "domain", None, None, False),
            ("kanca.example", "webhook", None, None, False),
            ("liste.example", "list", 1, "list", False),
            ("ortak.example", "partner_center", None, None, False),
            ("tarama.example", "scan", 1, None, False),
        ]


def test_tables_in_python_are_those_of_the_migrations(database: str) -> None:
    assert len(TABLES) == 9
    engine = create_engine(psycopg_url(database))
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"include_object": _is_ours, "compare_type": True})
        differences = compare_metadata(context, metadata)
    engine.dispose()
    assert differences == []


def _is_ours(_: object, name: str | None, kind: str, is_reflected: bool, __: object) -> bool:
    # The partition and the version table belong to the database alone.
    return not (kind == "table" and is_reflected and name in ("job_items_other", "alembic_version"))


def test_the_database_folds_every_character_as_python_does(database: str) -> None:
    with psycopg.connect(database) as connection:
        row = connection.execute("select turkish_fold(%(t)s), turkish_sort_key(%(t)s)", {"t": EVERY_CHARACTER})
        folded, key = row.fetchone() or (None, None)
    assert folded == turkish_fold(EVERY_CHARACTER)
    assert key == turkish_sort_key(EVERY_CHARACTER)


def test_leads_ready_has_one_row_for_each_company(database: str) -> None:
    with psycopg.connect(database) as connection:
        connection.execute(
            "insert into companies (canonical_name, domain) values ('A', 'a.example'), ('B', 'b.example')"
        )
        rows = connection.execute("select domain, readiness_score from leads_ready order by domain").fetchall()
    assert rows == [("a.example", None), ("b.example", None)]


def test_a_server_that_is_not_there_is_unavailable(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match="cannot be reached"):
        at_head(f"postgresql://hunter@/hunter?host={tmp_path}")


def test_another_kind_of_database_is_refused() -> None:
    with pytest.raises(InvalidInput):
        psycopg_url("sqlite:///hunter.db")
