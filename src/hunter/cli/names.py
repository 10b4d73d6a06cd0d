"""From what people hand in (domain, URL, e-mail address) to a domain name of a company, or the reason why not.

In: texts with the place they came from. Out: canonical names, each once; what is refused goes to a callback at once.
"""

from array import array
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Final, Protocol

from hunter.core.domain_name import domain_from_email, normalise_domain

#: Longest piece of a refused text that is repeated in a message.
SHOWN_CHARACTERS: Final = 60
#: Why a text names no company.
REFUSALS: Final = ("has_space", "is_address", "no_dot", "not_a_domain", "free_mail", "shared_host")


class NameFilter(Protocol):
    """Knows the names that are never a company: satisfied by the rulebook's list."""

    def is_free_mail(self, domain: str) -> bool:
        """Tell whether anybody can open a mailbox under this name."""
        ...

    def is_shared_host(self, domain: str) -> bool:
        """Tell whether many companies have pages under this name."""
        ...


@dataclass(frozen=True, slots=True)
class Entry:
    """One text that should name a company."""

    text: str
    #: Line of the file, counted from 1; None for a name from the command line.
    line: int | None = None
    #: Why the text cannot even be read, found while reading the file; else empty.
    problem: str = ""
    #: What else the row holds that may name the company, should the text name none: a web site beside a private
    #: e-mail address.
    others: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Refusal:
    """A text that names no company that can be assessed."""

    #: Stable code: one of `REFUSALS`, or a code of the list reader.
    code: str
    #: What was read, shortened.
    text: str
    line: int | None


class SeenNames:
    """A set of names that remembers 64-bit hashes only: 8 to 27 bytes a name, whatever its length.

    Two of a million names share a hash with a probability of 3 in 100 million. Python's own set of these numbers
    would take nine times the room, which shows at 100,000 names.
    """

    def __init__(self) -> None:
        self._slots = array("Q", bytes(8 * 1024))
        self._used = 0

    def add(self, name: str) -> bool:
        """Remember the name; False if it was known."""
        if not _insert(self._slots, _hash(name)):
            return False
        self._used += 1
        if self._used * 3 > len(self._slots) * 2:
            self._grow()
        return True

    def _grow(self) -> None:
        larger = array("Q", bytes(16 * len(self._slots)))
        for number in self._slots:
            if number:
                _insert(larger, number)
        self._slots = larger


def _hash(name: str) -> int:
    """Return a number from 1 to 2**64-1; 0 marks a free slot."""
    return (hash(name) & 0xFFFF_FFFF_FFFF_FFFF) or 1


def _insert(slots: "array[int]", number: int) -> bool:
    """Put the number into the first free slot from its own place on; False if it is there already."""
    last = len(slots) - 1
    place = number & last
    while held := slots[place]:
        if held == number:
            return False
        place = (place + 1) & last
    slots[place] = number
    return True


class Intake:
    """Turns entries into names to assess; iterate once, then read the counters.

    The text behind a name is kept only where it differs from it, and only until it is taken.
    """

    def __init__(
        self, entries: Iterable[Entry], names: NameFilter, *, on_refusal: Callable[[Refusal], None] = lambda _: None
    ) -> None:
        self._entries = entries
        self._filter = names
        self._on_refusal = on_refusal
        self._texts: dict[str, str] = {}
        #: Names handed on, each once.
        self.accepted = 0
        #: Texts that name no company.
        self.refused = 0
        #: Names that came again.
        self.repeated = 0

    def __iter__(self) -> Iterator[str]:
        seen = SeenNames()
        for entry in self._entries:
            text, domain = self._read(entry)
            if domain and not seen.add(domain):
                self.repeated += 1
            elif domain:
                self.accepted += 1
                if text != domain:
                    self._texts[domain] = text
                yield domain

    def take_text(self, domain: str) -> str:
        """Return what was handed in for the name, and forget it."""
        return self._texts.pop(domain, domain)

    def _read(self, entry: Entry) -> tuple[str, str]:
        """Return the text that names the company, and its domain; "" after a refusal."""
        domain, code = read_name(entry.text, self._filter) if not entry.problem else ("", entry.problem)
        if not code:
            return entry.text, domain
        for other in entry.others:
            domain, _ = read_name(other, self._filter)
            if domain:
                return other, domain
        self.refused += 1
        self._on_refusal(Refusal(code, _shortened(entry.text), entry.line))
        return entry.text, ""


def read_name(text: str, names: NameFilter) -> tuple[str, str]:
    """Return (domain name, "") for a text that names a company, else ("", code of the refusal)."""
    domain = normalise_domain(text) or (domain_from_email(text) if "@" in text else "")
    if not domain:
        return "", _why_no_domain(text.strip())
    if names.is_free_mail(domain):
        return "", "free_mail"
    return ("", "shared_host") if names.is_shared_host(domain) else (domain, "")


def _why_no_domain(text: str) -> str:
    if len(text.split()) > 1:
        return "has_space"
    if "." not in text and ":" not in text:
        return "no_dot"
    return "is_address" if _is_address(text) else "not_a_domain"


def _is_address(text: str) -> bool:
    try:
        ip_address(text.strip("[]"))
    except ValueError:
        return False
    return True


def _shortened(text: str) -> str:
    text = text.strip()
    return text if len(text) <= SHOWN_CHARACTERS else text[: SHOWN_CHARACTERS - 1] + "…"
