"""The registrable part of a host name, by the public suffix list (https://publicsuffix.org).

Only the list's ICANN section counts. A company that lends out names below its own is no registry: the mail hosts under
such names are its hosts.
"""

from collections.abc import Callable
from functools import cache, cached_property, lru_cache
from typing import Final

from publicsuffixlist import PublicSuffixList

#: Suffixes that the list does not carry, but under which names are given out all the same.
_UNLISTED: Final = frozenset({"gov.mx"})
#: Hosts whose answer is remembered.
_REMEMBERED: Final = 8192


class PublicSuffixes:
    """One list of public suffixes; who loads it hands it on."""

    #: Return the label below the public suffix together with it, lower case; None when the host has no such part.
    #:
    #: None for a public suffix itself, an address, an empty text and a malformed name. An unlisted top label counts as
    #: a suffix (`firma.example`).
    registrable_domain: Callable[[str], str | None]

    def __init__(self, text: str | None = None) -> None:
        """`text` is a whole list as published; without it the list counts that comes with the package."""
        self._text = text
        self.registrable_domain = lru_cache(maxsize=_REMEMBERED)(self._find)

    def _find(self, host: str) -> str | None:
        name = host.lower().removesuffix(".")
        top = name.rpartition(".")[2]
        root = None if top.isdigit() else self._list.privatesuffix(name)
        if root not in _UNLISTED:
            return root
        labels = name.split(".")
        return ".".join(labels[-3:]) if len(labels) > 2 else None

    @cached_property
    def _list(self) -> PublicSuffixList:
        """The list, read when it is first needed: that takes some 50 ms."""
        return PublicSuffixList(None if self._text is None else self._text.splitlines(), only_icann=True)


@cache
def shipped_suffixes() -> PublicSuffixes:
    """Return the list that comes with the package; it never changes while the process runs."""
    return PublicSuffixes()
