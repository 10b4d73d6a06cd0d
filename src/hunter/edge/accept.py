"""What a client would rather have: the `Accept` header (RFC 9110, section 12.5.1).

In: the values of the header. Out: whether one media type is wanted more than another.
"""

from collections.abc import Sequence
from typing import Final

_ANYTHING: Final = "*/*"


def is_rather(wanted: str, other: str, accept: Sequence[str]) -> bool:
    """Return whether `wanted` has a higher quality than `other`; without the header nothing is wanted more."""
    ranges = [_range(part) for value in accept for part in value.split(",") if part.strip()]
    return _quality(wanted, ranges) > _quality(other, ranges)


def _range(text: str) -> tuple[str, float]:
    """Read one media range; its parameters but for the quality say nothing here."""
    kind, *parameters = (part.strip().lower() for part in text.split(";"))
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip() == "q":
            return kind, _number(value.strip())
    return kind, 1.0


def _number(text: str) -> float:
    """Return a quality between 0 and 1; what is none counts as 0."""
    whole, _, rest = text.partition(".")
    digits = whole + rest
    return min(float(text), 1.0) if digits.isascii() and digits.isdecimal() and whole else 0.0


def _quality(kind: str, ranges: Sequence[tuple[str, float]]) -> float:
    """Return the quality of a media type: that of the range which names it most exactly."""
    qualities = dict(reversed(ranges))
    for name in (kind, f"{kind.partition('/')[0]}/*", _ANYTHING):
        if name in qualities:
            return qualities[name]
    return 0.0
