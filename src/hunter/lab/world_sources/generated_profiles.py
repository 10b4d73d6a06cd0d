"""Profiles of the generated world: 1,024 combinations of facts, drawn once from the shares by a seed.

Each domain has one of them, chosen by a hash of its number; so a hundred thousand domains cost no memory of their own.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Final, TypeVar

from hunter.lab.world_sources.generated_facts import (
    DKIMKind,
    DMARCKind,
    GeneratedFacts,
    MailSetup,
    NameServerKind,
    SPFKind,
    TextKind,
)

_PROFILE_BITS: Final = 10
#: Number of profiles.
PROFILES: Final = 1 << _PROFILE_BITS

_WORD: Final = (1 << 64) - 1
# 2**64 divided by the golden ratio: consecutive numbers land far apart and fill the profiles evenly.
_GOLDEN: Final = 0x9E3779B97F4A7C15

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Profile:
    """What a domain of the generated world is like."""

    #: Place in the table; keys and addresses are made from it.
    slot: int
    mail: MailSetup
    spf: SPFKind
    dmarc: DMARCKind
    dkim: DKIMKind
    #: Where `dkim` needs a selector of the list: this one.
    listed_selector: str
    texts: TextKind
    name_servers: NameServerKind


def draw_profiles(facts: GeneratedFacts, *, seed: int, selectors: Sequence[str]) -> tuple[Profile, ...]:
    """Return the table of profiles; each fact has its exact share of it, and facts are combined by chance."""
    random = Random(seed)
    mail = _portioned({setup: setup.share for setup in facts.mail}, PROFILES, random)
    spf = _portioned(facts.spf, PROFILES, random)
    dmarc = _portioned(facts.dmarc, PROFILES, random)
    dkim = _dkim_kinds(mail, facts, random)
    texts = _portioned(facts.texts, PROFILES, random)
    name_servers = _portioned(facts.name_servers, PROFILES, random)
    return tuple(
        Profile(
            slot=slot,
            mail=mail[slot],
            spf=_fitting_spf(spf[slot], mail[slot]),
            dmarc=dmarc[slot],
            dkim=_fitting_dkim(dkim[slot], mail[slot]),
            listed_selector=random.choice(selectors),
            texts=texts[slot],
            name_servers=name_servers[slot],
        )
        for slot in range(PROFILES)
    )


def slot_of(index: int, seed: int) -> int:
    """Return the place in the table for the domain with this number."""
    return (((index + 1) * _GOLDEN + seed * 0xD1B54A32D192ED03) & _WORD) >> (64 - _PROFILE_BITS)


def _portioned(shares: Mapping[T, int], size: int, random: Random) -> list[T]:
    """Return `size` things in random order, each as often as its share says (largest remainders take what is left)."""
    whole = sum(shares.values())
    counts = {thing: share * size // whole for thing, share in shares.items()}
    by_remainder = sorted(shares, key=lambda thing: shares[thing] * size % whole, reverse=True)
    for thing in by_remainder[: size - sum(counts.values())]:
        counts[thing] += 1
    things = [thing for thing, count in counts.items() for _ in range(count)]
    random.shuffle(things)
    return things


def _dkim_kinds(mail: Sequence[MailSetup], facts: GeneratedFacts, random: Random) -> list[DKIMKind]:
    """Return the kind for each slot: one table where Microsoft signs, another elsewhere, none without mail."""
    kinds = [DKIMKind.NONE] * len(mail)
    for is_microsoft, shares in ((True, facts.dkim_microsoft), (False, facts.dkim)):
        slots = [
            slot for slot, setup in enumerate(mail) if setup.takes_mail and setup.is_signed_by_microsoft is is_microsoft
        ]
        for slot, kind in zip(slots, _portioned(shares, len(slots), random), strict=True):
            kinds[slot] = kind
    return kinds


def _fitting_spf(kind: SPFKind, setup: MailSetup) -> SPFKind:
    """An include of Outlook is left over only where the mailboxes are not there."""
    return SPFKind.PLAIN if kind is SPFKind.LEFT_OVER_OUTLOOK and setup.provider == "M365" else kind


def _fitting_dkim(kind: DKIMKind, setup: MailSetup) -> DKIMKind:
    """A set-up that never signs has no usual keys to publish or to revoke."""
    if setup.dkim:
        return kind
    return {
        DKIMKind.USUAL: DKIMKind.NONE,
        DKIMKind.REVOKED: DKIMKind.NONE,
        DKIMKind.LYING_USUAL: DKIMKind.LYING_NONE,
    }.get(kind, kind)
