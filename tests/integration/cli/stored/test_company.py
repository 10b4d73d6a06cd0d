"""`hunter company`: a company is marked, or erased with all that hangs on it."""

import pytest

from tests.integration.cli.stored.conftest import Commands, Database

GOOGLE, MICROSOFT = "pervane-yazilim.example", "anadolu-rulman.example"
#: Every table that may name a company.
WITH_DOMAINS = """
select table_name from information_schema.columns join information_schema.tables using (table_schema, table_name)
where table_schema = 'public' and column_name = 'domain' and table_type = 'BASE TABLE' order by 1
"""


@pytest.fixture
def scanned(hunter: Commands, demo_server: str) -> Commands:
    """The commands, on a database in which two companies came by a list and were scanned."""
    hunter.write("liste.csv", f"Firma;Web\nPervane;{GOOGLE}\nRulman;{MICROSOFT}\n")
    assert hunter("ingest", "liste.csv").code == 0
    assert hunter("scan", GOOGLE, MICROSOFT, "--server", demo_server).code == 0
    return hunter


def tables_naming(database: Database, domain: str) -> list[str]:
    tables = [str(name) for (name,) in database.rows(WITH_DOMAINS)]
    return [name for name in tables if database.rows(f"select 1 from {name} where domain = %s limit 1", (domain,))]


def test_nothing_that_names_the_company_is_left(scanned: Commands, database: Database) -> None:
    assert {"companies", "domain_signals", "evidence", "leads", "lead_scores", "raw_leads"} <= set(
        tables_naming(database, GOOGLE)
    )
    result = scanned("company", "forget", GOOGLE)
    assert result.code == 0
    # The log keeps a reference, and not the name.
    (line,) = result.errors.splitlines()
    assert "event=company_erased" in line
    assert GOOGLE not in line
    assert result.output.startswith(f"{GOOGLE} is forgotten: ")
    assert "1 raw_leads" in result.output
    assert tables_naming(database, GOOGLE) == []


def test_other_companies_stay_and_the_counts_are_right(scanned: Commands, database: Database) -> None:
    before = tables_naming(database, MICROSOFT)
    scanned("company", "forget", GOOGLE)
    assert tables_naming(database, MICROSOFT) == before
    assert scanned("db", "check").output == "no difference\n"


def test_a_forgotten_company_is_new_when_it_comes_again(
    scanned: Commands, database: Database, demo_server: str
) -> None:
    scanned("company", "forget", GOOGLE)
    again = scanned("scan", GOOGLE, "--server", demo_server)
    assert "Son tarama" not in again.output
    assert database.domains() == {GOOGLE, MICROSOFT}


@pytest.mark.parametrize("name", [f"https://www.{GOOGLE}/iletisim", f"bilgi@{GOOGLE}", GOOGLE.upper()])
def test_the_name_may_be_written_as_people_write_it(scanned: Commands, database: Database, name: str) -> None:
    assert scanned("company", "forget", name).code == 0
    assert database.domains() == {MICROSOFT}


def test_a_company_that_nobody_knows_is_said(scanned: Commands, database: Database) -> None:
    result = scanned("company", "forget", "hic-gelmedi.example")
    assert (result.code, result.output) == (1, "")
    assert result.errors == "hunter: hic-gelmedi.example is not known\n"
    assert database.domains() == {GOOGLE, MICROSOFT}


def test_marks_are_set_and_taken_away(scanned: Commands, database: Database) -> None:
    result = scanned("company", "mark", f"www.{GOOGLE}", "--own-customer", "--demo")
    assert (result.code, result.output) == (0, f"{GOOGLE}: demo, own customer\n")
    # The log keeps a reference, and not the name.
    assert "event=company_marked" in result.errors
    assert GOOGLE not in result.errors
    assert scanned("company", "unmark", GOOGLE, "--demo", "--do-not-contact").output == f"{GOOGLE}: own customer\n"
    assert database.rows("select domain from companies where is_own_customer and not is_demo") == [(GOOGLE,)]
    assert scanned("company", "unmark", GOOGLE, "--own-customer").output == f"{GOOGLE}: no marks\n"
    unknown = scanned("company", "mark", "hic-gelmedi.example", "--own-customer")
    assert (unknown.code, unknown.errors) == (1, "hunter: hic-gelmedi.example is not known\n")


def test_a_company_that_must_not_be_contacted_never_comes_back(
    scanned: Commands, database: Database, demo_server: str
) -> None:
    said = scanned("company", "mark", GOOGLE, "--do-not-contact").output
    assert said.splitlines()[0] == f"{GOOGLE}: do not contact"
    forgotten = scanned("company", "forget", GOOGLE).output
    assert forgotten.endswith("its name is refused from now on, until the mark is taken away\n")
    again = scanned("ingest", "liste.csv")
    assert again.output == "1 firma alındı: 2 satır okundu, 0 tekrar.\n1 satır alınmadı.\n"
    assert again.errors == f'Satır 2: "{GOOGLE}" kendisiyle iletişim kurulmasını istemiyor; alınmadı.\n'
    assert scanned("scan", GOOGLE, "--server", demo_server).code == 0
    assert tables_naming(database, GOOGLE) == []
    assert scanned("company", "unmark", GOOGLE, "--do-not-contact").output == f"{GOOGLE}: no marks\n"
    assert scanned("ingest", "liste.csv").code == 0
    assert "companies" in tables_naming(database, GOOGLE)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "required: act, NAME"),
        (("forget",), "required: NAME"),
        (("remember", GOOGLE), "invalid choice: 'remember'"),
        (("forget", "cinarli dokum"), "'cinarli dokum' is no domain name"),
        (("forget", "10.0.0.1"), "'10.0.0.1' is no domain name"),
        (("forget", ""), "'' is no domain name"),
        (("forget", GOOGLE, "--demo"), "hunter company forget takes no marks"),
        (("mark", GOOGLE), "hunter company mark needs one of --own-customer, --do-not-contact, --demo"),
        (("unmark", GOOGLE), "hunter company unmark needs one of --own-customer"),
    ],
)
def test_a_call_that_cannot_work_says_why(hunter: Commands, arguments: tuple[str, ...], said: str) -> None:
    result = hunter("company", *arguments)
    assert (result.code, result.output) == (2, "")
    assert said in result.errors
