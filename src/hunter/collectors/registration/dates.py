"""Dates as registries write them, in English and Turkish.

In: the text behind an expiry label. Out: the day as written there, whatever its time zone, or None. Day comes before
month where both are numbers, because registries that write so (.bg, .cz, .hk, .il) mean it so.
"""

import re
from datetime import date
from typing import Final

#: Registries have been giving out names since 1985; years far ahead stand for "no end".
_YEARS: Final = range(1985, 2200)
_LONGEST: Final = 80

_FOLD: Final = str.maketrans("ıİşŞğĞçÇöÖüÜ", "iissggccoouu")
_MONTHS: Final = {
    name: number
    for number, names in enumerate(
        (
            ("january", "jan", "ocak", "oca"),
            ("february", "feb", "subat", "sub"),
            ("march", "mar", "mart"),
            ("april", "apr", "nisan", "nis"),
            ("may", "mayis"),
            ("june", "jun", "haziran", "haz"),
            ("july", "jul", "temmuz", "tem"),
            ("august", "aug", "agustos", "agu"),
            ("september", "sep", "sept", "eylul", "eyl"),
            ("october", "oct", "ekim", "eki"),
            ("november", "nov", "kasim", "kas"),
            ("december", "dec", "aralik", "ara"),
        ),
        start=1,
    )
    for name in names
}

#: 2026-05-04, 2026/5/4, 2026.05.04, `2026. 05. 04.`, each perhaps with a time behind.
_YEAR_FIRST: Final = re.compile(r"(?<!\d)(\d{4})(?:-|/|\. ?)(\d{1,2})(?:-|/|\. ?)(\d{1,2})(?!\d)")
#: 04.05.2026, 4-5-2026, 04/05/2026.
_DAY_FIRST: Final = re.compile(r"(?<!\d)(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})(?!\d)")
#: 20260504, alone, before a time, or with one in the same number: 20260504120000.
_COMPACT: Final = re.compile(r"(?<![\d-])(\d{4})(\d{2})(\d{2})(?:\d{6})?(?!\d)")
#: 2026-May-04, 2026 Mayıs 4.
_YEAR_NAME_DAY: Final = re.compile(r"(?<!\d)(\d{4})[-/. ]+([a-z]{3,9})[-/., ]+(\d{1,2})(?!\d)")
#: 04-May-2026, 4 Ağustos 2026, `4th May, 2026`, 04-May-26.
_DAY_NAME_YEAR: Final = re.compile(
    r"(?<![\d:])(\d{1,2})(?:st|nd|rd|th)?[-/. ]+([a-z]{3,9})[-/., ]+(\d{4}|\d{2})(?![\d:])"
)
#: May 4, 2026; `Mon May  4 00:00:00 UTC 2026`.
_NAME_DAY_YEAR: Final = re.compile(
    r"(?<![a-z])([a-z]{3,9})[. ]+(\d{1,2})(?:st|nd|rd|th)?,?(?: +\d{1,2}:\d{2}(?::\d{2})?)?(?: +[a-z]{2,5})?,? +(\d{4})"
)

#: Each shape with the numbers of its groups for year, month and day; the American order comes last.
_SHAPES: Final = (
    (_YEAR_FIRST, (1, 2, 3)),
    (_YEAR_NAME_DAY, (1, 2, 3)),
    (_DAY_NAME_YEAR, (3, 2, 1)),
    (_NAME_DAY_YEAR, (3, 1, 2)),
    (_DAY_FIRST, (3, 2, 1)),
    (_DAY_FIRST, (3, 1, 2)),
    (_COMPACT, (1, 2, 3)),
)


def read_date(text: str) -> date | None:
    """Return the day that a text names; None where it names none, or one that cannot be meant."""
    folded = " ".join(text[:_LONGEST].translate(_FOLD).lower().split())
    for pattern, order in _SHAPES:
        found = pattern.search(folded)
        if found is not None:
            day = _day(*(found[group] for group in order))
            if day is not None:
                return day
    return None


def _day(year: str, month: str, day: str) -> date | None:
    year = year if len(year) == 4 else f"20{year}"
    number = int(month) if month.isdecimal() else _MONTHS.get(month, 0)
    if int(year) not in _YEARS:
        return None
    try:
        return date(int(year), number, int(day))
    except ValueError:
        return None
