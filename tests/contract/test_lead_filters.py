"""The filters of a list are its facets: the same names in the query, in the API, in the export, and in every answer."""

import json
from dataclasses import fields
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from pydantic import ValidationError

from hunter.api.schemas.filters import ExportParameters, LeadFilters, LeadListParameters
from hunter.rules import load
from hunter.storage.lead_index.fields import (
    BITS,
    FACET_NAMES,
    FIELDS,
    GATEWAY,
    LOCAL_PROVIDER,
    ROOM,
    TAG,
    KeyField,
    Kind,
)
from hunter.storage.lead_index.query import LeadQuery, LeadSort, SortOrder

NOW = datetime(2026, 3, 2, 1, 30, tzinfo=ZoneInfo("Europe/Istanbul"))
#: What a list has and a filter is not.
PAGE = {"sort_by", "sort_order", "page", "page_size", "after", "facets"}
FILE = {"format", "lang"}


def wire_names(model: type[LeadFilters]) -> set[str]:
    return {field.alias or name for name, field in model.model_fields.items()}


def query_of(**parameters: object) -> LeadQuery:
    wanted = LeadFilters.model_validate(parameters)
    return wanted.to_query(NOW, user="u1", sort=LeadSort.PRIORITY_SCORE, order=SortOrder.ASC)


def changed(query: LeadQuery) -> set[str]:
    plain = LeadQuery()
    return {field.name for field in fields(query) if getattr(query, field.name) != getattr(plain, field.name)}


def test_every_filter_with_words_is_a_facet_and_every_facet_such_a_filter() -> None:
    several = {field.alias or name for name, field in LeadFilters.model_fields.items() if field.default == []}
    assert several == set(FACET_NAMES)


def test_every_facet_chooses_in_a_field_of_the_query_of_its_own() -> None:
    chosen = {name: changed(query_of(**{name: ["1"]})) for name in FACET_NAMES}
    assert all(len(names) == 1 for names in chosen.values()), chosen
    several = {field.name for field in fields(LeadQuery) if field.default == ()}
    assert {name for names in chosen.values() for name in names} == several


def test_list_and_export_take_the_same_filters() -> None:
    assert wire_names(LeadListParameters) - PAGE == wire_names(ExportParameters) - FILE == wire_names(LeadFilters)


def test_days_are_those_of_the_zone() -> None:
    query = query_of(scanned_within_days=1)
    assert query.scanned_since == datetime(2026, 2, 28, 21, 0, tzinfo=UTC)
    assert query_of(expired=True).expires_to == date(2026, 3, 1)
    assert query_of(expires_within_days=0).expires_from == NOW.date()


def test_a_registration_has_not_both_ended_and_an_end_before_it() -> None:
    with pytest.raises(ValidationError):
        query_of(expired=True, expires_within_days=3)


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="aware"):
        LeadQuery(scanned_since=datetime(2026, 3, 2) - timedelta(days=1))  # noqa: DTZ001  # the point of it


def test_no_two_fields_share_a_bit_and_the_sign_is_free() -> None:
    masks = [field.mask for field in FIELDS]
    assert sum(masks) == sum(1 << bit for bit in range(BITS)) - (((1 << ROOM) - 1) << 30)
    assert BITS <= 63


@pytest.mark.parametrize("field", FIELDS, ids=lambda field: field.name)
def test_the_words_of_a_field_have_room(field: KeyField) -> None:
    most = field.bits if field.kind is Kind.FLAGS else (1 << field.bits)
    assert len(field.words) == len(set(field.words)) <= most


def rule_rows(name: str) -> list[dict[str, str]]:
    content = json.loads((Path(load.__file__).parent / f"{name}.json").read_text(encoding="utf-8"))
    return list(content[name])


def test_the_table_of_fields_has_every_word_of_the_rulebook() -> None:
    hosts = {row["name"] for row in rule_rows("providers") if row["class"] == "Local"}
    assert len(hosts) > 20
    assert hosts <= set(LOCAL_PROVIDER.words)
    assert {row["id"] for row in rule_rows("gateways")} <= set(GATEWAY.words)
    assert {row["tag"] for row in rule_rows("tags")} <= set(TAG.words)
