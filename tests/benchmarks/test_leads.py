"""`./hunter bench leads` at small size, whole: servers, databases, the API over sockets; no speed is asserted."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pytest

from bench import lead_http, lead_rescore, leads
from bench.effort import QUICK, Options
from bench.lead_draws import Draws
from bench.lead_requests import count_path, draw_queries, page_path
from bench.lead_world import NOW, LeadWorld
from bench.report import Measure, Report, Standing
from hunter.core.errors import InvalidInput
from hunter.storage.lead_index.query import LeadQuery, LeadSort, SortOrder
from tests.support.postgres import data_folder
from tests.support.rulebooks import shipped_rulebook

OPTIONS = Options(effort=QUICK, rows=500, draws=2)


@pytest.fixture(scope="module")
def world() -> LeadWorld:
    return LeadWorld(shipped_rulebook())


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    with data_folder() as made:
        yield made


@pytest.fixture(scope="module")
def first(folder: Path) -> Report:
    return leads.run(replace(OPTIONS, data=folder))


@pytest.fixture(scope="module")
def rows(first: Report) -> dict[str, Measure]:
    return {row.name: row for row in first.measures}


def test_every_part_is_there(rows: dict[str, Measure], world: LeadWorld) -> None:
    classes = set(Draws(world, 500).classes())
    looks = {name(one) for one in classes for name in (leads.look_row, leads.growth_row)}
    paths = {lead_http.class_row(one) for one in classes}
    http = {lead_http.LIST, lead_http.LIST_MEDIAN, lead_http.LIST_RATE, lead_http.LIST_CPU, lead_http.REFUSED}
    single = {lead_http.LEAD, lead_http.LEAD_MEDIAN, lead_http.LEAD_RATE, lead_http.LEAD_CPU}
    export = {lead_http.EXPORT_FIRST, lead_http.EXPORT_LEAD, lead_http.EXPORT_SECONDS, lead_http.EXPORT_GROWTH}
    rescored = {lead_rescore.RATE, lead_rescore.CPU, lead_rescore.GROWTH, lead_rescore.UNCHANGED}
    different = {lead_rescore.OTHERWISE, lead_rescore.MISSING}
    stored = {leads.STORED, leads.CONTENDED, leads.REPEATED}
    assert set(rows) == looks | paths | http | single | export | rescored | different | stored


def test_the_goals_are_those_of_the_project(rows: dict[str, Measure]) -> None:
    goals = {
        leads.look_row("two filters"): 50,
        leads.growth_row("two filters"): 4,
        lead_http.LIST: 80,
        lead_http.LEAD: 15,
        lead_http.EXPORT_FIRST: 200,
        lead_rescore.RATE: 5_000,
        leads.STORED: 2_000,
    }
    assert {name: rows[name].floor for name in goals} == goals


def test_what_no_machine_may_miss_is_reached(rows: dict[str, Measure]) -> None:
    names = (
        lead_http.REFUSED,
        lead_rescore.UNCHANGED,
        lead_rescore.OTHERWISE,
        lead_rescore.MISSING,
        leads.CONTENDED,
        leads.REPEATED,
    )
    assert {name: rows[name].standing for name in names} == dict.fromkeys(names, Standing.FLOOR)


def test_figures_are_of_what_was_done(rows: dict[str, Measure]) -> None:
    assert "98 requests: 2 draws of each of 49 classes" in rows[lead_http.LIST].done
    assert "20 requests for random leads" in rows[lead_http.LEAD].done
    assert rows[lead_rescore.RATE].done.startswith("500 leads under the same rules")
    assert "The score of 4 leads was made another; 4 leads were written" in rows[lead_rescore.OTHERWISE].done
    assert "2,000 domains in batches of 500 drawn from the same 500" in rows[leads.STORED].done
    assert all(row.figure for name, row in rows.items() if name.startswith("GET "))
    assert rows[lead_http.EXPORT_SECONDS].figure


def test_the_first_run_loads_and_says_so(first: Report) -> None:
    assert first.notes[0] == "300 leads loaded; 500 leads loaded; VACUUM ANALYZE before the looks."
    assert "fsync on" in first.notes[1]
    assert sum("Cramér's V" in note for note in first.notes) == 4


def test_databases_that_are_there_are_used_again(first: Report, folder: Path) -> None:
    said: list[str] = []
    again = leads.run(replace(OPTIONS, data=folder, say=said.append))

    assert "300 leads were there from an earlier run; 500 leads were there from an earlier run" in again.notes[0]
    assert not [line for line in said if "loading" in line]
    assert again.command == first.command
    unchanged = {row.name: row.figure for row in again.measures}[lead_rescore.UNCHANGED]
    assert unchanged == 0


def test_too_few_rows_are_refused_before_a_server_starts() -> None:
    with pytest.raises(InvalidInput, match="at least 500 rows"):
        leads.run(replace(OPTIONS, rows=499))


def test_every_class_is_asked_over_http(world: LeadWorld) -> None:
    drawn = draw_queries(world, 500, count=3, seed=1)
    assert {name for name, _ in drawn} == set(Draws(world, 500).classes())
    assert [query for _, query in drawn if query.tenant_sizes]


def test_a_query_is_spelled_as_the_api_reads_it() -> None:
    query = LeadQuery(
        segments=("Migration", "Cold"),
        priorities=(1,),
        min_score=0,
        expires_from=NOW.date(),
        expires_to=NOW.date().replace(day=9),
        changed_since=NOW,
        search="Işık Gıda",
        include_unscored=True,
        sort=LeadSort.NAME,
        order=SortOrder.DESC,
        page=3,
    )
    filters = [
        ("segment", "Migration"),
        ("segment", "Cold"),
        ("priority", "1"),
        ("min_score", "0"),
        ("expires_within_days", "7"),
        ("changed_since", "2026-03-02T03:00:00+00:00"),
        ("search", "Işık Gıda"),
        ("include_unscored", "true"),
    ]
    page = [("sort_by", "canonical_name"), ("sort_order", "desc"), ("page", "3"), ("facets", "true")]
    assert parse_qsl(urlsplit(page_path(query)).query) == [*filters, *page]
    assert parse_qsl(urlsplit(count_path(query)).query) == [*filters, ("page_size", "1")]
