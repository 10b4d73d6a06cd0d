"""Which servers are asked about a domain: RDAP by IANA's bootstrap data, WHOIS by a table, else by IANA's referral.

In: the data beside this file and what the operator names. Out: a plan for one domain. `.tr` has no RDAP and goes
straight to its registry's WHOIS; names under reserved top labels are asked of nobody but a server the operator named.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from hunter.collectors.registration.bootstrap import Bootstrap

#: Knows the registry of every top label and refers to it.
IANA_WHOIS: Final = "whois.iana.org"
#: Registries by WHOIS alone, whatever RDAP server the operator names.
_WHOIS_ONLY: Final = frozenset({"tr"})
#: Top labels that no registry gives out names below (RFC 6761, RFC 6762, RFC 7686, RFC 9476).
_RESERVED: Final = frozenset({"alt", "example", "internal", "invalid", "local", "localhost", "onion", "test"})
_TABLE: Final = Path(__file__).with_name("whois_servers.toml")


@dataclass(frozen=True, slots=True)
class WhoisTable:
    """The table as its file tells it."""

    #: Top label -> host.
    servers: Mapping[str, str]
    #: Host -> what is sent to it, `{domain}` standing for the name.
    queries: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class LookUpPlan:
    """Who is asked about one domain, in this order."""

    #: Base addresses; none where the registry has no RDAP.
    rdap: tuple[str, ...]
    #: `HOST` or `HOST:PORT`; None where nobody can know the name.
    whois: str | None


@cache
def whois_table() -> WhoisTable:
    """Read the table that is shipped, once."""
    document = tomllib.loads(_TABLE.read_text(encoding="utf-8"))
    return WhoisTable(document["servers"], document["queries"])


@dataclass(frozen=True, slots=True)
class RegistryServers:
    """The data and the operator's choice together."""

    bootstrap: Bootstrap
    table: WhoisTable
    #: Base address for every domain, instead of the bootstrap data.
    rdap_base: str | None = None
    #: WHOIS server for every domain, instead of the table.
    whois_server: str | None = None

    def plan(self, domain: str) -> LookUpPlan:
        """Return who is to be asked about a registrable domain in canonical form."""
        top = domain.rpartition(".")[2]
        listed = () if top in _RESERVED else self.bootstrap.bases_for(domain)
        rdap = (self.rdap_base,) if self.rdap_base and top not in _WHOIS_ONLY else listed
        table = None if top in _RESERVED else self.table.servers.get(top, IANA_WHOIS)
        return LookUpPlan(rdap, self.whois_server or table)
