"""What dead registries cost: the whole command on one name, timed by its own JSON.

In: the lab's demo world, and registries that take connections and never answer. Out: when registration and mail were
ready.
"""

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from bench.effort import Options
from bench.report import Measure, Unit
from hunter.core.errors import Unavailable
from hunter.lab.registry.faults import RegistryFaults
from hunter.lab.registry.registrations import RegistryWorld, demo_registrations, parse_fault
from hunter.lab.registry.running import start_registry
from hunter.lab.running import RunningNameServer, start_name_server
from hunter.lab.world_sources.choosing import DemoWorldSource
from hunter.wiring.process import utc_now

RDAP_DEAD: Final = "RDAP dead: registration is ready after"
BOTH_DEAD: Final = "RDAP and WHOIS dead: registration is given up after"
MAIL_MEANWHILE: Final = "= mail is ready meanwhile after"
_NAME: Final = "gokcetepe-otomotiv.example"
_DEAD: Final = parse_fault("dead")


def measure_dead(options: Options) -> list[Measure]:
    """Scan one name with the RDAP server dead, then with WHOIS dead too."""
    options.say("registration: two scans with dead servers")
    with start_name_server(DemoWorldSource()) as server:
        rdap = _times(server, demo_registrations(utc_now().date()), RegistryFaults(rdap=_DEAD))
        both = _times(server, RegistryWorld(), RegistryFaults(rdap=_DEAD, whois=_DEAD))
    done = f"hunter scan {_NAME} --json, its own timing_ms; mail was ready after"
    return [
        Measure(
            RDAP_DEAD, rdap["registration"], Unit.MILLISECONDS, f"{done} {rdap['mail']} ms.", floor=3_600, aim=3_200
        ),
        Measure(
            BOTH_DEAD, both["registration"], Unit.MILLISECONDS, f"{done} {both['mail']} ms.", floor=10_000, aim=8_200
        ),
        Measure(MAIL_MEANWHILE, both["mail"], Unit.MILLISECONDS, "In the second scan.", floor=1_000, aim=200),
    ]


def _times(server: RunningNameServer, world: RegistryWorld, faults: RegistryFaults) -> Mapping[str, int]:
    """Run the command in a folder whose `.env` leads to the registries; return its times in milliseconds."""
    with start_registry(world, faults) as registry, TemporaryDirectory() as folder:
        settings = f"HUNTER_RDAP_BASE={registry.rdap_base}\nHUNTER_WHOIS_SERVER={registry.whois_server}\n"
        Path(folder, ".env").write_text(settings, encoding="utf-8")
        command = [sys.executable, "-m", "hunter.cli.main", "scan", _NAME, "--json", "--no-save"]
        command += ["--server", f"{server.host}:{server.port}"]
        ended = subprocess.run(command, cwd=folder, capture_output=True, text=True, encoding="utf-8", check=False)
    if ended.returncode:
        raise Unavailable(f"hunter scan ended with {ended.returncode}: {ended.stderr.strip()}")
    times: Mapping[str, int] = json.loads(ended.stdout)["timing_ms"]
    return times
