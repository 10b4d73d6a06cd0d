"""The lead list over HTTP: `hunter up` in a process of its own, eight clients in another, real sockets between them.

In: databases full of leads. Out: figures of the list with facets, of single leads and of a download.
"""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles
from typing import Any, Final

from bench.effort import Options
from bench.lead_client import CLIENTS
from bench.lead_databases import LeadDatabase, LeadDatabases
from bench.processes import MEBIBYTE
from bench.report import Better, Measure, Unit
from hunter.core.errors import Unavailable
from hunter.servers.backup import libpq_url

LIST: Final = "GET /api/v1/leads with facets, p95"
LIST_MEDIAN: Final = "GET /api/v1/leads with facets, p50"
LIST_RATE: Final = "GET /api/v1/leads with facets, requests a second"
LIST_CPU: Final = "GET /api/v1/leads with facets, CPU of the server"
LEAD: Final = "GET /api/v1/leads/DOMAIN, p95"
LEAD_MEDIAN: Final = "GET /api/v1/leads/DOMAIN, p50"
LEAD_RATE: Final = "GET /api/v1/leads/DOMAIN, requests a second"
LEAD_CPU: Final = "GET /api/v1/leads/DOMAIN, CPU of the server"
REFUSED: Final = "answers other than 200"
EXPORT_FIRST: Final = "CSV export of leads: first byte"
EXPORT_LEAD: Final = "CSV export of leads: first lead"
EXPORT_SECONDS: Final = "CSV export of leads: all"
EXPORT_GROWTH: Final = "CSV export of leads: growth of the server's memory"
_SAID: Final = "serving on http://127.0.0.1:"
_LONGEST_SECONDS: Final = 3600.0
_ENDING_SECONDS: Final = 60.0


@dataclass(frozen=True, slots=True)
class RunningApi:
    """A server that answers."""

    process: int
    port: int


def class_row(name: str) -> str:
    """Return the name of the row of one class of looks."""
    return f"GET /api/v1/leads, {name}, p95"


def measure_http(databases: LeadDatabases, options: Options) -> list[Measure]:
    """Measure all three, one after the other, on the database with many leads."""
    many = databases.many
    with serving(many, databases) as api:
        task = _task(api, many, options)
        options.say(f"leads over HTTP: pages with facets, {CLIENTS} clients")
        lists = _ask({**task, "task": "lists"})
        options.say(f"leads over HTTP: single leads, {CLIENTS} clients")
        leads = _ask({**task, "task": "leads"})
        options.say("leads over HTTP: export")
        export = _ask({**task, "task": "export"})
    return [*_lists(lists, many), *_leads(leads), _refused(lists, leads, export), *_export(export)]


@contextmanager
def serving(database: LeadDatabase, databases: LeadDatabases) -> Iterator[RunningApi]:
    """Run `hunter up` on a free port, with settings of its own; ended when the block is left."""
    folder = databases.folder / "api"
    folder.mkdir(exist_ok=True)
    settings = {
        "HUNTER_DATABASE_URL": database.url,
        "HUNTER_REDIS_URL": databases.redis_url,
        "HUNTER_DATA_DIR": str(folder),
        "HUNTER_API_PORT": "0",
        "PYTHONPATH": ":".join(path for path in sys.path if path),
    }
    command = [sys.executable, "-m", "hunter.cli.main", "up"]
    with (
        (folder / "log").open("wb") as log,
        subprocess.Popen(
            command, cwd=folder, env=settings, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=log, text=True
        ) as process,
    ):
        try:
            yield RunningApi(process.pid, _port(process, folder / "log"))
        finally:
            process.terminate()
            try:
                process.communicate(timeout=_ENDING_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()


def _port(process: "subprocess.Popen[str]", log: Path) -> int:
    line = process.stdout.readline() if process.stdout else ""
    if not line.startswith(_SAID):
        said = log.read_text(encoding="utf-8", errors="replace")[-400:]
        raise Unavailable(f"hunter up did not begin to serve: {said or line}")
    return int(line.removeprefix(_SAID))


def _task(api: RunningApi, database: LeadDatabase, options: Options) -> dict[str, Any]:
    return {
        "port": api.port,
        "server": api.process,
        "database": libpq_url(database.url),
        "rows": database.rows,
        "seed": options.seed,
        "draws": options.lead_draws,
        "singles": options.lead_draws * options.effort.lead_singles,
        "export": options.effort.lead_export,
    }


def _ask(task: dict[str, Any]) -> dict[str, Any]:
    ended = subprocess.run(
        [sys.executable, "-m", "bench.lead_client"],
        input=json.dumps(task),
        capture_output=True,
        text=True,
        timeout=_LONGEST_SECONDS,
        check=False,
    )
    if ended.returncode:
        raise Unavailable(f"the clients ended with {ended.returncode}: {ended.stderr[-400:]}")
    figures: dict[str, Any] = json.loads(ended.stdout)
    return figures


def p95(spent: list[float]) -> float:
    """Return the 95th percentile."""
    return quantiles(spent, n=20)[-1]


def _lists(found: dict[str, Any], database: LeadDatabase) -> list[Measure]:
    spent = found["milliseconds"]
    by_class: dict[str, list[float]] = {}
    for name, milliseconds in zip(found["classes"], spent, strict=True):
        by_class.setdefault(name, []).append(milliseconds)
    each = len(spent) // len(by_class)
    done = (
        f"{CLIENTS} clients without think time, {len(spent):,} requests: {each} draws of each of {len(by_class)} "
        f"classes, mixed, 50 leads a page, first, middle and last pages, {database.rows:,} leads; "
        f"{found['bytes'] / len(spent) / 1024:.0f} KiB an answer."
    )
    rows = [
        Measure(
            class_row(name),
            p95(one),
            Unit.MILLISECONDS,
            f"{len(one)} requests of the same run: p50 {median(one):.1f} ms, slowest {max(one):.0f} ms.",
        )
        for name, one in by_class.items()
    ]
    return [*_timed(found, done, names=(LIST, LIST_MEDIAN, LIST_RATE, LIST_CPU), floor=80.0), *rows]


def _leads(found: dict[str, Any]) -> list[Measure]:
    done = f"{CLIENTS} clients without think time, {len(found['milliseconds']):,} requests for random leads."
    return _timed(found, done, names=(LEAD, LEAD_MEDIAN, LEAD_RATE, LEAD_CPU), floor=15.0)


def _timed(found: dict[str, Any], done: str, *, names: tuple[str, str, str, str], floor: float) -> list[Measure]:
    spent = found["milliseconds"]
    of_each = 1e3 / len(spent)
    used = (
        f"Of one request; its PostgreSQL process {found['database_cpu'] * of_each:.2f} ms, "
        f"its client {found['client_cpu'] * of_each:.2f} ms, on the same cores."
    )
    return [
        Measure(names[0], p95(spent), Unit.MILLISECONDS, done, floor=floor),
        Measure(names[1], median(spent), Unit.MILLISECONDS, f"The same; slowest {max(spent):.0f} ms."),
        Measure(names[2], len(spent) / found["seconds"], Unit.PER_SECOND, "The same.", better=Better.HIGHER),
        Measure(names[3], found["server_cpu"] * of_each, Unit.MILLISECONDS, used),
    ]


def _refused(lists: dict[str, Any], leads: dict[str, Any], export: dict[str, Any]) -> Measure:
    count = lists["refused"] + leads["refused"] + (not export["is_ok"])
    asked = len(lists["milliseconds"]) + len(leads["milliseconds"]) + 1
    return Measure(REFUSED, count, Unit.COUNT, f"Of {asked:,}.", floor=0)


def _export(found: dict[str, Any]) -> list[Measure]:
    done = f"One download of {found['rows']:,} leads, {found['bytes'] / MEBIBYTE:.1f} MiB"
    rate = f"{found['rows'] / found['seconds']:,.0f} leads a second, CPU of the server {found['server_cpu']:.1f} s."
    grown = (
        f"Most of what {found['rows']:,} leads added to resident memory while they were streamed; "
        f"{found['late_growth'] / MEBIBYTE:.1f} MiB of it after the first tenth of them."
    )
    return [
        Measure(EXPORT_FIRST, found["first"] * 1e3, Unit.MILLISECONDS, f"{done}, of its body.", floor=200.0),
        Measure(EXPORT_LEAD, found["first_lead"] * 1e3, Unit.MILLISECONDS, "Of the same; behind the headers."),
        Measure(EXPORT_SECONDS, found["seconds"], Unit.SECONDS, f"{done}; {rate}"),
        Measure(EXPORT_GROWTH, found["growth"] / MEBIBYTE, Unit.MEBIBYTES, grown, floor=16.0, aim=4.0),
    ]
