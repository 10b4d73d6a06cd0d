"""What the MX hosts say: whom they name to keep the mailboxes, and who stands in front.

In: the mail hosts in order of preference. Out: `MailHosts`. All hosts are looked at, the preferred ones first: a
mailbox service beside somebody's server is where the mailboxes are, and a filter is a second answer.
"""

from functools import lru_cache
from typing import Final, NamedTuple

from hunter.core.names.public_suffix import PublicSuffixes
from hunter.core.provider.providers import Provider
from hunter.core.provider.signatures import Owner, OwnerKind
from hunter.core.records.mx import MXHost

#: The domain's own name, and a name that no row knows: whoever runs such a server, the wire calls it Local.
OWN: Final = Owner("own", "own", OwnerKind.OWN, Provider.LOCAL, rank=1_000_000)
OTHER: Final = Owner("other", "other", OwnerKind.OTHER, Provider.LOCAL, rank=1_000_001)

#: Those that keep mailboxes, most telling first; every other kind keeps none.
_KEEPERS: Final = {
    OwnerKind.SERVICE: 0,
    OwnerKind.CONSUMER: 1,
    OwnerKind.INBOUND: 2,
    OwnerKind.HOSTER: 3,
    OwnerKind.PANEL: 3,
    OwnerKind.TURKISH: 3,
    OwnerKind.OWN: 3,
    OwnerKind.OTHER: 3,
}
_SERVICES: Final = 1


class MailHosts(NamedTuple):
    """The MX hosts of a domain, by what they do: a small key, so that each different case is judged once."""

    #: Whom MX names to keep the mailboxes; None where only filters, forwarders or parked names are named.
    keeper: Owner | None = None
    gateway: Owner | None = None
    forwarder: Owner | None = None
    #: True when MX names Exchange Online for companies, preferred or not.
    has_exchange_online: bool = False
    #: True when a preferred host, or another mailbox service, contradicts the keeper.
    is_split: bool = False


def owner_of(host: str, domain: str, known: Owner | None, suffixes: PublicSuffixes) -> Owner:
    """Return the owner that the signatures know for a host, else whether the name is the domain's own."""
    if known is not None:
        return known
    if host == domain or host.endswith("." + domain):
        return OWN
    root = suffixes.registrable_domain(host)
    return OWN if root is not None and root == suffixes.registrable_domain(domain) else OTHER


def read_mail_hosts(hosts: tuple[MXHost, ...], owners: list[Owner]) -> MailHosts:
    """Read the mail hosts of a domain, preferred ones first; `owners` says whose each of them is."""
    if not owners:
        return MailHosts()
    sole = owners[0]
    if owners.count(sole) == len(owners):
        return _sole(sole)
    best: dict[Owner, int] = {}
    for mx, owner in zip(hosts, owners, strict=True):
        best.setdefault(owner, mx.preference)
    return _read(best)


@lru_cache(maxsize=1024)
def _sole(owner: Owner) -> MailHosts:
    return _read({owner: 0})


def _read(best: dict[Owner, int]) -> MailHosts:
    """Read the owners met, with the best preference of each."""
    keeper = _keeper(best)
    return MailHosts(
        keeper=keeper,
        gateway=_first(best, OwnerKind.GATEWAY),
        forwarder=_forwarder(best, keeper),
        has_exchange_online=any(owner.provider is Provider.M365 for owner in best),
        is_split=keeper is not None and _is_split(best, keeper),
    )


def _keeper(best: dict[Owner, int]) -> Owner | None:
    keepers = [owner for owner in best if owner.kind in _KEEPERS]
    if len(keepers) < 2:
        return keepers[0] if keepers else None
    return min(keepers, key=lambda owner: (_KEEPERS[owner.kind], best[owner], owner.rank))


def _first(best: dict[Owner, int], kind: OwnerKind) -> Owner | None:
    return next((owner for owner in best if owner.kind is kind), None)


def _forwarder(best: dict[Owner, int], keeper: Owner | None) -> Owner | None:
    """Return the forwarder, unless a mail service, or a server that is preferred to it, takes the mail."""
    forwarder = _first(best, OwnerKind.FORWARDER)
    if forwarder is None or keeper is None:
        return forwarder
    is_service = _KEEPERS[keeper.kind] <= _SERVICES
    return None if is_service or best[keeper] < best[forwarder] else forwarder


def _is_split(best: dict[Owner, int], keeper: Owner) -> bool:
    place = _KEEPERS[keeper.kind]
    for owner, preference in best.items():
        rival = _KEEPERS.get(owner.kind)
        if rival is None or owner.provider is keeper.provider:
            continue
        if rival == place <= _SERVICES or preference < best[keeper]:
            return True
    return False
