"""`hunter db ACT` on a database with scanned companies in it."""

from datetime import UTC, datetime, timedelta

import pytest

from hunter.storage.schema import heads
from tests.integration.cli.stored.conftest import Commands, Database, Row

NAMES = (
    "pervane-yazilim.example",
    "anadolu-rulman.example",
    "eskikuyu-emlak.example",
    "çamlıca-gıda.example",
)
REVISION = "select version_num from alembic_version"
#: All of a lead that a list shows, and the evidence under it.
LEADS = "select to_jsonb(l) - 'id' from leads l order by domain"
EVIDENCE = "select domain, collected_at, evidence::text from evidence order by domain, collected_at"
FACETS = "select facet_key, sum(leads) from lead_facets group by 1 having sum(leads) <> 0 order by 1"


@pytest.fixture
def scanned(hunter: Commands, demo_server: str) -> Commands:
    """The commands, on a database in which companies were scanned."""
    assert hunter("scan", *NAMES, "--server", demo_server).code == 0
    return hunter


def everything(database: Database) -> list[list[Row]]:
    return [database.rows(query) for query in (LEADS, EVIDENCE, FACETS)]


def test_upgrade_brings_an_empty_database_up_and_then_has_nothing_to_do(
    hunter: Commands, bare_database: Database
) -> None:
    first = hunter("db", "upgrade", HUNTER_DATABASE_URL=bare_database.url)
    assert (first.code, first.output, first.errors) == (0, "the schema is that of this release now\n", "")
    assert bare_database.rows(REVISION) == [heads()]
    assert hunter("db", "upgrade", HUNTER_DATABASE_URL=bare_database.url).output == "nothing to do\n"


def test_leads_survive_a_way_down_and_up(scanned: Commands, database: Database) -> None:
    before = everything(database)
    assert len(before[0]) == len(NAMES)
    down = scanned("db", "downgrade", "m0003_functions")
    assert (down.code, down.output, down.errors) == (0, "the schema is at m0003_functions now\n", "")
    assert database.rows("select to_regclass('leads')") == [(None,)]
    assert scanned("db", "upgrade").code == 0
    assert everything(database) == before
    assert scanned("db", "check").output == "no difference\n"


def test_a_minus_one_needs_no_dashes_before_it(scanned: Commands, database: Database) -> None:
    assert scanned("db", "downgrade", "-1").code == 0
    once = database.rows(REVISION)
    assert scanned("db", "downgrade", "--", "-1").code == 0
    assert len({heads(), *once, *database.rows(REVISION)}) == 3


def test_down_to_the_base_takes_the_tables_away(scanned: Commands, database: Database) -> None:
    assert scanned("db", "downgrade", "base").code == 0
    tables = "select tablename from pg_tables where schemaname = 'public' order by 1"
    assert database.rows(tables) == [("alembic_version",)]
    assert database.rows(REVISION) == []


def test_check_finds_no_difference_after_scans(scanned: Commands) -> None:
    result = scanned("db", "check")
    assert (result.code, result.output, result.errors) == (0, "no difference\n", "")


def test_check_names_every_difference_and_ends_with_one(scanned: Commands, database: Database) -> None:
    database.run(
        "update leads set provider = 'Zoho' where domain = 'anadolu-rulman.example'",
        "delete from lead_scans where domain = 'pervane-yazilim.example'",
    )
    result = scanned("db", "check")
    lines = result.output.splitlines()
    assert result.code == 1
    assert "anadolu-rulman.example: leads.provider is 'Zoho' and ought to be 'M365'" in lines
    assert "pervane-yazilim.example: lead_scans, the row is None and ought to be 'missing'" in lines
    assert lines[-1] == f"{len(lines) - 1} differences"


def test_check_says_where_refused_names_were_kept_with_another_key(scanned: Commands) -> None:
    assert scanned("company", "mark", "aranmasin.example", "--do-not-contact").code == 0
    assert scanned("db", "check").code == 0
    result = scanned("db", "check", HUNTER_SECRET_KEY="another-secret-of-this-test")
    assert result.code == 1
    assert result.output.startswith("do_not_contact: names that must not be contacted were hashed with another ")
    assert result.output.endswith("1 differences\n")


def test_tidy_takes_what_is_old_and_leaves_what_is_young(
    scanned: Commands, database: Database, demo_server: str
) -> None:
    for _ in range(3):
        scanned("scan", NAMES[0], "--fresh", "--server", demo_server, HUNTER_KEEP_EVIDENCE_PER_DOMAIN="0")
    scanned.write("liste.csv", "domain\neski-firma.example\nyeni-firma.example\n")
    assert scanned("ingest", "liste.csv").code == 0
    aged = datetime.now(UTC) - timedelta(days=31)
    database.run(f"update raw_leads set ingested_at = '{aged}' where domain = 'eski-firma.example'")
    evidence = "select count(*) from evidence where domain = %s"
    assert database.rows(evidence, (NAMES[0],)) == [(4,)]
    result = scanned("db", "tidy")
    assert (result.code, result.errors) == (0, "")
    assert result.output.splitlines() == ["raw_leads: 1 removed", "evidence: 2 removed"]
    assert database.rows("select domain from raw_leads") == [("yeni-firma.example",)]
    assert database.rows(evidence, (NAMES[0],)) == [(2,)]
    assert scanned("db", "tidy").output == "nothing to remove\n"
    assert scanned("db", "check").output == "no difference\n"


def test_tidy_keeps_for_ever_where_the_setting_says_so(scanned: Commands, database: Database) -> None:
    scanned.write("liste.csv", "domain\neski-firma.example\n")
    scanned("ingest", "liste.csv")
    database.run("update raw_leads set ingested_at = now() - interval '10 years'")
    assert scanned("db", "tidy", HUNTER_KEEP_RAW_LEADS_DAYS="0").output == "nothing to remove\n"


def test_a_backup_read_into_an_empty_database_gives_the_same_leads(
    scanned: Commands, database: Database, bare_database: Database
) -> None:
    written = scanned("db", "backup", "yedek.dump")
    assert (written.code, written.output, written.errors) == (0, "written: yedek.dump\n", "")
    read = scanned("db", "restore", "yedek.dump", HUNTER_DATABASE_URL=bare_database.url)
    assert (read.code, read.output, read.errors) == (0, "restored from yedek.dump\n", "")
    assert everything(bare_database) == everything(database)
    assert scanned("db", "check", HUNTER_DATABASE_URL=bare_database.url).output == "no difference\n"


def test_a_backup_is_read_into_a_database_that_has_only_the_schema(
    scanned: Commands, database: Database, other_database: Database
) -> None:
    scanned("db", "backup", "yedek.dump")
    assert scanned("db", "restore", "yedek.dump", HUNTER_DATABASE_URL=other_database.url).code == 0
    assert everything(other_database) == everything(database)


def test_a_backup_of_an_older_schema_is_brought_up(
    scanned: Commands, database: Database, bare_database: Database
) -> None:
    before = everything(database)
    scanned("db", "downgrade", "-1")
    scanned("db", "backup", "yedek.dump")
    assert scanned("db", "restore", "yedek.dump", HUNTER_DATABASE_URL=bare_database.url).code == 0
    assert everything(bare_database) == before


def test_a_full_database_is_not_restored_into(
    scanned: Commands, database: Database, other_database: Database, demo_server: str
) -> None:
    scanned("db", "backup", "yedek.dump")
    scanned("scan", NAMES[0], "--server", demo_server, HUNTER_DATABASE_URL=other_database.url)
    before = everything(other_database)
    result = scanned("db", "restore", "yedek.dump", HUNTER_DATABASE_URL=other_database.url)
    assert (result.code, result.output) == (1, "")
    assert "the database has rows already (in public.companies)" in result.errors
    assert everything(other_database) == before


def test_a_backup_never_takes_the_place_of_a_file(scanned: Commands) -> None:
    scanned.write("yedek.dump", "the backup of last week")
    result = scanned("db", "backup", "yedek.dump")
    assert (result.code, result.output) == (1, "")
    assert (scanned.folder / "yedek.dump").read_text(encoding="utf-8") == "the backup of last week"


def test_a_file_that_is_not_there_is_named(hunter: Commands, bare_database: Database) -> None:
    result = hunter("db", "restore", "yok.dump", HUNTER_DATABASE_URL=bare_database.url)
    assert (result.code, result.output) == (1, "")
    assert result.errors == "hunter: yok.dump cannot be read: No such file or directory\n"


def test_a_file_that_is_no_backup_changes_nothing(hunter: Commands, bare_database: Database) -> None:
    hunter.write("yedek.dump", b"PGDMP" + bytes(range(256)) * 40)
    result = hunter("db", "restore", "yedek.dump", HUNTER_DATABASE_URL=bare_database.url)
    assert (result.code, result.output) == (1, "")
    assert "yedek.dump" in result.errors
    assert bare_database.rows("select count(*) from pg_tables where schemaname = 'public'") == [(0,)]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "the following arguments are required: ACT"),
        (("vacuum",), "invalid choice: 'vacuum'"),
        (("check", "more"), "hunter db check takes nothing more"),
        (("upgrade", "head"), "hunter db upgrade takes nothing more"),
        (("tidy", "now"), "hunter db tidy takes nothing more"),
        (("backup",), "hunter db backup needs a FILE"),
        (("restore",), "hunter db restore needs a FILE"),
        (("downgrade",), "hunter db downgrade needs a REVISION"),
        (("downgrade", ""), "hunter db downgrade needs a REVISION"),
        (("backup", " "), "hunter db backup needs a FILE"),
        (("downgrade", "no_such_revision"), "no_such_revision"),
        (("check", "--force"), "--force"),
    ],
)
def test_a_call_that_cannot_work_says_why_and_changes_nothing(
    hunter: Commands, database: Database, arguments: tuple[str, ...], said: str
) -> None:
    result = hunter("db", *arguments)
    assert (result.code, result.output) == (2, "")
    assert said in result.errors
    assert "should not happen" not in result.errors
    assert database.rows(REVISION) == [heads()]


@pytest.mark.parametrize("act", ["upgrade", "check", "tidy"])
def test_a_database_that_cannot_be_had_is_said_in_one_line(hunter: Commands, act: str) -> None:
    result = hunter("db", act, HUNTER_DATABASE_URL="postgresql://hunter@127.0.0.1:1/hunter")
    assert (result.code, result.output) == (1, "")
    assert result.errors == "hunter: the database cannot be reached\n"
