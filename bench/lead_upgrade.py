"""`python -m bench.lead_upgrade OLD`: a data folder of the release before, filled, brought up to this one.

OLD is a checkout of that release. Its own code fills a database on embedded servers and answers some looks; then this
release migrates it, breaks off in the middle once and begins again, and answers the same looks. Prints what was said
and how long it took; exit code 1 where an answer or a table is not what it has to be.
"""

import argparse
import asyncio
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, Final

from hunter.servers.supervisor import start_servers
from hunter.storage.check import differences
from hunter.storage.engine import open_engine
from hunter.storage.lead_index.query import LeadQuery, LeadSort
from hunter.storage.schema import upgrade
from hunter.storage.unit_of_work import UnitOfWork

#: What README 37 of the project allows.
MOST_SECONDS: Final = 180.0
_LOOKS: Final[tuple[dict[str, Any], ...]] = (
    {},
    {"segments": ["Migration"], "page": 3},
    {"providers": ["Google", "Local"], "min_score": 40},
    {"search": "gıda", "page": 2},
    {"m365_states": ["no"], "sort": "canonical_name"},
    {"include_unscored": True, "sort": "scanned_at"},
)
#: Runs in the old checkout: fills a database of the size in argv, says its URL, and prints what the looks find.
_FILL: Final = """
import asyncio, json, sys
sys.path.insert(0, sys.argv[4])
from pathlib import Path
from hunter.bench.lead_databases import open_databases
from hunter.bench.lead_world import LeadWorld
from hunter.rules.load import load_rulebook
from hunter.storage.engine import open_engine
from hunter.storage.lead_query import LeadQuery, LeadSort
from hunter.storage.unit_of_work import UnitOfWork

async def looks(url, wanted):
    engine = open_engine(url, read_only=True)
    found = []
    for one in wanted:
        words = {name: tuple(value) if isinstance(value, list) else value for name, value in one.items()}
        words["sort"] = LeadSort(words.get("sort", "priority_score"))
        async with UnitOfWork(engine) as unit:
            page = await unit.leads.search(LeadQuery(**words))
            found.append([page.total, [lead.domain for lead in page.leads]])
    await engine.dispose()
    return found

rows = int(sys.argv[2])
say = lambda line: print(line, file=sys.stderr)
with open_databases(Path(sys.argv[1]), (min(rows, 300), rows), LeadWorld(load_rulebook()), say) as databases:
    url = databases.many.url
    print(json.dumps({"url": url, "found": asyncio.run(looks(url, json.loads(sys.argv[3])))}))
"""


class _BrokenOffError(Exception):
    """The break in the middle."""


def main() -> int:
    """Fill, migrate, compare."""
    parser = argparse.ArgumentParser(prog="python -m bench.lead_upgrade", description=__doc__.split("\n")[0])
    parser.add_argument("old", type=Path, metavar="OLD", help="checkout of the release before")
    parser.add_argument("--rows", type=int, default=100_000, help="leads, 100,000 unless said otherwise")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="hunter-upgrade-") as name:
        Path(name).chmod(0o711)
        before = _filled(options.old, Path(name), options.rows)
        with start_servers(Path(name) / "servers"):
            return _upgraded(before["url"], before["found"])


def _filled(old: Path, folder: Path, rows: int) -> dict[str, Any]:
    command = [sys.executable, "-c", _FILL, str(folder), str(rows), json.dumps(_LOOKS), str(old.absolute() / "src")]
    done = subprocess.run(command, cwd=old, check=True, stdout=subprocess.PIPE, text=True)
    return dict(json.loads(done.stdout))


def _upgraded(url: str, before: list[list[Any]]) -> int:
    started = time.perf_counter()
    try:
        upgrade(url, say=_break_off)
    except _BrokenOffError:
        print(f"broken off after {time.perf_counter() - started:.1f} s; beginning again")
    started = time.perf_counter()
    upgrade(url, say=lambda line: print(f"{time.perf_counter() - started:6.1f} s  {line}", flush=True))
    seconds = time.perf_counter() - started
    after, differing = asyncio.run(_answers(url))
    is_same = after == before
    print(f"migrated in {seconds:.1f} s; answers {'the same' if is_same else 'DIFFERENT'}; {differing} differences")
    return 0 if is_same and not differing and seconds <= MOST_SECONDS else 1


def _break_off(line: str) -> None:
    if "words" in line:
        raise _BrokenOffError


async def _answers(url: str) -> tuple[list[list[Any]], int]:
    engine = open_engine(url, read_only=True)
    found: list[list[Any]] = []
    try:
        for one in _LOOKS:
            words: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in one.items()}
            words["sort"] = LeadSort(words.get("sort", "priority_score"))
            async with UnitOfWork(engine) as unit:
                page = await unit.leads.search(LeadQuery(**words))
                found.append([page.total, [lead.domain for lead in page.leads]])
        async with engine.connect() as connection:
            return found, len([one async for one in differences(connection)])
    finally:
        await engine.dispose()


if __name__ == "__main__":
    sys.exit(main())
