"""One DMARC record on its own (RFC 9989 §4.7, §4.8): a TXT text in, its tags read and judged out.

What the record says of `p`, `sp` and `np` is taken as receivers take it (§4.10.1): where one of them is published but
invalid, or `p` is missing, the record counts as `p=none` if it names a usable report address, and is void otherwise.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from hunter.core.records.tag_list import parse_tags

#: The policies, weakest first.
POLICIES: Final = ("none", "quarantine", "reject")

_LONGEST_CACHED_TEXT: Final = 1024
#: Stands for a tag that is published twice with different values, which no receiver can be relied on to read.
_CONTRADICTION: Final = "?"
_INTEGER: Final = re.compile(r"([+-]?)0*([0-9]+)", re.ASCII)
_REPORT_ADDRESS: Final = re.compile(
    r"mailto:[^\s@!]+@[^\s@!]+(?:![0-9]+[kmgt]?)?|(?!mailto:)[a-z][a-z0-9+.-]*:\S+", re.I
)


@dataclass(frozen=True, slots=True)
class DMARCRecord:
    """One DMARC record as receivers take it."""

    #: The record's text.
    text: str
    #: `none`, `quarantine` or `reject`.
    policy: str
    #: `sp` where it is valid.
    subdomain_policy: str | None
    #: `np` where it is valid.
    nonexistent_policy: str | None
    #: `y`, `n` or `u` where it is valid.
    psd: str | None
    #: True for `t=y`.
    is_testing: bool
    #: `pct` where it is an integer, clamped to 0..100; else 100.
    coverage: int
    #: Report addresses as published.
    rua: tuple[str, ...]
    #: False when the record is void: no valid policy, and no usable report address that would save it.
    is_usable: bool


def parse_dmarc(text: str) -> DMARCRecord | None:
    """Parse a TXT text at a `_dmarc` name; None when it is no DMARC record."""
    return _parse_cached(text) if len(text) <= _LONGEST_CACHED_TEXT else _parse(text)


def _parse(text: str) -> DMARCRecord | None:
    tags = _tags(text)
    if tags is None:
        return None
    rua = tuple([address for part in tags.get("rua", "").split(",") if (address := part.strip())])
    policies = [tags[name].lower() for name in ("p", "sp", "np") if name in tags]
    is_sound = "p" in tags and all(policy in POLICIES for policy in policies)
    psd = tags.get("psd", "").lower()
    return DMARCRecord(
        text=text,
        policy=tags["p"].lower() if is_sound else "none",
        subdomain_policy=_policy(tags, "sp") if is_sound else None,
        nonexistent_policy=_policy(tags, "np") if is_sound else None,
        psd=psd if psd in ("y", "n", "u") else None,
        is_testing=tags.get("t", "").lower() == "y",
        coverage=_coverage(tags.get("pct", "")),
        rua=rua,
        is_usable=is_sound or any(_REPORT_ADDRESS.fullmatch(address) for address in rua),
    )


_parse_cached = lru_cache(maxsize=1024)(_parse)


def _tags(text: str) -> dict[str, str] | None:
    """Return the tags by lower-case name; None unless `v=DMARC1` stands first, in exactly this case (RFC 9989 §4.7)."""
    if text[:1] not in ("v", "V"):
        return None
    pairs = parse_tags(text)
    if not pairs or pairs[0][0] not in ("v", "V") or pairs[0][1] != "DMARC1":
        return None
    tags: dict[str, str] = {}
    for name, value in pairs[1:]:
        # An empty value is a syntax error, which RFC 9989 §4.7 has receivers pass over.
        if value and tags.setdefault(name.lower(), value) != value:
            tags[name.lower()] = _CONTRADICTION
    return tags


def _policy(tags: dict[str, str], name: str) -> str | None:
    return tags[name].lower() if name in tags else None


def _coverage(pct: str) -> int:
    number = _INTEGER.fullmatch(pct)
    if number is None:
        return 100
    sign, digits = number.groups()
    if sign == "-":
        return 0
    return 100 if len(digits) > 3 else min(int(digits), 100)
