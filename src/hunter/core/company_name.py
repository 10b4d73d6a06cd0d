"""Names of companies as lists give them, and which of two is kept (engine 5.4).

In: texts. Out: a clean name, "" for none; the name to keep.
"""

import re
from enum import IntEnum
from typing import Final

from hunter.core.company_domain import is_placeholder
from hunter.core.turkish import fold

#: The stored column holds no more characters.
LONGEST_NAME: Final = 255
_SPACES: Final = re.compile(r"\s+")
_CUT_ENDS: Final = "….- "


class NameSource(IntEnum):
    """Who gave a name; a higher one is never overwritten by a lower one."""

    #: Without a name the domain stands for it.
    DOMAIN = 0
    LIST = 1
    CRM = 2
    PERSON = 3


def clean_name(text: str) -> str:
    """Return a company's name in one line without unprintable characters; "" for an empty or placeholder cell."""
    if not text.isprintable() or "  " in text or text != text.strip():
        text = "".join(letter if letter.isprintable() else " " for letter in text)
        text = _SPACES.sub(" ", text).strip()
    if is_placeholder(text):
        return ""
    return text if len(text) <= LONGEST_NAME else text[: LONGEST_NAME - 1].rstrip() + "…"


def kept_name(
    current: str,
    offered: str,
    domain: str,
    *,
    current_source: NameSource = NameSource.LIST,
    offered_source: NameSource = NameSource.LIST,
) -> str:
    """Return the better of two names of a company.

    A name gives way to a non-empty one from a source that is no lower, unless that is the domain itself or the same
    name cut short. Without any name it is the domain.
    """
    offered = clean_name(offered)
    if not current or current == domain:
        return offered or current or domain
    is_worse = not offered or offered_source < current_source or fold(offered) == domain
    return current if is_worse or _is_cut_short(offered, current) else offered


def _is_cut_short(offered: str, current: str) -> bool:
    start = fold(offered).rstrip(_CUT_ENDS)
    whole = fold(current)
    return len(start) < len(whole.rstrip(_CUT_ENDS)) and whole.startswith(start)
