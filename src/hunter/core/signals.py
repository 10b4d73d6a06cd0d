"""Signal: one observed fact in one of three states, never two.

`Found(value)` is an answer with content, `Absent` an authoritative "there is none" (or a record so broken that it
protects nobody), `Unknown` a look-up that failed. A failure never becomes a fact: code that handles a signal
matches all three. Each state keeps the raw texts that were read, as the proof of what it says.
"""

from dataclasses import dataclass
from typing import Final, Generic, TypeAlias, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Found(Generic[T]):
    """The look-up was answered with content."""

    #: What was read, parsed.
    value: T
    #: The texts it was read from, as they came over the wire.
    raw: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Absent:
    """The look-up was answered: there is none, or what is there is void."""

    #: Stable code: `nxdomain`, `nodata`, `null_mx`, or why a record is void (`multiple`, `syntax`, `loop` ...).
    reason: str
    #: The void record's text where there is one.
    raw: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Unknown:
    """The look-up failed, or was not made: nothing may be concluded."""

    #: Stable code: `timeout`, `servfail`, `refused`, `malformed`, `network`, `not_asked` ...
    reason: str
    #: What was read before the failure, for example an SPF text whose include could not be looked up.
    raw: tuple[str, ...] = ()


Signal: TypeAlias = Found[T] | Absent | Unknown

#: A look-up that nobody has made.
NOT_ASKED: Final = Unknown("not_asked")


def state_of(signal: Found[T] | Absent | Unknown) -> str:
    """Return `found`, `absent` or `unknown`: the word for the signal on the wire."""
    if isinstance(signal, Found):
        return "found"
    return "absent" if isinstance(signal, Absent) else "unknown"
