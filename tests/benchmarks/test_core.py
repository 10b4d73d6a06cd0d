"""`./hunter bench core` at small size: its rows and figures; no speed is asserted."""

from bench import core
from bench.effort import QUICK, Options
from bench.report import Standing


def test_assessments_are_measured_and_snapshots_shown() -> None:
    report = core.run(Options(effort=QUICK))

    rows = {row.name: row for row in report.measures}
    assert list(rows) == [
        core.ASSESSMENTS,
        core.WRITE_EVIDENCE,
        core.READ_EVIDENCE,
    ]
    assert (rows[core.ASSESSMENTS].floor, rows[core.ASSESSMENTS].aim) == (10_000, 20_000)
    assert [name for name, row in rows.items() if not row.figure or row.figure < 0] == []
    assert [row.standing for row in report.measures[1:]] == [Standing.SHOWN] * 2


def test_every_round_assesses_the_demo_world_and_domains_of_its_own() -> None:
    report = core.run(Options(effort=QUICK))

    # Sixty companies of the demo world and a hundred generated domains.
    assert f"{QUICK.rounds} rounds of 160 domains" in report.measures[0].done
