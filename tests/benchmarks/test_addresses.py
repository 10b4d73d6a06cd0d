"""The benchmark of address look-ups runs, looks up what is there, and says its floors."""

from bench.addresses import ALL_FILES, MAXMIND_FILES, run
from bench.effort import QUICK, Options


def test_both_figures_are_measured_against_their_floors() -> None:
    report = run(Options(effort=QUICK))

    assert [(measure.name, measure.floor) for measure in report.measures] == [
        (MAXMIND_FILES, 50_000),
        (ALL_FILES, 10_000),
    ]
    assert all(measure.figure is not None and measure.figure > 1_000 for measure in report.measures)
