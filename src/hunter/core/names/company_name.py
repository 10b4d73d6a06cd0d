"""Names of companies as lists, programs and people give them (engine 5.4).

In: texts. Out: a clean name, "" for none; whether one name says more than another.
"""

import re
from enum import IntEnum
from typing import Final

from hunter.core.names.company_domain import is_placeholder
from hunter.core.names.turkish import fold

#: The stored column holds no more characters.
LONGEST_NAME: Final = 255
_SPACES: Final = re.compile(r"\s+")
#: What stands at the end of a name that was cut short.
CUT_ENDS: Final = "….- "


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


def says_no_more(offered: str, current: str) -> bool:
    """Return whether a clean name is the current one, in whatever letters, or that one cut short."""
    return fold(current).startswith(fold(offered).rstrip(CUT_ENDS))
