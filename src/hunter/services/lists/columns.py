"""Which column of a list holds what: by fixed headers, or found by looking at headers and contents (engine 5.2).

In: the first rows of a list. Out: `Columns`, or `NoDomainColumn` with what was seen. A column is judged by what its
cells hold; its header only breaks ties, so that a postal address called Adres loses against Web.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from hunter.core.company_domain import NameFilter, is_placeholder, read_names
from hunter.core.errors import InvalidInput
from hunter.core.table_rows import TableRow
from hunter.core.turkish import fold

#: Rows looked at before the columns are decided.
SAMPLE_ROWS: Final = 500
#: Titles and notes above the header row are looked through so far.
HEADER_ROWS: Final = 20
_LEAST_SHARE: Final = 0.3
_SHOWN_HEADERS: Final = 50
_SHOWN_CHARACTERS: Final = 60
#: Beginnings of words in a header, folded, that promise a kind of content.
DOMAIN_HINTS: Final = ("web", "website", "site", "domain", "url", "internet", "adres", "alan adi", "www")
EMAIL_HINTS: Final = ("e posta", "eposta", "email", "e mail", "mail", "posta")
COMPANY_HINTS: Final = (
    *("firma", "unvan", "company", "sirket", "kurum", "isletme", "kurulus", "organization", "organisation"),
    *("musteri", "hesap", "account"),
)
#: Also names of a company, but of much else besides.
WEAK_COMPANY_HINTS: Final = ("name", "title", "isim", "adi")
#: Words that make a header speak of something else than the company's name: `Firma Telefonu`, `Account Owner`.
_OTHER_SUBJECTS: Final = frozenset(
    (
        *("no", "id", "kod", "kodu", "code", "tel", "telefon", "telefonu", "phone", "fax", "faks"),
        *("vergi", "sektor", "sektoru", "sector"),
        *("yetkili", "yetkilisi", "kisi", "contact", "owner", "first", "last", "soyad", "soyadi"),
        *("surname"),
        *("adres", "adresi", "address", "il", "ilce", "sehir", "city", "sayisi", "size", "tarih"),
        *("tarihi", "date", "status", "tip", "tipi", "turu", "type"),
    )
)
_WORD: Final = re.compile(r"[a-z0-9]+")
_LETTERS: Final = re.compile(r"[^\W\d_]{2}")


class NoDomainColumn(InvalidInput):
    """No column of the list names companies."""

    code = "domain_column_missing"

    def __init__(self, headers: Sequence[str], guesses: Sequence[str]) -> None:
        super().__init__(f"no column holds domains; headers: {', '.join(headers)}")
        #: What the list calls its columns.
        self.headers = tuple(headers)
        #: The columns that by their header might have held domains, but do not.
        self.guesses = tuple(guesses)


@dataclass(frozen=True, slots=True)
class Columns:
    """Where a list keeps what, as positions from 0; None for what it does not have."""

    domain: int
    company: int | None = None
    websites: tuple[int, ...] = ()
    emails: tuple[int, ...] = ()
    #: Number of the header row; 0 where the list has none.
    header_row: int = 0
    headers: tuple[str, ...] = ()

    def header(self, position: int | None) -> str:
        """Return what the list calls a column; empty for none."""
        return self.headers[position] if position is not None and position < len(self.headers) else ""


@dataclass(frozen=True, slots=True)
class _Content:
    """What the cells of one column turned out to be."""

    position: int
    header: str
    filled: int = 0
    #: Cells that name a company by name, URL or address.
    named: int = 0
    #: Of these, cells that do so by e-mail addresses only.
    by_email: int = 0
    #: Cells that hold a name or address, usable or not (`gmail.com`).
    readable: int = 0
    #: Cells with text that is neither.
    texts: int = 0

    @property
    def is_email(self) -> bool:
        return self.readable > 0 and self.by_email * 2 > self.readable


def fixed_columns(sample: Sequence[TableRow]) -> Columns:
    """Return the columns that the first row names `domain` (it must), `company_name`, `email` and `website`."""
    header = sample[0] if sample else TableRow(0, ())
    headers = _shown(header.cells)
    places = {name.strip().lower(): at for at, name in reversed(list(enumerate(headers)))}
    if "domain" not in places:
        raise NoDomainColumn([name for name in headers if name], ())
    website, email = places.get("website"), places.get("email")
    return Columns(
        domain=places["domain"],
        company=places.get("company_name"),
        websites=() if website is None else (website,),
        emails=() if email is None else (email,),
        header_row=header.number,
        headers=headers,
    )


def detect_columns(sample: Sequence[TableRow], names: NameFilter) -> Columns:
    """Find the columns of a list whose headers nobody has agreed on; raises `NoDomainColumn`."""
    rows = [row for row in sample[:SAMPLE_ROWS] if not row.problem]
    header = _header_row(rows, names)
    headers = _shown(header.cells) if header else ()
    body = [row for row in rows if header is None or row.number > header.number]
    width = max((len(row.cells) for row in rows), default=0)
    contents = [_look_at(at, headers[at] if at < len(headers) else "", body, names) for at in range(width)]
    domain = _domain_column(contents)
    if domain is None:
        guesses = [one.header for one in contents if _hinted(one, (*DOMAIN_HINTS, *EMAIL_HINTS)) and one.header]
        raise NoDomainColumn([name for name in headers if name], guesses)
    others = [one for one in contents if one is not domain]
    company = _company_column(others)
    named = [one for one in others if one.named * 2 >= one.filled > 0 and one is not company]
    return Columns(
        domain=domain.position,
        company=company.position if company else None,
        websites=tuple(one.position for one in named if not one.is_email),
        emails=tuple(one.position for one in others if one.is_email and one is not company),
        header_row=header.number if header else 0,
        headers=headers,
    )


def _shown(cells: Sequence[str]) -> tuple[str, ...]:
    return tuple(" ".join(cell.split())[:_SHOWN_CHARACTERS] for cell in cells[:_SHOWN_HEADERS])


def _header_row(rows: Sequence[TableRow], names: NameFilter) -> TableRow | None:
    """Return the row above the first one that names something: the one with most hints, then most cells, then the last.

    Lists of industrial zones begin with titles; a title fills one cell.
    """
    above: list[TableRow] = []
    for row in rows[:HEADER_ROWS]:
        if any(read_names(cell, names).refusal in ("", "free_mail", "shared_host") for cell in row.cells):
            break
        above.append(row)
    else:
        # Nothing is named up to here: the first row that looks like a header is one.
        hinted = [row for row in above if _hints_in(row)]
        return hinted[0] if hinted else (rows[0] if rows else None)
    if not above:
        return None
    return max(above, key=lambda row: (_hints_in(row), sum(1 for cell in row.cells if cell.strip()), row.number))


def _hints_in(row: TableRow) -> int:
    every = (*DOMAIN_HINTS, *EMAIL_HINTS, *COMPANY_HINTS, *WEAK_COMPANY_HINTS)
    return sum(1 for cell in row.cells if len(cell) <= _SHOWN_CHARACTERS and _has_hint(cell, every))


def _has_hint(header: str, hints: Sequence[str]) -> bool:
    """Tell whether a word of the header begins with one of the hints; Turkish hangs its endings on the word."""
    text = " " + " ".join(_WORD.findall(fold(header)))
    return any(f" {hint}" in text for hint in hints)


def _hinted(content: _Content, hints: Sequence[str]) -> bool:
    return _has_hint(content.header, hints)


def _look_at(position: int, header: str, rows: Sequence[TableRow], names: NameFilter) -> _Content:
    filled = named = by_email = readable = texts = 0
    for row in rows:
        cell = row.cells[position] if position < len(row.cells) else ""
        if is_placeholder(cell):
            continue
        filled += 1
        read = read_names(cell, names)
        is_readable = read.refusal in ("", "free_mail", "shared_host")
        named += not read.refusal
        readable += is_readable
        by_email += is_readable and "@" in cell
        texts += not is_readable and _LETTERS.search(cell) is not None
    return _Content(position, header, filled, named, by_email, readable, texts)


def _domain_column(contents: Sequence[_Content]) -> _Content | None:
    """Return the column with the best content; addresses are the last resort, headers break ties."""
    usable = [one for one in contents if one.named] or [one for one in contents if one.readable]
    return max(usable, key=_rank, default=None)


def _rank(content: _Content) -> tuple[bool, float, bool, int, int]:
    """Order of columns: web before mail, share of named cells in tenths, header, number of them, place.

    One is added to the cells, so that a single name in a column of remarks is no full share; and a column of remarks
    without a fitting header is no better than the addresses where few of its cells name anything.
    """
    share = round(content.named / (content.filled + 1), 1)
    is_hinted = _hinted(content, DOMAIN_HINTS)
    is_web = not content.is_email and (is_hinted or share >= _LEAST_SHARE)
    return is_web, share, is_hinted, content.named, -content.position


def _company_column(others: Sequence[_Content]) -> _Content | None:
    """Return the best header match among the columns, otherwise the first column of text."""
    open_columns = [one for one in others if not one.readable * 2 > one.filled]
    best = max(open_columns, key=lambda one: (_company_score(one), -one.position), default=None)
    if best is not None and _company_score(best) > 0:
        return best
    return next((one for one in open_columns if one.texts * 2 > one.filled and _company_score(one) == 0), None)


def _company_score(content: _Content) -> int:
    """Return how much the header promises a company's name: 3 for the bare word, below 0 for another subject."""
    words = _WORD.findall(fold(content.header))
    is_other = bool(_OTHER_SUBJECTS & set(words)) or _hinted(content, EMAIL_HINTS)
    is_text = not content.filled or content.texts * 2 > content.filled
    if _hinted(content, COMPANY_HINTS):
        base = 4 if len(words) == 1 else 3
    else:
        base = 2 if _hinted(content, WEAK_COMPANY_HINTS) else 0
    # Names may be as short as X1 or 3M: below a header that says so they are names all the same.
    return -1 if is_other else base if is_text else min(base, 1)
