"""The registrable part of a host name, by the public suffix list (https://publicsuffix.org).

Only the list's ICANN section counts. A company that lends out names below its own is no registry: the mail hosts under
such names are its hosts.
"""

from functools import cache, lru_cache
from typing import Final

from publicsuffixlist import PublicSuffixList

#: Suffixes that the list does not carry, but under which names are given out all the same.
_UNLISTED: Final = frozenset({"gov.mx"})

#: The list to go by, the last one counts; empty for the package's own.
_renewed: Final[list[str]] = []


@lru_cache(maxsize=8192)
def registrable_domain(host: str) -> str | None:
    """Return the label below the public suffix together with it, lower case; None when the host has no such part.

    None for a public suffix itself, an address, an empty text and a malformed name. An unlisted top label counts as
    a suffix (`firma.example`).
    """
    name = host.lower().removesuffix(".")
    top = name.rpartition(".")[2]
    root = None if top.isdigit() else _suffixes().privatesuffix(name)
    if root not in _UNLISTED:
        return root
    labels = name.split(".")
    return ".".join(labels[-3:]) if len(labels) > 2 else None


def use_suffixes(text: str) -> None:
    """Go by this list from now on, instead of the one that comes with the package; it is a whole list as published."""
    _renewed.append(text)
    _suffixes.cache_clear()
    registrable_domain.cache_clear()


@cache
def _suffixes() -> PublicSuffixList:
    """Read the list when it is first needed; that takes some 50 ms."""
    return PublicSuffixList(_renewed[-1].splitlines() if _renewed else None, only_icann=True)
