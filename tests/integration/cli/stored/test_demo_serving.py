"""`hunter demo` without `--once`: it fills a database of its own, serves it until Ctrl-C, and remembers it.

The demo waits once for its dead company, so it runs once and each test looks at one thing that was seen.
"""

import re
import signal
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from hunter.lab.demo_world import demo_companies
from tests.integration.cli.serving import Serving, serving
from tests.integration.servers.watching import one, processes_of
from tests.support.postgres import data_folder

NAMES = {company.domain for company in demo_companies()}
#: Nothing of it could be read, so there is no lead of it.
DEAD = "suskunbag-evleri.example"


@dataclass(frozen=True, slots=True)
class Seen:
    """A demo from its start to its end by Ctrl-C."""

    demo: Serving
    leads: Any
    #: Answers by the addresses that it printed.
    answers: Mapping[str, int]
    code: int
    #: Servers before and after the end.
    running: int
    left: int
    errors: str


@pytest.fixture(scope="module")
def seen() -> Iterator[Seen]:
    """The first demo of a folder, ended."""
    with data_folder() as folder, serving(folder, "demo") as demo:
        printed = re.findall(rf"{re.escape(demo.address)}(/[^\s']+)", demo.output)
        leads = demo.get("/api/v1/leads?page_size=100").json()
        answers = {path: demo.get(path).status_code for path in printed}
        running = len(processes_of(folder / "demo"))
        code = demo.end(signal.SIGINT)
        yield Seen(demo, leads, answers, code, running, len(processes_of(folder)), demo.errors())


@pytest.fixture(scope="module")
def second(seen: Seen) -> Iterator[Serving]:
    """The next demo on the same folder, running."""
    with serving(seen.demo.folder, "demo") as demo:
        yield demo


def table_of(output: str) -> list[str]:
    """The companies of the table, in its order."""
    return [line for line in output.split("\n\n")[1].splitlines() if ".example" in line]


def test_the_printed_address_answers_with_the_companies_of_the_table(seen: Seen) -> None:
    assert len(table_of(seen.demo.output)) == len(NAMES) == 60
    assert {lead["domain"] for lead in seen.leads["leads"]} == NAMES - {DEAD}
    assert (seen.leads["total"], seen.leads["total_is_exact"]) == (59, True)


def test_invented_companies_are_marked_and_in_their_own_database_shown(seen: Seen) -> None:
    assert {tuple(lead["marks"]) for lead in seen.leads["leads"]} == {("demo",)}


def test_the_best_lead_of_the_screen_is_the_first_of_the_list(seen: Seen) -> None:
    best = re.search(r"^En iyi lead\n(\S+) · Skor (\d+) · Öncelik (\d)/7", seen.demo.output, re.MULTILINE)
    assert best is not None
    (lead,) = [one for one in seen.leads["leads"] if one["domain"] == best[1]]
    assert (str(lead["readiness_score"]), str(lead["priority_score"])) == (best[2], best[3])


def test_every_address_that_it_prints_answers(seen: Seen) -> None:
    assert seen.answers == {"/docs": 200, "/api/v1/leads?segment=Migration": 200}


def test_it_keeps_apart_from_what_is_real(seen: Seen) -> None:
    assert seen.running == 2
    assert not (seen.demo.folder / "postgresql-18").exists()


def test_ctrl_c_leaves_nothing_running(seen: Seen) -> None:
    assert (seen.code, seen.left, seen.demo.listens()) == (0, 0, False)
    assert seen.errors == f"{DEAD} değerlendirilemedi: MX okunamadı, ad sunucusu süresinde yanıt vermedi.\n"


def test_the_next_start_remembers(seen: Seen, second: Serving) -> None:
    assert "60 firma son bakıştan hatırlandı" in second.output
    assert table_of(second.output) == table_of(seen.demo.output)
    assert second.get("/api/v1/leads?page_size=100").json() == seen.leads
    assert one(database_of(second.folder), "select count(*) from evidence") == 60


def database_of(folder: Path) -> str:
    """The database of the demo that keeps its things in a folder."""
    return f"postgresql://hunter@/hunter?host={folder / 'demo' / 'run'}&port=5432"
