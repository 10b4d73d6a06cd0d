"""`./hunter bench scan` at small size: the whole command does its work; no speed is asserted."""

from bench import scan
from bench.effort import QUICK, Options


def test_the_whole_command_assesses_every_domain() -> None:
    report = scan.run(Options(effort=QUICK))

    rows = {row.name: row for row in report.measures}
    assert list(rows) == [scan.CPU, scan.PEAK, scan.GROWTH, scan.UNASSESSED]
    assert rows[scan.UNASSESSED].figure == 0, rows[scan.UNASSESSED].done
    assert [name for name, row in rows.items() if row.figure is None or row.floor is None] == []
