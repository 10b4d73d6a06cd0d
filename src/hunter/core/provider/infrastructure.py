"""Infrastructure: on whose machines a company's mail or its web site stands, in a few words.

In: the facts of address files by the role of the host. Out: the facts that speak of the company, and their summary.
Who hosts mail and who hosts the web are two answers; the summary takes one of them and says which.
"""

from enum import StrEnum
from typing import Final, NamedTuple

from hunter.core.evidence import AddressFacts, NetworkEvidence
from hunter.core.provider.providers import Provider
from hunter.core.signals import Found, Signal

#: Words for the usage codes of IP2Location; other codes are shown as they are.
USAGE_WORDS: Final = {"DCH": "DataCenter", "COM": "Commercial", "RES": "Residential", "MOB": "Mobile"}
#: Where these keep the mailboxes, the address of the mail host describes them and not the company.
_DESCRIBE_THEMSELVES: Final = (Provider.M365, Provider.GOOGLE)


class HostRole(StrEnum):
    """What a host does for the company."""

    MX = "mx"
    WEB = "web"


class HostingFacts(NamedTuple):
    """The facts that say where the company's own infrastructure stands."""

    role: HostRole
    facts: AddressFacts


def speaks_of_company(provider: Provider, gateway: str | None) -> bool:
    """Say whether the mail host's address speaks of the company, and not of a mailbox service or a filter in front."""
    return provider not in _DESCRIBE_THEMSELVES and gateway is None


def hosting_facts(network: NetworkEvidence, provider: Provider, gateway: str | None = None) -> HostingFacts | None:
    """Choose the facts that speak of the company; None where there are none.

    The mail host comes first, the web site second. Where Microsoft or Google keeps the mailboxes, or a filter stands
    in front of them, the mail host's address speaks of those, so that only the web site's is taken.
    """
    roles: list[tuple[HostRole, Signal[AddressFacts]]] = [(HostRole.WEB, network.web)]
    if speaks_of_company(provider, gateway):
        roles.insert(0, (HostRole.MX, network.mx))
    for role, signal in roles:
        if isinstance(signal, Found) and summary_of(signal.value) is not None:
            return HostingFacts(role, signal.value)
    return None


def infrastructure_summary(network: NetworkEvidence, provider: Provider, gateway: str | None = None) -> str | None:
    """Return for example `Hosted on DataCenter, ISP: Hetzner, Country: DE`; None where nothing is known."""
    chosen = hosting_facts(network, provider, gateway)
    return summary_of(chosen.facts) if chosen is not None else None


def summary_of(facts: AddressFacts) -> str | None:
    """Return what is known of one address, each part only when it is; the network's name stands in for the ISP."""
    operator = facts.isp or facts.asn_org
    parts = [
        f"Hosted on {USAGE_WORDS.get(facts.usage_type, facts.usage_type)}" if facts.usage_type else "",
        f"ISP: {operator}" if operator else "",
        f"Country: {facts.country}" if facts.country else "",
    ]
    return ", ".join(filter(None, parts)) or None
