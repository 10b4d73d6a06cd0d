"""`hunter rescore`: stored evidence is judged again under the present rules, and nobody is asked."""

import re

import pytest

from hunter.rules.load import load_rulebook
from tests.integration.cli.stored.conftest import Commands, Database

NAMES = ("pervane-yazilim.example", "anadolu-rulman.example", "eskikuyu-emlak.example")
SCORES = "select domain, readiness_score, segment, priority_score, rulebook_version from lead_scores order by domain"
LEADS = "select to_jsonb(l) - 'id' from leads l order by domain"


@pytest.fixture
def scanned(hunter: Commands, demo_server: str) -> Commands:
    """The commands, on a database in which companies were scanned."""
    assert hunter("scan", *NAMES, "--server", demo_server).code == 0
    return hunter


def said(output: str) -> tuple[str, ...]:
    """How many were judged, under which rules, and how many came out otherwise."""
    found = re.fullmatch(r"(\d+) judged in \d+\.\d s under rulebook (\S+), (\d+) changed\n", output)
    assert found is not None, output
    return found.groups()


def test_where_nothing_is_different_nothing_is_written(scanned: Commands, database: Database) -> None:
    written = "select domain, xmin::text from lead_scores order by domain"
    before = database.rows(written)
    result = scanned("rescore")
    assert (result.code, result.errors) == (0, "")
    assert said(result.output) == ("3", load_rulebook().version, "0")
    assert database.rows(written) == before


def test_what_was_judged_under_older_rules_is_brought_up(scanned: Commands, database: Database) -> None:
    scores, leads = database.rows(SCORES), database.rows(LEADS)
    database.run(
        "update lead_scores set rulebook_version = 'of last year', readiness_score = 12, segment = 'Skip' "
        "where domain = 'pervane-yazilim.example'",
        "update leads set readiness_score = 12, segment = 'Skip' where domain = 'pervane-yazilim.example'",
    )
    assert said(scanned("rescore").output) == ("3", load_rulebook().version, "1")
    assert database.rows(SCORES) == scores
    shown = "select readiness_score, segment, priority_score from leads where domain = 'pervane-yazilim.example'"
    assert database.rows(shown) == [(90, "Migration", 1)]
    assert len(database.rows(LEADS)) == len(leads)
    assert said(scanned("rescore").output) == ("3", load_rulebook().version, "0")


def test_a_provider_that_the_older_rules_did_not_know_reaches_the_list(scanned: Commands, database: Database) -> None:
    name = "where domain = 'anadolu-rulman.example'"
    database.run(f"update companies set provider = 'Unknown' {name}", f"update leads set provider = 'Unknown' {name}")
    assert said(scanned("rescore").output)[2] == "1"
    assert database.rows(f"select provider from leads {name}") == [("M365",)]
    history = f"select previous_provider, new_provider from provider_change_history {name}"
    assert database.rows(history) == [("Unknown", "M365")]


def test_the_list_agrees_with_its_tables_afterwards(scanned: Commands, database: Database) -> None:
    database.run("update lead_scores set rulebook_version = 'of last year', readiness_score = 1")
    scanned("rescore")
    assert scanned("db", "check").output == "no difference\n"


def test_what_could_not_be_read_is_left_as_it_is_and_said(
    hunter: Commands, database: Database, closed_server: str
) -> None:
    hunter("scan", NAMES[0], "--server", closed_server)
    result = hunter("rescore")
    first, second = result.output.splitlines(keepends=True)
    assert said(first) == ("1", load_rulebook().version, "0")
    assert second == "1 left as they are: their newest evidence does not say whether they take mail\n"


def test_an_empty_database_is_no_trouble(hunter: Commands) -> None:
    result = hunter("rescore")
    assert (result.code, said(result.output)[0]) == (0, "0")


def test_it_takes_no_arguments(hunter: Commands) -> None:
    result = hunter("rescore", "firma.example")
    assert (result.code, result.output) == (2, "")
    assert "unrecognized arguments: firma.example" in result.errors
