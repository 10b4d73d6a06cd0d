"""checkdmarc in a process of its own, which has its own CPU time: `python -m bench.peer_checkdmarc HOST PORT`.

In: JSON lists of domains, one a line. Out: for each line one JSON object, see `Turn`. It is called as its own command
line calls it, with its own caches, and asks the name server it is given.
"""

import json
import sys
import time
from dataclasses import asdict, dataclass

from dns.nameserver import Do53Nameserver

try:
    import checkdmarc
except ModuleNotFoundError:
    sys.exit("checkdmarc is not installed: `./hunter bench dns --peers` installs requirements/peers.txt")


@dataclass(frozen=True, slots=True)
class Turn:
    """One list of domains, checked."""

    domains: int
    #: User and system time of the process.
    cpu_seconds: float
    wall_seconds: float


def check(domains: list[str], server: Do53Nameserver) -> Turn:
    """Check all domains, one after the other."""
    cpu, since = time.process_time(), time.perf_counter()
    checkdmarc.check_domains(domains, nameservers=[server])
    return Turn(len(domains), time.process_time() - cpu, time.perf_counter() - since)


def main() -> None:
    """Serve lines until the input ends."""
    server = Do53Nameserver(sys.argv[1], int(sys.argv[2]))
    for line in sys.stdin:
        print(json.dumps(asdict(check(json.loads(line), server))), flush=True)


if __name__ == "__main__":
    main()
