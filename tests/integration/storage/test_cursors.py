"""Cursors that no list gave, or that somebody altered, are refused."""

import base64
import json

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from hunter.storage.lead_index.query import BadCursor, LeadQuery, LeadSort
from hunter.storage.unit_of_work import UnitOfWork


@pytest.mark.parametrize("cursor", ["", "x", "W10", "WyJkb21haW4iXQ", "%00", "ş", "eyJhIjoxfQ", "W1tb" * 3000])
async def test_a_cursor_that_no_list_gave_is_refused(reads: AsyncEngine, cursor: str) -> None:
    with pytest.raises(BadCursor):
        async with UnitOfWork(reads) as unit:
            await unit.leads.search(LeadQuery(after=cursor))


@pytest.mark.parametrize(
    ("sort", "key", "domain"),
    [
        (LeadSort.PRIORITY_SCORE, 5, "\ud800"),
        (LeadSort.PRIORITY_SCORE, 5, "a\0b"),
        (LeadSort.PRIORITY_SCORE, 5, None),
        (LeadSort.PRIORITY_SCORE, True, "a.example"),
        (LeadSort.PRIORITY_SCORE, 2**31, "a.example"),
        (LeadSort.PRIORITY_SCORE, "5", "a.example"),
        (LeadSort.NAME, "\0", "a.example"),
        (LeadSort.NAME, "\udfff", "a.example"),
        (LeadSort.NAME, None, "a.example"),
        (LeadSort.SCANNED_AT, "now", "a.example"),
        (LeadSort.SCANNED_AT, "infinity", "a.example"),
        (LeadSort.SCANNED_AT, "2026-03-02T09:30:00", "a.example"),
        (LeadSort.SCANNED_AT, 5, "a.example"),
    ],
)
async def test_an_altered_cursor_is_refused(reads: AsyncEngine, sort: LeadSort, key: object, domain: object) -> None:
    text = json.dumps([sort.value, "asc", key, domain, True])
    cursor = base64.urlsafe_b64encode(text.encode()).decode()
    with pytest.raises(BadCursor):
        async with UnitOfWork(reads) as unit:
            await unit.leads.search(LeadQuery(sort=sort, after=cursor))
