"""`./hunter bench files` at small size: its rows and figures; no speed is asserted."""

from bench import files
from bench.effort import QUICK, Options


def test_reading_and_writing_are_measured() -> None:
    report = files.run(Options(effort=QUICK))

    rows = {row.name: row for row in report.measures}
    assert list(rows) == [
        files.READ_XLSX,
        files.READ_XLSX_CPU,
        files.READ_XLSX_MEMORY,
        files.READ_CSV,
        files.READ_CSV_CPU,
        files.READ_CSV_MEMORY,
        files.STORE_XLSX,
        files.STORE_XLSX_MEMORY,
        files.EXPORT_FIRST,
        files.EXPORT_GROWTH,
        files.EXPORT_SECONDS,
        files.XLSX_SECONDS,
        files.XLSX_GROWTH,
    ]
    assert [(rows[name].floor, rows[name].unit) for name in (files.READ_XLSX, files.READ_CSV)] == [(5, "s"), (3, "s")]
    assert all(rows[name].figure for name in (files.READ_XLSX, files.READ_CSV, files.READ_XLSX_MEMORY))


def test_the_lists_hold_what_lists_hold() -> None:
    """Of a hundred rows one names two companies, one repeats another; five need their address, a third is free mail."""
    refused = sum(1 for number in range(2_000) if number % 100 in {7, 19, 53, 67, 97} and number % 3 == 1)
    report = files.run(Options(effort=QUICK))
    for measure in (report.measures[0], report.measures[3]):
        assert f"{2_000 - refused:,} domains, 20 repeated, {refused} rows refused" in measure.done
