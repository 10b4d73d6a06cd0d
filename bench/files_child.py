"""One process that reads a list or writes an export: `python -m bench.files_child TASK PATH ROWS`.

Out: what it took, as one JSON object. Memory is that of this process above what it had before, and for reading that of
the process which holds the parser.
"""

import asyncio
import json
import os
import sys
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from bench.list_rows import export_rows, list_rows
from bench.processes import peak_memory, resident_memory
from hunter.core.rulebook import Rulebook
from hunter.documents.read_file import open_table
from hunter.documents.tables import csv_chunks
from hunter.documents.workbook import xlsx_chunks
from hunter.rules.load import load_rulebook
from hunter.servers.supervisor import start_servers
from hunter.services.lists.candidates import Candidate
from hunter.services.lists.intake import IngestOptions, ListIntake, ingest_list
from hunter.services.lists.keeping import open_candidate_store
from hunter.storage.schema import upgrade
from hunter.wiring.application import open_write_engine, unit_of
from hunter.wiring.process import settings_of_this_process

_LOOK_SECONDS: Final = 0.005
_CHILDREN: Final = Path("/proc/self/task")


class Counted:
    """A sink that counts."""

    def __init__(self) -> None:
        self.candidates = 0

    async def store(self, batch: Sequence[Candidate], /) -> tuple[str, ...]:
        """Count the batch."""
        self.candidates += len(batch)
        return ()


class ChildWatch:
    """Notes the peak of memory of every child, from a thread of its own."""

    def __init__(self) -> None:
        self.peak = 0
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._watch)

    def __enter__(self) -> "ChildWatch":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._ended.wait(_LOOK_SECONDS):
            for child in _children():
                self.peak = max(self.peak, peak_memory(child))


def _children() -> list[int]:
    found: list[int] = []
    for listed in _CHILDREN.glob("*/children"):
        try:
            found += map(int, listed.read_text(encoding="ascii").split())
        except (FileNotFoundError, ProcessLookupError):  # The thread has ended meanwhile.
            continue
    return found


def read_list(path: Path, rows: int) -> dict[str, float]:
    """Read and validate a list with its columns detected, as an import does."""
    rulebook = load_rulebook()
    before = resident_memory()
    sink = Counted()
    start = time.process_time()
    since = time.perf_counter()
    with ChildWatch() as watch, open_table(path) as table:
        intake = ListIntake(table.rows, rulebook, IngestOptions(auto_detect_columns=True))
        asyncio.run(ingest_list(intake, sink))
    report = intake.report()
    seconds = time.perf_counter() - since
    used = os.times()
    if report.total_rows != rows:
        raise SystemExit(f"{report.total_rows} rows of {rows} were read")
    return {
        "seconds": seconds,
        "cpu": used.user + used.system + used.children_user + used.children_system - start,
        "growth": peak_memory() - before,
        "parser": watch.peak,
        "accepted": report.accepted,
        "refused": report.refused,
        "repeated": report.repeated,
    }


def store_list(path: Path, rows: int) -> dict[str, float]:
    """Take a list into a new database, as `hunter ingest` does; the start of its servers is not counted."""
    rulebook = load_rulebook()
    with TemporaryDirectory() as folder, start_servers(Path(folder)) as running:
        upgrade(running.database_url)
        before = resident_memory()
        since = time.perf_counter()
        with open_table(path) as table:
            intake = ListIntake(table.rows, rulebook, IngestOptions(auto_detect_columns=True))
            asyncio.run(_store(intake, rulebook, running.database_url))
        seconds = time.perf_counter() - since
    report = intake.report()
    if report.total_rows != rows:
        raise SystemExit(f"{report.total_rows} rows of {rows} were stored")
    return {"seconds": seconds, "growth": peak_memory() - before, "accepted": report.accepted}


async def _store(intake: ListIntake, rulebook: Rulebook, url: str) -> None:
    settings = settings_of_this_process()
    engine = open_write_engine(settings, url)
    try:
        sink = await open_candidate_store(unit_of(engine, settings), "bench", rulebook.rules.sizes)
        await ingest_list(intake, sink)
    finally:
        await engine.dispose()


def write_list(path: Path, rows: int) -> dict[str, float]:
    """Write the list that is read later, as CSV or workbook by its suffix."""
    write = csv_chunks if path.suffix == ".csv" else xlsx_chunks
    return _write(write, list_rows(rows), path)


def export(path: Path, rows: int) -> dict[str, float]:
    """Write an export of leads, as CSV or workbook by its suffix."""
    write = csv_chunks if path.suffix == ".csv" else xlsx_chunks
    return _write(write, export_rows(rows), path)


def _write(write: Callable[..., Iterable[bytes]], rows: Iterable[Sequence[object]], path: Path) -> dict[str, float]:
    # The modules' own first use counts as what was there before.
    for _ in write([("a",)]):
        pass
    before = resident_memory()
    since = time.perf_counter()
    first = 0.0
    with path.open("wb") as file:
        for at, chunk in enumerate(write(rows)):
            file.write(chunk)
            # The chunk before it is the byte order mark alone.
            first = time.perf_counter() - since if at == 1 else first
    return {"seconds": time.perf_counter() - since, "first": first, "growth": peak_memory() - before}


TASKS: Final = {"read": read_list, "store": store_list, "write": write_list, "export": export}


def main() -> None:
    """Do it, then say what it took."""
    task, path, rows = sys.argv[1:]
    print(json.dumps(TASKS[task](Path(path), int(rows))))


if __name__ == "__main__":
    main()
