"""Which way to a page is the cheapest, by how many leads there are to look at."""

import pytest

from hunter.storage.lead_index.access_path import AccessPath, Estimate
from hunter.storage.lead_index.query import LeadSort

MILLION = 1_000_000


@pytest.mark.parametrize(
    ("sizes", "reach", "path"),
    [
        (Estimate(MILLION, MILLION, 300), 51, AccessPath.INDEX),
        (Estimate(MILLION, MILLION, 20_000), 10_000, AccessPath.INDEX),
        (Estimate(MILLION, MILLION, 400_000), 51, AccessPath.ORDERED_SCAN),
        (Estimate(MILLION, 2_000, 400_000), 51, AccessPath.BUCKET_SCAN),
    ],
)
def test_few_hits_are_fetched_and_many_are_walked_to(sizes: Estimate, reach: int, path: AccessPath) -> None:
    assert sizes.paging(reach, LeadSort.PRIORITY_SCORE, has_search=True) is path


@pytest.mark.parametrize("sort", [LeadSort.DOMAIN, LeadSort.NAME])
def test_hits_that_may_all_lie_at_the_end_are_not_walked_to(sort: LeadSort) -> None:
    assert Estimate(MILLION, MILLION, 50_000).paging(51, sort, has_search=True) is AccessPath.INDEX


@pytest.mark.parametrize(("in_keys", "path"), [(3_000, AccessPath.BUCKET_SCAN), (500_000, AccessPath.ORDERED_SCAN)])
def test_the_order_of_a_column_is_walked_unless_few_match(in_keys: int, path: AccessPath) -> None:
    assert Estimate(MILLION, in_keys, MILLION).ordering(10_000, LeadSort.SCANNED_AT) is path


def test_the_smaller_side_is_counted() -> None:
    assert Estimate(MILLION, 10, 20).counting() is AccessPath.BUCKET_SCAN
    assert Estimate(MILLION, 20, 10).counting() is AccessPath.INDEX


def test_a_walk_among_scans_looks_nothing_up_beside_them() -> None:
    scanned = Estimate(MILLION, MILLION, 150_000, is_by_scan=True, is_held_by_scans=True)
    assert scanned.paging(10_000, LeadSort.PRIORITY_SCORE, has_search=False) is AccessPath.ORDERED_SCAN
    assert scanned.paging(10_000, LeadSort.PRIORITY_SCORE, has_search=False, is_down=True) is AccessPath.INDEX


def test_keys_whose_every_scan_is_looked_up_are_dearer_than_the_scans() -> None:
    scanned = Estimate(MILLION, 40_000, 80_000, is_by_scan=True, is_held_by_scans=True)
    assert scanned.paging(51 * 51, LeadSort.READINESS_SCORE, has_search=False) is AccessPath.INDEX
