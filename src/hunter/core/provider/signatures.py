"""Signatures: what host names, SPF names, DKIM names and TXT tokens betray, as data with a version.

In: the contents of the three signature files. Out: look-ups by label suffix. The word `source` of a row tells how it
was verified: `seen` in real zones, `doc` in the vendor's documentation, `unverified` from general knowledge, which
never earns high confidence.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from hunter.core.errors import RulebookError
from hunter.core.names.public_suffix import PublicSuffixes, shipped_suffixes
from hunter.core.provider.providers import Provider
from hunter.core.provider.signature_rows import (
    Claim,
    Owner,
    OwnerKind,
    SelectorRow,
    SignatureRow,
    read_gateway_rows,
    read_guesses,
    read_provider_rows,
    read_selector_names,
    read_selector_rows,
)
from hunter.core.provider.suffixes import SuffixTable
from hunter.core.rule_files.rule_reader import RuleReader

__all__ = ["Owner", "OwnerKind", "Signatures", "build_signatures"]


@dataclass(frozen=True, slots=True, eq=False)
class Signatures:
    """The signature data, compiled; equal only to itself, so that caches may be keyed by it."""

    #: Versions of the three files: providers, gateways, selectors.
    version: str
    #: The selectors worth asking, likeliest first.
    selectors: tuple[str, ...]
    #: Owners of mail hosts, gateways included.
    mail_hosts: SuffixTable[Owner]
    #: Owners of `include:` and `redirect=` names.
    spf_names: SuffixTable[Owner]
    #: Owners of the names at which DKIM CNAMEs point.
    dkim_targets: SuffixTable[Owner]
    #: Owners of autodiscover targets; knows every mail host too.
    autodiscover_hosts: SuffixTable[Owner]
    #: Whose mailboxes a vendor's ownership token hints at.
    vendor_owners: Mapping[str, Owner]
    #: Whom a key under a selector betrays by itself.
    selector_owners: Mapping[str, Owner]
    #: Whom a key under a selector betrays only beside the same owner's SPF.
    weak_selector_owners: Mapping[str, Owner]
    #: The selectors to ask first where no owner names its own: `gateway`, `hoster`, `local`.
    guesses: Mapping[str, tuple[str, ...]]
    #: The selectors of Microsoft 365, asked wherever a sign of it is seen.
    microsoft_selectors: tuple[str, ...]
    #: Where a name ends that somebody has registered.
    suffixes: PublicSuffixes


def build_signatures(
    providers: Mapping[str, object],
    gateways: Mapping[str, object],
    selectors: Mapping[str, object],
    *,
    suffixes: PublicSuffixes | None = None,
) -> Signatures:
    """Check the contents of the three signature files and compile them; `suffixes` are the package's unless given.

    Raises RulebookError naming file and rule: unknown keys, words and names, a suffix taken twice, a pattern that can
    never change an answer, rows out of order.
    """
    selector_file = RuleReader("selectors.json", selectors).file("selectors", "guesses")
    provider_file = RuleReader("providers.json", providers).file("providers")
    gateway_file = RuleReader("gateways.json", gateways).file("gateways")
    names = read_selector_names(selector_file["selectors"])
    rows = read_provider_rows(provider_file["providers"], names)
    fronts = read_gateway_rows(gateway_file["gateways"], len(rows))
    betrayals = read_selector_rows(selector_file["selectors"], {row.owner.name: row.owner for row in rows})
    mx = [claim for row in (*rows, *fronts) for claim in row.mx]
    return Signatures(
        version=".".join(file["version"].text() for file in (provider_file, gateway_file, selector_file)),
        selectors=tuple(names),
        mail_hosts=_table(mx),
        spf_names=_table(claim for row in (*rows, *fronts) for claim in row.spf),
        dkim_targets=_table(claim for row in rows for claim in row.dkim),
        autodiscover_hosts=_table([*mx, *(claim for row in rows for claim in row.autodiscover)]),
        vendor_owners=_vendor_owners(rows),
        selector_owners=_selector_owners(betrayals, is_weak=False),
        weak_selector_owners=_selector_owners(betrayals, is_weak=True),
        guesses=read_guesses(selector_file["guesses"], names),
        microsoft_selectors=_microsoft_selectors(rows),
        suffixes=suffixes or shipped_suffixes(),
    )


def _table(claims: Iterable[Claim]) -> SuffixTable[Owner]:
    taken: dict[str, Claim] = {}
    for claim in claims:
        suffix = claim.pattern.suffix
        if suffix in taken:
            raise RulebookError(claim.path, f'"{suffix}" is taken already by {taken[suffix].path}')
        taken[suffix] = claim
    for claim in taken.values():
        _refuse_unreachable(claim, taken)
    return SuffixTable((claim.pattern, claim.owner) for claim in taken.values())


def _refuse_unreachable(claim: Claim, taken: Mapping[str, Claim]) -> None:
    """Refuse a pattern below one of the same owner that gives the same answer without it."""
    suffix = claim.pattern.suffix.partition(".")[2]
    while suffix and suffix not in taken:
        suffix = suffix.partition(".")[2]
    above = taken.get(suffix)
    if above is not None and above.owner is claim.owner and above.pattern.is_plain:
        raise RulebookError(claim.path, f'"{claim.pattern.suffix}" can never change an answer: see {above.path}')


def _vendor_owners(rows: tuple[SignatureRow, ...]) -> dict[str, Owner]:
    owners: dict[str, Owner] = {}
    for row in rows:
        for vendor in row.vendors:
            if vendor in owners:
                raise RulebookError(row.path, f'vendor "{vendor}" is taken already by {owners[vendor].name}')
            owners[vendor] = row.owner
    return owners


def _selector_owners(rows: tuple[SelectorRow, ...], *, is_weak: bool) -> dict[str, Owner]:
    return {row.name: row.betrays for row in rows if row.betrays is not None and row.is_weak == is_weak}


def _microsoft_selectors(rows: tuple[SignatureRow, ...]) -> tuple[str, ...]:
    for row in rows:
        if row.owner.provider is Provider.M365 and row.owner.selectors:
            return row.owner.selectors
    raise RulebookError("providers.json: providers", "no row of class M365 names its selectors")
