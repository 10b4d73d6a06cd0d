"""Rescoring in a process of its own, so that its memory is its own. Linux only.

In: a URL. Out: as JSON what was judged, what was written and what it took.
"""

import asyncio
import json
import sys
import time

from bench.lead_world import NOW
from bench.processes import peak_memory, resident_memory
from hunter.rules.load import load_rulebook
from hunter.services.rescore import Rescored, rescore
from hunter.storage.engine import open_engine


class Watched:
    """Notes the memory after the first page: what comes later has to fit into it."""

    def __init__(self) -> None:
        self.early = 0

    def __call__(self, judged: int) -> None:
        """Hear that so many are judged."""
        self.early = self.early or resident_memory()


async def _rescored(url: str, watched: Watched) -> Rescored:
    engine = open_engine(url)
    try:
        return await rescore(
            engine, load_rulebook(), as_of=NOW, reason=lambda judged, _: judged.reason_code, say=watched
        )
    finally:
        await engine.dispose()


def main() -> None:
    """Judge everything again, then say what it took."""
    watched = Watched()
    used, since = time.process_time(), time.perf_counter()
    done = asyncio.run(_rescored(sys.argv[1], watched))
    figures = {
        "judged": done.judged,
        "changed": done.changed,
        "undecided": done.undecided,
        "seconds": time.perf_counter() - since,
        "cpu": time.process_time() - used,
        "growth": max(peak_memory() - watched.early, 0),
        "peak": peak_memory(),
    }
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
