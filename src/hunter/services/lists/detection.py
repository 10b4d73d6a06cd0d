"""Which column of a list holds what, found by looking at headers and contents (engine 5.2).

In: the first rows of a list, and columns that somebody named by hand. Out: `Columns`, or `NoDomainColumn` with what was
seen. A column is judged by what its cells hold; its header only breaks ties, so that a postal address called Adres
loses against Web. What companies are besides (employees, country, city, marks) needs header and contents.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Final

from hunter.core.names.company_domain import NameFilter, is_placeholder, read_names
from hunter.core.names.turkish import fold
from hunter.core.table_rows import TableRow
from hunter.services.lists.columns import (
    HEADER_ROWS,
    SHOWN_CHARACTERS,
    ChosenColumns,
    ColumnKind,
    Columns,
    NoDomainColumn,
    find_header_row,
    is_ours,
    place_choice,
    shown_headers,
    width_of,
)
from hunter.services.lists.values import Unclear, marks_named, read_city, read_country, read_employees, read_marks

#: Rows looked at before the columns are decided.
SAMPLE_ROWS: Final = 500
_LEAST_SHARE: Final = 0.3
#: Beginnings of words in a header, folded, that promise a kind of content.
DOMAIN_HINTS: Final = ("web", "website", "site", "domain", "url", "internet", "adres", "alan adi", "www")
EMAIL_HINTS: Final = ("e posta", "eposta", "email", "e mail", "mail", "posta")
COMPANY_HINTS: Final = (
    *("firma", "unvan", "company", "sirket", "kurum", "isletme", "kurulus", "organization", "organisation"),
    *("musteri", "hesap", "account"),
)
#: Also names of a company, but of much else besides.
WEAK_COMPANY_HINTS: Final = ("name", "title", "isim", "adi")
EMPLOYEE_HINTS: Final = (
    *("calisan say", "calisan adedi", "toplam calisan", "personel say", "eleman say", "isci say", "kisi say"),
    *("kullanici say", "istihdam", "kadro", "firma buyuklugu", "sirket buyuklugu", "employee", "number of employees"),
    *("no of employees", "headcount", "staff", "company size", "workforce", "seats", "number of users", "calisan"),
)
COUNTRY_HINTS: Final = ("ulke", "country")
_CITY_WORDS: Final = frozenset(("il", "ili", "sehir", "sehri", "kent", "city", "town"))
#: Words that make a header speak of something else than the company's name: `Firma Telefonu`, `Account Owner`.
_OTHER_SUBJECTS: Final = frozenset(
    (
        *("no", "id", "kod", "kodu", "code", "tel", "telefon", "telefonu", "phone", "fax", "faks"),
        *("vergi", "sektor", "sektoru", "sector"),
        *("yetkili", "yetkilisi", "kisi", "contact", "owner", "first", "last", "soyad", "soyadi"),
        *("surname"),
        *(
            "adres",
            "adresi",
            "address",
            "il",
            "ilce",
            "sehir",
            "city",
            "ulke",
            "ulkesi",
            "country",
            "sayisi",
            "size",
            "tarih",
        ),
        *("tarihi", "date", "status", "tip", "tipi", "turu", "type"),
    )
)
_WORD: Final = re.compile(r"[a-z0-9]+")
_LETTERS: Final = re.compile(r"[^\W\d_]{2}")


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


def detect_columns(sample: Sequence[TableRow], names: NameFilter, chosen: ChosenColumns | None = None) -> Columns:
    """Find the columns of a list whose headers nobody has agreed on.

    What `chosen` names is taken as it is, the other columns are found. Raises `NoDomainColumn` or `NoSuchColumn`.
    """
    rows = [row for row in sample[:SAMPLE_ROWS] if not row.problem]
    header = (find_header_row(rows, chosen) if chosen else None) or _header_row(rows, names)
    headers = shown_headers(header.cells) if header else ()
    body = [row for row in rows if header is None or row.number > header.number]
    width = width_of(rows, headers)
    placed = place_choice(chosen or {}, headers, width)
    taken = set(placed.values())
    contents = [_look_at(at, headers[at] if at < len(headers) else "", body, names) for at in range(width)]
    open_contents = [one for one in contents if one.position not in taken]
    domain = placed.get(ColumnKind.DOMAIN)
    if domain is None:
        found = _domain_column(open_contents) or _only_column(contents)
        if found is None:
            guesses = [one.header for one in contents if _hinted(one, (*DOMAIN_HINTS, *EMAIL_HINTS)) and one.header]
            raise NoDomainColumn([name for name in headers if name], guesses)
        domain = found.position
    others = [one for one in open_contents if one.position != domain]
    columns = Columns(domain, header_row=header.number if header else 0, headers=headers, width=width)
    return _placed(_described(columns, others, body), placed)


def _only_column(contents: Sequence[_Content]) -> _Content | None:
    """Return the one column of plain lines, where each line is refused by itself; not one that holds company names."""
    return contents[0] if len(contents) == 1 and _company_score(contents[0]) <= 0 else None


def _described(columns: Columns, others: Sequence[_Content], body: Sequence[TableRow]) -> Columns:
    """Add what the other columns say of companies."""
    marks = [(one, marks_named(one.header)) for one in others]
    columns = replace(
        columns,
        employees=_told_column(others, body, EMPLOYEE_HINTS, read_employees),
        country=_told_column(others, body, COUNTRY_HINTS, read_country),
        city=_told_column([one for one in others if _CITY_WORDS & set(_words(one.header))], body, ("",), read_city),
        marks=tuple(
            (one.position, named[0])
            for one, named in marks
            if named and _says(one, body, partial(read_marks, of_header=named[0]))
        ),
    )
    described = {columns.employees, columns.country, columns.city, *(at for at, _ in columns.marks)}
    left = [one for one in others if one.position not in described]
    company = _company_column(left)
    named = [one for one in left if one.named * 2 >= one.filled > 0 and one is not company]
    return replace(
        columns,
        company=company.position if company else None,
        websites=tuple(one.position for one in named if not one.is_email),
        emails=tuple(one.position for one in left if one.is_email and one is not company),
    )


def _told_column(
    others: Sequence[_Content], body: Sequence[TableRow], hints: Sequence[str], read: Callable[[str], object]
) -> int | None:
    """Return the first column whose header promises a kind of value and whose cells keep the promise."""
    hinted = (one for one in others if _hinted(one, hints))
    return next((one.position for one in hinted if _says(one, body, read)), None)


def _says(content: _Content, body: Sequence[TableRow], read: Callable[[str], object]) -> bool:
    """Tell whether at least half of the filled cells of a column are understood, and one of them."""
    understood = filled = 0
    for row in body:
        cell = row.cells[content.position] if content.position < len(row.cells) else ""
        if is_placeholder(cell):
            continue
        filled += 1
        try:
            read(cell)
        except Unclear:
            continue
        understood += 1
    return understood * 2 >= filled > 0


def _placed(columns: Columns, placed: dict[ColumnKind, int | None]) -> Columns:
    """Put what was named by hand in the place of what was found."""
    if ColumnKind.NAME in placed:
        columns = replace(columns, company=placed[ColumnKind.NAME])
    if ColumnKind.EMPLOYEES in placed:
        columns = replace(columns, employees=placed[ColumnKind.EMPLOYEES])
    if ColumnKind.COUNTRY in placed:
        columns = replace(columns, country=placed[ColumnKind.COUNTRY])
    if ColumnKind.CITY in placed:
        columns = replace(columns, city=placed[ColumnKind.CITY])
    if ColumnKind.WEBSITE in placed:
        columns = replace(columns, websites=_single(placed[ColumnKind.WEBSITE]))
    if ColumnKind.EMAIL in placed:
        columns = replace(columns, emails=_single(placed[ColumnKind.EMAIL]))
    if ColumnKind.MARKS in placed:
        at = placed[ColumnKind.MARKS]
        named = marks_named(columns.header(at))
        columns = replace(columns, marks=() if at is None else ((at, named[0] if named else None),))
    return columns


def _single(position: int | None) -> tuple[int, ...]:
    return () if position is None else (position,)


def _header_row(rows: Sequence[TableRow], names: NameFilter) -> TableRow | None:
    """Return the row above the first one that names something: the one with most hints, then most cells, then the last.

    Lists of industrial zones begin with titles; a title fills one cell.
    """
    ours = next((row for row in rows[:HEADER_ROWS] if any(map(is_ours, row.cells))), None)
    if ours is not None:
        return ours
    above: list[TableRow] = []
    for row in rows[:HEADER_ROWS]:
        if any(read_names(cell, names).refusal in ("", "free_mail", "shared_host") for cell in row.cells):
            break
        above.append(row)
    else:
        # Nothing is named up to here: the first row that looks like a header is one.
        hinted = [row for row in above if _hints_in(row)]
        if not hinted and all(len(row.cells) <= 1 for row in rows):
            # Plain lines need no header, and each of them is told what is wrong with it.
            return None
        return hinted[0] if hinted else (rows[0] if rows else None)
    if not above:
        return None
    return max(above, key=lambda row: (_hints_in(row), sum(1 for cell in row.cells if cell.strip()), row.number))


def _hints_in(row: TableRow) -> int:
    every = (*DOMAIN_HINTS, *EMAIL_HINTS, *COMPANY_HINTS, *WEAK_COMPANY_HINTS)
    return sum(1 for cell in row.cells if len(cell) <= SHOWN_CHARACTERS and _has_hint(cell, every))


def _has_hint(header: str, hints: Sequence[str]) -> bool:
    """Tell whether a word of the header begins with one of the hints; Turkish hangs its endings on the word."""
    text = " " + " ".join(_words(header))
    return any(f" {hint}" in text for hint in hints)


def _words(header: str) -> list[str]:
    return _WORD.findall(fold(header))


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
    words = _words(content.header)
    is_other = bool(_OTHER_SUBJECTS & set(words)) or _hinted(content, EMAIL_HINTS)
    is_text = not content.filled or content.texts * 2 > content.filled
    if _hinted(content, COMPANY_HINTS):
        base = 4 if len(words) == 1 else 3
    else:
        base = 2 if _hinted(content, WEAK_COMPANY_HINTS) else 0
    # Names may be as short as X1 or 3M: below a header that says so they are names all the same.
    return -1 if is_other else base if is_text else min(base, 1)
