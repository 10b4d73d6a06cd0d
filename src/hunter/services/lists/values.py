"""What the cells of a list say besides domain and name: employees, country, city, exclusion marks.

In: the text of one cell. Out: a value; `Unclear` where a cell says something that we do not understand, which is noted
and never costs the row.
"""

import re
from typing import Final

from hunter.core.company_marks import ExclusionMark
from hunter.core.countries import find_country
from hunter.core.names.company_domain import is_placeholder
from hunter.core.names.turkish import fold

MOST_EMPLOYEES: Final = 1_000_000
LONGEST_CITY: Final = 100
_SPACES: Final = re.compile(r"\s+")
_NUMBER: Final = r"[0-9]{1,3}(?:[.,' ][0-9]{3})+|[0-9]+"
#: `51-200`, `51 – 200`, `51 ila 200`, `51 to 200`.
_RANGE: Final = re.compile(rf"({_NUMBER})\s*(?:-|–|—|/|\.\.+|ile|ila|to|and|ve)\s*({_NUMBER})")
_SINGLE: Final = re.compile(rf"({_NUMBER})(?:[.,]0{{1,2}})?")
#: What may stand around the number: `yaklaşık 250 kişi`, `500+`, `>1000`.
_AROUND: Final = re.compile(
    r"\b(?:yaklasik|yakl|ortalama|about|approx|approximately|kisi(?:lik)?|calisan(?:lar)?|personel|eleman|isci|"
    r"employees?|people|staff|seats?|kullanici|users?|over|more than|uzeri|ustu|ve uzeri|ve ustu|and more)\b|"
    r"[+<>~≈≥≤()*]|\bca\.?(?=\s)|\bfazla\b|'?\b(?:den|dan|ten|tan)\b"
)
_YES: Final = frozenset(("evet", "e", "var", "yes", "y", "true", "dogru", "x", "✓", "✔", "+", "1", "ok"))
_NO: Final = frozenset(("hayir", "h", "yok", "degil", "no", "n", "false", "yanlis", "0", "-"))


#: Words, folded, by which a header or a cell names a mark.
MARK_WORDS: Final[dict[ExclusionMark, tuple[str, ...]]] = {
    ExclusionMark.OWN_CUSTOMER: (
        *("mevcut musteri", "musterimiz", "bizim musteri", "kendi musteri", "own customer", "our customer"),
        *("existing customer", "current customer", "own_customer"),
    ),
    ExclusionMark.DO_NOT_CONTACT: (
        *("iletisime gec", "iletisim kurma", "iletisim yasagi", "arama yasagi", "aranmasin", "aranmaz", "aranmayacak"),
        *("aramayin", "rahatsiz etme", "kara liste", "do not contact", "do not call", "don t contact", "no contact"),
        *("dnc", "blacklist", "opt out", "do_not_contact"),
    ),
}


class Unclear(ValueError):
    """A cell says something that is not understood."""


def read_employees(text: str) -> int | None:
    """Return a number of employees, 1 to a million: of a range its middle; None where the cell says nothing."""
    if is_placeholder(text):
        return None
    said = _SPACES.sub(" ", _AROUND.sub(" ", fold(text))).strip()
    span = _RANGE.fullmatch(said)
    if span:
        low, high = _whole(span[1]), _whole(span[2])
        found = (low + high) // 2 if low <= high else 0
    else:
        single = _SINGLE.fullmatch(said)
        found = _whole(single[1]) if single else 0
    if not 1 <= found <= MOST_EMPLOYEES:
        raise Unclear
    return found


def _whole(text: str) -> int:
    return int(re.sub(r"\D", "", text))


def read_country(text: str) -> str | None:
    """Return the code of a country (ISO 3166-1 alpha-2); None where the cell says nothing."""
    # Namibia is the one country whose code is also a word for "nothing".
    if is_placeholder(text) and text.strip() != "NA":
        return None
    found = find_country(text)
    if found is None:
        raise Unclear
    return found


def read_city(text: str) -> str | None:
    """Return a city in one line; None where the cell says nothing."""
    if is_placeholder(text):
        return None
    city = _SPACES.sub(" ", "".join(letter if letter.isprintable() else " " for letter in text)).strip()
    if len(city) > LONGEST_CITY or not any(letter.isalpha() for letter in city):
        raise Unclear
    return city


def read_marks(text: str, of_header: ExclusionMark | None) -> tuple[ExclusionMark, ...]:
    """Return the marks that a cell sets: those that it names, or with a yes the one that its header names."""
    if is_placeholder(text):
        return ()
    said = fold(text)
    if said in _NO:
        return ()
    if said in _YES and of_header is not None:
        return (of_header,)
    named = marks_named(text)
    if not named:
        raise Unclear
    return named


def marks_named(text: str) -> tuple[ExclusionMark, ...]:
    """Return the marks that a text, such as a header, names."""
    said = f" {_SPACES.sub(' ', re.sub(r'[^a-z0-9_]', ' ', fold(text)))}"
    return tuple(mark for mark, words in MARK_WORDS.items() if any(f" {word}" in said for word in words))
