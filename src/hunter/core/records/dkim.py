"""DKIM keys (RFC 6376 §3.6.1): a TXT text under `<selector>._domainkey.<domain>` in, the key that it publishes out."""

import re
from dataclasses import dataclass
from typing import Final

from hunter.core.records.tag_list import parse_tags

_WHITE_SPACE: Final = re.compile(r"[ \t\r\n]+")
_BASE64: Final = re.compile(r"[A-Za-z0-9+/]+={0,2}")


@dataclass(frozen=True, slots=True)
class DKIMKey:
    """One key record under `<selector>._domainkey.<domain>`."""

    #: The selector it was found under.
    selector: str
    #: `k=` in lower case: `rsa` unless published otherwise.
    key_type: str
    #: True when `t=` holds the flag `y`: signatures are a test and prove nothing yet.
    is_testing: bool
    #: True when `p=` is empty: signatures under this selector are void.
    is_revoked: bool
    #: The record's text.
    text: str


def parse_dkim_key(selector: str, text: str) -> DKIMKey | None:
    """Parse a TXT text; None when it is no DKIM key for mail.

    `v=` may be missing but is `DKIM1` and first where it stands; a tag that stands twice voids the list (§3.2); white
    space inside `p=` is folding; a key whose `s=` names other services only is passed over (§3.6.1). `h=`, notes and
    unknown tags do not matter here.
    """
    pairs = parse_tags(text)
    tags = dict(pairs)
    key = tags.get("p")
    if key is None or len(tags) != len(pairs):
        return None
    if "v" in tags and pairs[0] != ("v", "DKIM1"):
        return None
    key = _WHITE_SPACE.sub("", key)
    if (key and not _BASE64.fullmatch(key)) or not _is_for_mail(tags.get("s", "*")):
        return None
    return DKIMKey(
        selector=selector,
        key_type=tags.get("k", "rsa").lower(),
        is_testing="y" in _flags(tags.get("t", "")),
        is_revoked=not key,
        text=text,
    )


def _is_for_mail(services: str) -> bool:
    return not {"*", "email"}.isdisjoint(_flags(services))


def _flags(value: str) -> list[str]:
    """Split a colon-separated list, in lower case."""
    return [flag.strip() for flag in value.lower().split(":")]
