"""Which way to a page is the cheapest, by how many leads there are to look at."""

import pytest

from hunter.storage.lead_index.access_path import Estimate, Way
from hunter.storage.lead_index.query import LeadSort

MILLION = 1_000_000


@pytest.mark.parametrize(
    ("sizes", "reach", "way"),
    [
        (Estimate(MILLION, MILLION, 300), 51, Way.HITS),
        (Estimate(MILLION, MILLION, 20_000), 10_000, Way.HITS),
        (Estimate(MILLION, MILLION, 400_000), 51, Way.WALK),
        (Estimate(MILLION, 2_000, 400_000), 51, Way.CELLS),
    ],
)
def test_few_hits_are_fetched_and_many_are_walked_to(sizes: Estimate, reach: int, way: Way) -> None:
    assert sizes.paging(reach, LeadSort.PRIORITY_SCORE, has_search=True) is way


@pytest.mark.parametrize("sort", [LeadSort.DOMAIN, LeadSort.NAME])
def test_hits_that_may_all_lie_at_the_end_are_not_walked_to(sort: LeadSort) -> None:
    assert Estimate(MILLION, MILLION, 50_000).paging(51, sort, has_search=True) is Way.HITS


@pytest.mark.parametrize(("in_cells", "way"), [(3_000, Way.CELLS), (500_000, Way.WALK)])
def test_the_order_of_a_column_is_walked_unless_few_match(in_cells: int, way: Way) -> None:
    assert Estimate(MILLION, in_cells, MILLION).ordering(10_000, LeadSort.SCANNED_AT) is way


def test_the_smaller_side_is_counted() -> None:
    assert Estimate(MILLION, 10, 20).counting() is Way.CELLS
    assert Estimate(MILLION, 20, 10).counting() is Way.HITS
