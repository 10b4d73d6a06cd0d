"""The rulebook: all rules by which we judge, checked and compiled when it is built.

In: the parsed rule files. Out: `Rulebook`, or a `RulebookError` that names file and rule. Rules are data, so that a
change of judgement is a change of numbers with a version, and no deployment of code.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from hunter.core.judgement.commercial import read_commercial
from hunter.core.judgement.expiry import read_expiry
from hunter.core.judgement.priority import read_priority
from hunter.core.judgement.scoring import read_scoring
from hunter.core.judgement.segmentation import read_segments
from hunter.core.judgement.tags import read_tags
from hunter.core.judgement.verdict import Rules, Verdicts
from hunter.core.names.domain_name import is_valid_domain
from hunter.core.provider.hosting_network import NetworkRules, build_network_rules
from hunter.core.provider.signatures import Signatures
from hunter.core.provider.tenant_size import read_sizes
from hunter.core.rule_files.rule_reader import RuleReader
from hunter.core.rulebook_checks import check_rules

#: The files of judgement; the signature files are read by `signatures.build_signatures`.
RULE_FILES: Final = (
    "scoring.json",
    "segments.json",
    "priority.json",
    "commercial.json",
    "tags.json",
    "expiry.json",
    "sizes.json",
    "free_mail.json",
)
#: What networks say of a mail host in the company's own name; it has a version of its own.
NETWORK_FILE: Final = "networks.json"
#: The stored column holds no more characters.
_MAX_VERSION_LENGTH: Final = 20


@dataclass(frozen=True, slots=True)
class Rulebook:
    """All rules by which we judge."""

    #: Version of the judgement files, then of signature files and networks: `1-1.1.1.1`; stored with every score.
    version: str
    signatures: Signatures
    rules: Rules
    networks: NetworkRules
    #: Domains under which anybody gets a mailbox; none of them is a company.
    free_mail: frozenset[str]
    #: Domains under which anybody gets a page; neither they nor names below them are a company.
    shared_hosts: frozenset[str]
    #: What follows from facts, worked out on demand.
    verdicts: Verdicts = field(repr=False, compare=False)

    def is_free_mail(self, domain: str) -> bool:
        """Return whether a canonical domain is a personal-mail domain."""
        return domain in self.free_mail

    def is_shared_host(self, domain: str) -> bool:
        """Return whether a canonical domain is a shared host or a name below one."""
        labels = domain.split(".")
        return any(".".join(labels[start:]) in self.shared_hosts for start in range(len(labels) - 1))


def build_rulebook(files: Mapping[str, object], signatures: Signatures) -> Rulebook:
    """Check and compile the rules; `files` holds the parsed content of each file by its name."""
    places = {name: RuleReader(name, files[name]) for name in RULE_FILES}
    networks = build_network_rules(files[NETWORK_FILE])
    version = _version(places, f"{signatures.version}.{networks.version}")
    scoring = read_scoring(places["scoring.json"])
    rules = Rules(
        scoring=scoring,
        segments=read_segments(places["segments.json"], scoring.scale),
        priority=read_priority(places["priority.json"], scoring.scale),
        commercial=read_commercial(places["commercial.json"], scoring.scale),
        tags=read_tags(places["tags.json"], scoring.scale),
        expiry=read_expiry(places["expiry.json"]),
        sizes=read_sizes(places["sizes.json"]),
    )
    check_rules(rules)
    lists = places["free_mail.json"].file("free_mail", "shared_hosts")
    free_mail = _read_domains(lists["free_mail"])
    shared_hosts = _read_domains(lists["shared_hosts"])
    return Rulebook(version, signatures, rules, networks, free_mail, shared_hosts, verdicts=Verdicts(rules))


def _version(places: Mapping[str, RuleReader], versions_of_data: str) -> str:
    """Return the version of the judgement files, which is one, and those of signatures and networks behind it.

    So a stored score tells under which numbers and under which data it was made.
    """
    first, *others = (place.key("version") for place in places.values())
    for other in others:
        if other.text() != first.text():
            raise other.error(f'is "{other.value}", but {first.path} is "{first.value}"')
    version = f"{first.text()}-{versions_of_data}"
    if len(version) > _MAX_VERSION_LENGTH:
        raise first.error(f'gives "{version}", which is longer than {_MAX_VERSION_LENGTH} characters')
    return version


def _read_domains(place: RuleReader) -> frozenset[str]:
    domains: set[str] = set()
    for row in place.rows():
        domain = row.text()
        if not is_valid_domain(domain) or domain != domain.lower():
            raise row.error(f'"{domain}" is no canonical domain name')
        if domain in domains:
            raise row.error(f'"{domain}" stands there twice')
        domains.add(domain)
    return frozenset(domains)
