"""The benchmark of registrations, at small size."""

from hunter.bench.effort import QUICK, Options
from hunter.bench.registration import run


def test_two_processes_keep_the_raised_limit_and_find_everything() -> None:
    report = run(Options(effort=QUICK, parts=("raised",)))
    assert [measure.name for measure in report.missed] == []
    assert len(report.measures) == 4
