"""The benchmark of registrations, at small size."""

from bench.effort import QUICK, Options
from bench.registration import NOT_FOUND, run


def test_two_processes_share_the_raised_limit_and_find_everything() -> None:
    report = run(Options(effort=QUICK, parts=("raised",)))
    # How well the limit is kept is a figure of the benchmark; on a busy machine only this can be told.
    figures = {measure.name: measure.figure for measure in report.measures}
    assert figures[NOT_FOUND] == 0
    assert None not in figures.values()
    assert len(figures) == 4
