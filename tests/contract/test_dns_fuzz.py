"""Our reader of DNS messages gives what dnspython gives, and nothing that it would not give.

HUNTER_FUZZ_PACKETS asks for a longer run with a seed of its own; the report of a red run holds the packets.
"""

import os
from typing import Final

import pytest

from bench.packet_fuzz import FuzzReport, run_fuzz

SEED: Final = 20_260_302
PACKETS: Final = int(os.environ.get("HUNTER_FUZZ_PACKETS", "5000"))


@pytest.fixture(scope="module")
def report() -> FuzzReport:
    """One run for all promises."""
    return run_fuzz(PACKETS, SEED)


def test_no_packet_gives_a_value_that_the_judge_does_not_give(report: FuzzReport) -> None:
    assert report.packets == report.valid + report.mutated == PACKETS
    assert (report.false_values, report.examples) == (0, ())


def test_every_valid_packet_is_read_alike(report: FuzzReport) -> None:
    assert report.valid > PACKETS * 0.35
    assert report.valid_equal == report.valid


def test_damaged_packets_that_the_judge_accepts_are_read_alike(report: FuzzReport) -> None:
    """A run in which the judge refused nearly every damaged packet would prove nothing."""
    assert report.mutated_accepted_by_judge > report.mutated * 0.1
    assert report.mutated_equal == report.mutated_accepted_by_judge


def test_equal_seeds_make_equal_runs_and_others_do_not() -> None:
    assert run_fuzz(200, 1) == run_fuzz(200, 1)
    assert run_fuzz(200, 1) != run_fuzz(200, 2)
