"""Hosting or Local: what the network of a mail host in the company's own name says of who runs the machine.

In: a classification and the facts about the address of the first mail host. Out: the same classification, or one that
the network sharpened. A name says nothing of the machine behind it: a rented one abroad is a hoster's, one in a known
Turkish host's network is that host's, one on a company's line at home is its own.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from hunter.core.evidence import AddressFacts, NetworkEvidence
from hunter.core.provider.classification import Classification
from hunter.core.provider.mail_traces import ProviderFact
from hunter.core.provider.providers import Confidence, Provider
from hunter.core.rule_files.rule_reader import RuleReader
from hunter.core.signals import Found

FILE: Final = "networks.json"
#: Where a fact of this module was seen.
SOURCE: Final = "network"
#: Whom facts point to when they speak of a mailbox service, and so against a machine of the company's own.
_SERVICES: Final = (Provider.M365, Provider.GOOGLE, Provider.YANDEX, Provider.ZOHO, Provider.AMAZON)
_LARGEST_ASN: Final = 4_294_967_295


class NetworkKind(StrEnum):
    """Whose network it is."""

    HOSTER = "hoster"
    TURKISH = "turkish"


_KINDS: Final = {str(kind): kind for kind in NetworkKind}


@dataclass(frozen=True, slots=True)
class HostNetwork:
    """The network of a hosting company."""

    name: str
    kind: NetworkKind


@dataclass(frozen=True, slots=True)
class NetworkRules:
    """What networks say, as data with a version."""

    version: str
    #: Country in which a machine in a data centre may be a Turkish host's: ISO 3166-1, two letters.
    home: str
    #: Usage codes of machines that are rented, and of lines that companies and people have themselves.
    rented: frozenset[str]
    own: frozenset[str]
    by_asn: Mapping[int, HostNetwork]


def build_network_rules(content: object) -> NetworkRules:
    """Check the content of `networks.json`; raises RulebookError naming the place."""
    places = RuleReader(FILE, content).file("home", "rented", "own", "networks")
    rented, own = (frozenset(place.text() for place in places[key].rows()) for key in ("rented", "own"))
    if rented & own:
        raise places["own"].error(f"{min(rented & own)} is named as rented too")
    networks: dict[int, HostNetwork] = {}
    for row in places["networks"].rows():
        fields = row.table(("asn", "name", "kind"))
        number = fields["asn"].integer(1, _LARGEST_ASN)
        if number in networks:
            raise fields["asn"].error(f"{number} is named twice")
        networks[number] = HostNetwork(fields["name"].text(), fields["kind"].word(_KINDS))
    return NetworkRules(places["version"].text(), places["home"].text(), rented, own, networks)


def sharpened(classification: Classification, network: NetworkEvidence, rules: NetworkRules) -> Classification:
    """Return the classification as the network of the mail host sharpens it; unchanged where it says nothing.

    Only a mail host in the company's own name is looked at: every other name says itself whose it is.
    """
    if not isinstance(network.mx, Found) or not _is_own_server(classification):
        return classification
    facts = network.mx.value
    listed = rules.by_asn.get(facts.asn) if facts.asn is not None else None
    confidence = Confidence.LOW if _is_contradicted(classification) else Confidence.MEDIUM
    if listed is not None and listed.kind is NetworkKind.TURKISH:
        return _with(classification, facts, listed.name, confidence=confidence, local_provider=listed.name)
    if listed is not None:
        return _with(classification, facts, listed.name, confidence=confidence, provider=Provider.HOSTING)
    is_abroad = facts.country is not None and facts.country != rules.home
    if facts.usage_type in rules.rented and is_abroad:
        return _with(classification, facts, Provider.HOSTING, confidence=confidence, provider=Provider.HOSTING)
    if facts.usage_type in rules.own and facts.country == rules.home:
        return _with(classification, facts, "own", confidence=confidence)
    return classification


def _is_own_server(classification: Classification) -> bool:
    hosts = [fact for fact in classification.evidence if fact.source == "mx"]
    is_open = classification.provider is Provider.LOCAL and classification.local_provider is None
    return is_open and classification.gateway is None and bool(hosts) and all(one.points_to == "own" for one in hosts)


def _is_contradicted(classification: Classification) -> bool:
    traces = (fact for fact in classification.evidence if fact.source in ("autodiscover", "dkim", "spf"))
    return any(fact.points_to in _SERVICES for fact in traces)


def _with(
    classification: Classification,
    facts: AddressFacts,
    points_to: str,
    *,
    confidence: Confidence,
    provider: Provider = Provider.LOCAL,
    local_provider: str | None = None,
) -> Classification:
    operator = facts.isp or facts.asn_org
    value = ", ".join(filter(None, (facts.address, operator, facts.country)))
    return replace(
        classification,
        provider=provider,
        confidence=confidence,
        local_provider=local_provider,
        evidence=(*classification.evidence, ProviderFact(SOURCE, value, points_to)),
    )
