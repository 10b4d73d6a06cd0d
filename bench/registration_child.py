"""One process that looks registrations up: `… RDAP_BASE WHOIS_SERVER FOLDER PER_SECOND FIRST COUNT`.

In: where the simulators listen, the folder of the shared limit and which generated names to ask for, odd ones by WHOIS.
Out: what was found and what it took, as one JSON object.
"""

import asyncio
import json
import sys
import time
from pathlib import Path
from typing import Final

from bench.processes import resident_memory
from hunter.collectors.registration.collect import RegistrationCollector
from hunter.collectors.registration.registration import Outcome
from hunter.lab.registry.registrations import generated_name
from hunter.resilience.file_buckets import FileBuckets
from hunter.resilience.rate_limiter import RateLimiter

#: Look-ups under way; at 200/s and 50 ms a dozen would do.
_CONCURRENCY: Final = 100


async def look_up_all(collector: RegistrationCollector, first: int, count: int) -> tuple[int, int]:
    """Look all names up; returns how many were found, and the resident memory after a quarter of them."""
    names = iter(
        [generated_name(number, "com.tr" if number % 2 else "example") for number in range(first, first + count)]
    )
    found, done, early_memory = 0, 0, 0

    async def work() -> None:
        nonlocal found, done, early_memory
        for name in names:
            registration = await collector.look_up(name)
            found += registration.outcome is Outcome.FOUND
            done += 1
            if done == count // 4:
                early_memory = resident_memory()

    await asyncio.gather(*(work() for _ in range(min(count, _CONCURRENCY))))
    return found, early_memory


async def ask(arguments: list[str]) -> dict[str, float]:
    """Do what the command line says."""
    base, server, folder, per_second, first, count = arguments
    buckets = FileBuckets(Path(folder))
    limiter = RateLimiter("whois", float(per_second), buckets)
    async with RegistrationCollector(limiter=limiter, rdap_base=base, whois_server=server) as collector:
        found, early_memory = await look_up_all(collector, int(first), int(count))
    buckets.close()
    return {
        "asked": int(count),
        "found": found,
        "cpu_seconds": time.process_time(),
        "early_memory": early_memory,
        "late_memory": resident_memory(),
    }


if __name__ == "__main__":
    print(json.dumps(asyncio.run(ask(sys.argv[1:]))))
