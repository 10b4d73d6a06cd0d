"""`./hunter bench files`: long lists read and validated, exports written; time and memory, each in a process.

In: options. Out: a report. The lists are invented and the same in every run; of a hundred rows ten hold a fault.
"""

import json
import subprocess
import sys
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Final

from bench.effort import QUICK, Options
from bench.machine import this_machine
from bench.processes import MEBIBYTE
from bench.report import Measure, Report, Unit
from hunter.core.errors import Unavailable

SUBJECT: Final = "files"
READ_XLSX: Final = "XLSX read and validated"
READ_CSV: Final = "CSV read and validated"
READ_XLSX_CPU: Final = "XLSX read and validated: CPU"
READ_CSV_CPU: Final = "CSV read and validated: CPU"
READ_XLSX_MEMORY: Final = "XLSX read: growth of memory"
READ_CSV_MEMORY: Final = "CSV read: growth of memory"
STORE_XLSX: Final = "XLSX to stored companies"
STORE_XLSX_MEMORY: Final = "XLSX to stored companies: growth of memory"
EXPORT_FIRST: Final = "CSV export: first row"
EXPORT_GROWTH: Final = "CSV export: growth of memory"
EXPORT_SECONDS: Final = "CSV export"
XLSX_SECONDS: Final = "XLSX export"
XLSX_GROWTH: Final = "XLSX export: growth of memory"
_ROWS: Final = 100_000
_QUICK_ROWS: Final = 2_000
_RUNS: Final = 3
_LONGEST_SECONDS: Final = 600.0

Figures = dict[str, float]


def run(options: Options) -> Report:
    """Measure reading and writing."""
    machine = this_machine()
    rows = _QUICK_ROWS if options.effort is QUICK else _ROWS
    runs = 1 if options.effort is QUICK else _RUNS
    with TemporaryDirectory() as name:
        folder = Path(name)
        read = {suffix: _read(folder / f"list.{suffix}", rows, runs, options) for suffix in ("xlsx", "csv")}
        options.say(f"files: xlsx of {rows:,} rows into a new database")
        stored = _ask("store", folder / "list.xlsx", rows)
        options.say(f"files: exports of {rows:,} rows")
        exports = {suffix: _ask("export", folder / f"export.{suffix}", rows) for suffix in ("csv", "xlsx")}
    measures = (
        *_reading(read["xlsx"], rows, names=(READ_XLSX, READ_XLSX_CPU, READ_XLSX_MEMORY), seconds=(5, 2.5)),
        *_reading(read["csv"], rows, names=(READ_CSV, READ_CSV_CPU, READ_CSV_MEMORY), seconds=(3, 1.5)),
        *_storing(stored, rows),
        *_exporting(exports["csv"], exports["xlsx"], rows),
    )
    return Report(options.spelled(SUBJECT), machine, measures)


def _read(path: Path, rows: int, runs: int, options: Options) -> list[Figures]:
    options.say(f"files: {path.suffix.removeprefix('.')} of {rows:,} rows")
    _ask("write", path, rows)
    return [_ask("read", path, rows) for _ in range(runs)]


def _ask(task: str, path: Path, rows: int) -> Figures:
    command = [sys.executable, "-m", "bench.files_child", task, str(path), str(rows)]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=_LONGEST_SECONDS, check=False)
    if ended.returncode:
        raise Unavailable(f"{task} {path.name} ended with {ended.returncode}: {ended.stderr[-400:]}")
    figures: Figures = json.loads(ended.stdout)
    return figures


def _reading(
    runs: list[Figures], rows: int, *, names: tuple[str, str, str], seconds: tuple[float, float]
) -> list[Measure]:
    last = runs[-1]
    done = (
        f"{rows:,} rows of 6 columns, columns detected: {last['accepted']:,.0f} domains, "
        f"{last['repeated']:,.0f} repeated, {last['refused']:,.0f} rows refused; "
        f"start of the child included; median of {len(runs)}."
    )
    memory = max(runs, key=lambda one: one["growth"] + one["parser"])
    told = (
        f"Worst of {len(runs)}: {memory['growth'] / MEBIBYTE:.1f} MiB here above what was there before, and all of the "
        f"process with the parser, {memory['parser'] / MEBIBYTE:.1f} MiB."
    )
    floor, aim = seconds
    total = (memory["growth"] + memory["parser"]) / MEBIBYTE
    return [
        Measure(names[0], median(one["seconds"] for one in runs), Unit.SECONDS, done, floor=floor, aim=aim),
        Measure(names[1], median(one["cpu"] for one in runs), Unit.SECONDS, "Of both processes."),
        Measure(names[2], total, Unit.MEBIBYTES, told, floor=150, aim=100),
    ]


def _storing(stored: Figures, rows: int) -> list[Measure]:
    done = f"{rows:,} rows into a new PostgreSQL of our own: {stored['accepted']:,.0f} companies; once."
    return [
        Measure(STORE_XLSX, stored["seconds"], Unit.SECONDS, done, floor=60),
        Measure(STORE_XLSX_MEMORY, stored["growth"] / MEBIBYTE, Unit.MEBIBYTES, "The same.", floor=150),
    ]


def _exporting(csv: Figures, xlsx: Figures, rows: int) -> list[Measure]:
    done = f"{rows:,} rows of 32 columns, streamed to a file."
    return [
        Measure(EXPORT_FIRST, csv["first"] * 1e3, Unit.MILLISECONDS, done, floor=200, aim=20),
        Measure(EXPORT_GROWTH, csv["growth"] / MEBIBYTE, Unit.MEBIBYTES, "The same.", floor=16, aim=4),
        Measure(EXPORT_SECONDS, csv["seconds"], Unit.SECONDS, "The same."),
        Measure(XLSX_SECONDS, xlsx["seconds"], Unit.SECONDS, "The same rows; the file is made, then streamed."),
        Measure(XLSX_GROWTH, xlsx["growth"] / MEBIBYTE, Unit.MEBIBYTES, "The same.", floor=32, aim=8),
    ]
