"""Judging all leads again: first where nothing comes out otherwise, then where some were made different on purpose.

In: a database full of leads. Out: figures. What was written is taken from PostgreSQL's own counters of rows, not from
what the command says of itself.
"""

import json
import subprocess
import sys
import time
from dataclasses import dataclass
from typing import Any, Final

import psycopg

from bench.effort import Options
from bench.lead_databases import LeadDatabase
from bench.processes import MEBIBYTE
from bench.report import Better, Measure, Unit
from hunter.core.errors import Unavailable
from hunter.servers.backup import libpq_url

RATE: Final = "rescored, one process"
CPU: Final = "rescored: CPU of one lead"
GROWTH: Final = "rescored: growth of memory"
UNCHANGED: Final = "rescored, nothing different: rows written"
OTHERWISE: Final = "rescored, some different: leads written beside those"
MISSING: Final = "rescored, some different: those left as they were"
_LONGEST_SECONDS: Final = 7200.0
#: One of so many leads is made different; not those whose newest evidence says too little, for they keep their score.
_ONE_OF: Final = 100
_SPOILED: Final = f"""
with numbered as (
    select domain, row_number() over (order by domain) as number from lead_scores join domain_signals using (domain)
    where readiness_score is not null and unscored_reason is null
), chosen as (
    select domain from numbered where number % {_ONE_OF} = 0
)
update lead_scores s set readiness_score = case when readiness_score = 0 then 1 else readiness_score - 1 end
from chosen where s.domain = chosen.domain returning s.domain, s.xmin::text
"""
_WRITTEN: Final = """
select coalesce(sum(n_tup_ins + n_tup_upd + n_tup_del), 0)::bigint from pg_stat_user_tables
"""
_OTHERS: Final = """
select from pg_stat_activity
where datname = current_database() and backend_type = 'client backend' and pid <> pg_backend_pid()
"""
_LOOK_SECONDS: Final = 0.02
#: Leads that somebody wrote later than a transaction; ids are young enough here not to have come round.
_TOUCHED: Final = "select domain from lead_scores where xmin::text::bigint > %s"


@dataclass(frozen=True, slots=True)
class Rescoring:
    """One pass."""

    #: What the process said.
    said: dict[str, Any]
    #: Rows of all tables that were inserted, updated or deleted meanwhile.
    rows_written: int


def measure_rescoring(database: LeadDatabase, options: Options) -> list[Measure]:
    """Judge everything twice."""
    url = libpq_url(database.url)
    if database.is_old:
        options.say("leads: judging once what the stores of an earlier run left")
        _pass(url)
    options.say("leads: judging all again")
    first = _pass(url)
    options.say("leads: judging all again, some made different")
    spoiled = _spoil(url)
    second = _pass(url)
    touched = _touched(url, max(int(xmin) for xmin in spoiled.values()))
    return [*_first(first), *_second(second, set(spoiled), touched)]


def _first(found: Rescoring) -> list[Measure]:
    said = found.said
    each = said["cpu"] / said["judged"] * 1e3
    done = (
        f"{said['judged']:,} leads under the same rules, evidence read from the database, in {said['seconds']:.1f} s."
    )
    grown = f"From the first page to its peak of {said['peak'] / MEBIBYTE:.0f} MiB; the same run."
    written = f"Inserted, updated or deleted in any table; {said['changed']:,} leads came out otherwise."
    return [
        Measure(RATE, said["judged"] / said["seconds"], Unit.PER_SECOND, done, better=Better.HIGHER, floor=5_000),
        Measure(CPU, each, Unit.MILLISECONDS, "The same, Python only."),
        Measure(GROWTH, said["growth"] / MEBIBYTE, Unit.MEBIBYTES, grown, floor=32.0),
        Measure(UNCHANGED, found.rows_written, Unit.COUNT, written, floor=0),
    ]


def _second(found: Rescoring, spoiled: set[str], touched: set[str]) -> list[Measure]:
    done = (
        f"The score of {len(spoiled):,} leads was made another; {len(touched):,} leads were written, "
        f"{found.rows_written:,} rows in all tables, at {found.said['judged'] / found.said['seconds']:,.0f} leads/s."
    )
    return [
        Measure(OTHERWISE, len(touched - spoiled), Unit.COUNT, done, floor=0),
        Measure(MISSING, len(spoiled - touched), Unit.COUNT, "The same run.", floor=0),
    ]


def _pass(url: str) -> Rescoring:
    before = _rows_written(url)
    command = [sys.executable, "-m", "bench.lead_rescore_child", url]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=_LONGEST_SECONDS, check=False)
    if ended.returncode:
        raise Unavailable(f"rescoring ended with {ended.returncode}: {ended.stderr[-400:]}")
    return Rescoring(json.loads(ended.stdout), _rows_written(url) - before)


def _rows_written(url: str) -> int:
    """Count when nobody else is connected: server processes tell what they wrote at the latest when they end."""
    with psycopg.connect(url, autocommit=True) as connection:
        while connection.execute(_OTHERS).fetchone() is not None:
            time.sleep(_LOOK_SECONDS)
        ((count,),) = connection.execute(_WRITTEN).fetchall()
    return int(count)


def _spoil(url: str) -> dict[str, str]:
    """Make some leads different; by domain, in which transaction."""
    with psycopg.connect(url) as connection:
        return {str(domain): str(xmin) for domain, xmin in connection.execute(_SPOILED).fetchall()}


def _touched(url: str, transaction: int) -> set[str]:
    with psycopg.connect(url) as connection:
        return {str(domain) for (domain,) in connection.execute(_TOUCHED, [transaction]).fetchall()}
