"""The demo: the lab's sixty companies behind real servers on this machine.

In: nothing. Out: open servers and the names they know, until the block ends: a name server, and around it registries,
Microsoft's sign-in service and address files.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from shlex import quote
from tempfile import TemporaryDirectory
from types import MappingProxyType
from typing import Final

from hunter.lab.address_files import write_address_files
from hunter.lab.demo_networks import demo_networks
from hunter.lab.demo_world import demo_companies
from hunter.lab.microsoft import start_microsoft
from hunter.lab.microsoft_tenants import demo_tenants
from hunter.lab.registrations import demo_registrations
from hunter.lab.registry import start_registry
from hunter.lab.running import start_name_server
from hunter.lab.world_sources import DemoWorldSource

#: Which variable names which address file.
_FILE_VARIABLES: Final = {
    "maxmind_asn": "MAXMIND_ASN_DB",
    "maxmind_city": "MAXMIND_CITY_DB",
    "maxmind_country": "MAXMIND_COUNTRY_DB",
    "ip2location": "IP2LOCATION_DB",
    "ip2proxy": "IP2PROXY_DB",
}


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Everything but DNS that speaks of the companies."""

    #: Settings that lead there, by variable.
    variables: Mapping[str, str]
    #: The same as a file that a shell reads with `.`.
    file: Path


@dataclass(frozen=True, slots=True)
class DemoWorld:
    """Servers that know the companies."""

    #: The name server, `HOST:PORT`, as `--server` takes it.
    server: str
    #: As the world file writes them, in its order; some in Turkish letters.
    names: tuple[str, ...]
    #: Settings that lead to the other servers, by variable.
    variables: Mapping[str, str] = field(default_factory=dict)
    #: The same as a file that a shell reads with `.`.
    file: Path | None = None


@contextmanager
def open_demo_world(today: date, memory: Path) -> Iterator[DemoWorld]:
    """Serve the demo world on free ports of the loopback address while the block runs.

    `memory` is the folder in which Hunter keeps what it learns of these companies, apart from what is real.
    """
    names = tuple(company.display_domain for company in demo_companies())
    with start_name_server(DemoWorldSource()) as server:
        address = f"{server.host}:{server.port}"
        # No address of a database or of Redis may lead invented companies among real ones.
        own = {
            "HUNTER_DATA_DIR": str(memory),
            **dict.fromkeys(("HUNTER_DATABASE_URL", "DATABASE_URL", "HUNTER_REDIS_URL", "REDIS_URL"), ""),
            "HUNTER_DNS_SERVERS": address,
            "HUNTER_DEMO_DATABASE": "true",
        }
        with open_surroundings(today, own) as surroundings:
            yield DemoWorld(address, names, surroundings.variables, surroundings.file)


@contextmanager
def open_surroundings(today: date, further: Mapping[str, str] = MappingProxyType({})) -> Iterator[Surroundings]:
    """Serve registries and Microsoft, and write address files; expiry dates are counted from `today`.

    `further` are settings that go with them.
    """
    with (
        TemporaryDirectory(prefix="hunter-demo-") as folder,
        start_registry(demo_registrations(today)) as registry,
        start_microsoft(demo_tenants()) as microsoft,
    ):
        files = write_address_files(Path(folder), demo_networks())
        variables = {
            "HUNTER_RDAP_BASE": registry.rdap_base,
            "HUNTER_WHOIS_SERVER": registry.whois_server,
            "HUNTER_TENANT_LOOKUP_ENABLED": "true",
            "HUNTER_TENANT_LOOKUP_BASE": microsoft.base,
            "HUNTER_ENRICHMENT_ENABLED": "true",
            **{variable: str(files[kind]) for kind, variable in _FILE_VARIABLES.items()},
            **further,
        }
        file = Path(folder) / "settings.sh"
        file.write_text("".join(f"export {name}={quote(text)}\n" for name, text in variables.items()), "utf-8")
        yield Surroundings(variables, file)
