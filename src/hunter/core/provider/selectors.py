"""Which DKIM selectors to ask first, guessed from what the first answers say of the provider.

In: MX, the SPF texts, the autodiscover targets and the vendors of ownership tokens, as far as they were read. Out: one
to four selectors. They decide whether DKIM may be called absent, so the names that a provider gives to all its
customers come before the names that are merely common.
"""

from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from hunter.core.provider.mail_traces import spf_targets
from hunter.core.provider.providers import Provider
from hunter.core.provider.signatures import Owner, OwnerKind, Signatures
from hunter.core.records.mx import MXHost
from hunter.core.records.spf_grammar import is_spf
from hunter.core.signals import Found, Signal

#: More first questions than this cost more than they save.
_MOST_GUESSES: Final = 4
_SERVICES: Final = (OwnerKind.SERVICE, OwnerKind.INBOUND)


def guess_selectors(
    signatures: Signatures,
    mx: Signal[tuple[MXHost, ...]],
    *,
    spf_texts: tuple[str, ...],
    autodiscover: tuple[str, ...],
    verifications: tuple[str, ...],
) -> tuple[str, ...]:
    """Return the one to four selectors that the provider guess names, likeliest first."""
    find = signatures.mail_hosts.find
    at_mx = [find(host.host) for host in mx.value] if isinstance(mx, Found) else []
    guesses: dict[str, None] = {}
    for owner in at_mx:
        if owner is not None and owner.kind in _SERVICES:
            guesses.update(dict.fromkeys(owner.selectors))
    is_named = bool(guesses)
    for owner in _led_to(signatures, tuple([text for text in spf_texts if is_spf(text)]), autodiscover):
        guesses.update(dict.fromkeys(_selectors_of(owner, signatures)))
    if not is_named:
        guesses.update(dict.fromkeys(_unnamed(signatures, at_mx, verifications, has_led=bool(guesses))))
    return tuple(guesses)[:_MOST_GUESSES]


@lru_cache(maxsize=2048)
def _led_to(signatures: Signatures, spf_texts: tuple[str, ...], autodiscover: tuple[str, ...]) -> tuple[Owner, ...]:
    """Return the mailbox services to which autodiscover leads or which SPF lets send, Microsoft 365 first."""
    owners = [signatures.autodiscover_hosts.find(host) for host in autodiscover]
    owners += [signatures.spf_names.find(name) for name in spf_targets(spf_texts)]
    services = [owner for owner in owners if owner is not None and owner.kind is OwnerKind.SERVICE]
    return tuple(sorted(services, key=lambda owner: owner.provider is not Provider.M365))


def _selectors_of(owner: Owner, signatures: Signatures) -> tuple[str, ...]:
    return signatures.microsoft_selectors if owner.provider is Provider.M365 else owner.selectors


def _unnamed(
    signatures: Signatures, at_mx: list[Owner | None], verifications: tuple[str, ...], *, has_led: bool
) -> Iterator[str]:
    """Yield what to ask where MX names no mailbox service: tokens hint at one, servers have habits of their own."""
    for vendor in verifications:
        owner = signatures.vendor_owners.get(vendor)
        if owner is not None and owner.kind is OwnerKind.SERVICE:
            yield from _selectors_of(owner, signatures)
    for owner in at_mx:
        if owner is None:
            # A trace that leads elsewhere may be left over: the commonest name of own servers is asked all the same.
            yield from signatures.guesses["local"][:1] if has_led else signatures.guesses["local"]
        elif owner.kind is OwnerKind.GATEWAY:
            yield from signatures.guesses["gateway"]
        else:
            yield from owner.selectors or signatures.guesses["local" if owner.kind is OwnerKind.TURKISH else "hoster"]
    if not at_mx:
        yield from signatures.guesses["gateway"]
