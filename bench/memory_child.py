"""One process that surveys and assesses so many domains: `python -m bench.memory_child HOST PORT DOMAINS SEED`.

Out: what its memory came to, as one JSON object; the one who measures memory cannot do so in a process that did other
things before.
"""

import asyncio
import json
import sys

from bench.analyst import Analyst
from bench.processes import peak_memory, resident_memory
from hunter.collectors.mail.resolver import Resolver
from hunter.collectors.mail.upstream import Upstream
from hunter.lab.world_sources.generated_world import GeneratedWorld
from hunter.rules.load import load_rulebook


async def survey(host: str, port: int, world: GeneratedWorld) -> int:
    """Survey and assess the whole world; returns how many domains were finished."""
    async with Resolver([Upstream(host, port)]) as resolver:
        return (await Analyst(resolver, load_rulebook()).run(world.domains())).domains


def main() -> None:
    """Survey, then say what it took."""
    host, port, domains, seed = sys.argv[1:]
    finished = asyncio.run(survey(host, int(port), GeneratedWorld(int(domains), seed=int(seed))))
    print(json.dumps({"domains": finished, "peak": peak_memory(), "resident": resident_memory()}))


if __name__ == "__main__":
    main()
