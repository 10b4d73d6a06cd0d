"""The sentences by which registries say that nobody has a name. A failure says "not found" too, so only these count.

In: lines of an answer without a record. Out: whether they say it of the domain that was asked for. A sentence has to be
one of the known ones from its first word to its last, about this very domain or about none.
"""

import re
from collections.abc import Sequence
from enum import StrEnum
from typing import Final

from hunter.collectors.registration.texts import FOLD, same_domain


class Statement(StrEnum):
    """What the sentences of an answer say about the domain."""

    NOTHING = "nothing"
    FREE = "free"
    #: It speaks of another domain, so that nothing in this answer can be trusted.
    OTHER_DOMAIN = "other domain"


#: In sentences that are compared, the domain that was asked for and any other one.
_OURS: Final = "@"
_OTHER: Final = "?"
_MOST_NAMES: Final = 32
_LONGEST_NAME: Final = 253
_LONGEST_SENTENCE: Final = 240

_THE: Final = r"(?:(?:the|this|your|requested|queried|specified) ){0,3}"
_WHAT: Final = r"(?:domain name|domain|object|name)"
_SUBJECT: Final = rf"(?:sorry,? (?:but )?)?(?:{_THE}{_WHAT}:? (?:@,? )?|@ )"
_FOR: Final = (
    rf"(?: (?:for|about|matching|to match) {_THE}"
    rf"(?:(?:(?:{_WHAT}|query):? )?@|query|selected sources?|request criteria))"
)
_WHERE: Final = (
    r"(?: in (?:the |our )?(?:(?:registry )?(?:\w{2,10} )?database|registry(?: or registrars whois server)?))?"
)
_THINGS: Final = r"(?:data|entry|entries|objects?|records?|information|domains?|results?)"
_TURKISH_SUBJECT: Final = r"(?:bu |sorgulanan |sorguladiginiz )?(?:@ |(?:@ )?(?:alan adi|domain) (?:@ )?)"
_NOT_FOUND_TURKISH: Final = r"bulun(?:amadi|amamistir|mamaktadir|muyor)"
_KNOWN: Final = re.compile(
    "|".join(
        (
            rf"(?:@ ?\W? )?no match(?:es|ing)?(?: {_THINGS})?(?: (?:was |were )?found)?{_FOR}?",
            rf"(?:@: )?(?:error\W*(?:1\d\d)?\W*)?no entries found{_FOR}?{_WHERE}",
            rf"(?:@: )?no {_THINGS} (?:(?:was|were) )?(?:found|exists?){_FOR}?{_WHERE}",
            rf"no {_THINGS} (?:is |are )?available{_FOR}{_WHERE}",
            rf"nothing (?:was )?found{_FOR}?|no found|no such (?:domain|object)(?: name)?(?:: @)?",
            r"(?:@ ?\W? )?not found(?:: @)?",
            rf"{_SUBJECT}(?:was |is |has )?(?:not (?:been )?found){_WHERE}(?:: @)?",
            rf"{_SUBJECT}(?:do not|does not|doesnt|not) exist{_WHERE}(?:: (?:no such domain|domain not found|@))?",
            rf"(?:error\W*1\d\d\W*)?{_SUBJECT}(?:is|has|was) (?:currently )?(?:not (?:been |yet )?|un)registered",
            r"not registered(?: - the domain you have requested is not a registered \.\w+ domain name)?",
            rf"{_SUBJECT}is (?:still |currently )?(?:free|available)(?: for registration)?",
            r"(?:(?:domain |registration |query )?(?:status|state)\W+)?(?:\d{3} )?(?:free|available)",
            r"(?:domain |registration )?(?:status|state)\W+(?:no object found|not registered)",
            r"we do not have an entry in our database matching your query",
            r"(?:no se encontro el objeto/)?object not found",
            r"(?:el dominio )?(?:@ )?no se encuentra registrado(?: en nic \w+)?",
            rf"(?:{_TURKISH_SUBJECT}(?:icin )?(?:herhangi bir )?)?(?:kayit |eslesme ){_NOT_FOUND_TURKISH}",
            rf"{_TURKISH_SUBJECT}{_NOT_FOUND_TURKISH}",
            rf"{_TURKISH_SUBJECT}(?:kayitli|tescilli) degil(?:dir)?",
        )
    )
)
#: A quick look at which sentences are worth the comparison.
_HINT: Final = re.compile(
    r"match|found|exist|regist|free|available|bulun|kayitli|tescilli|encontro|encuentra|an entry in"
)
_NAME: Final = re.compile(r"[\w-]+(?:\.[\w-]+)+")
_QUOTES: Final = str.maketrans("_", " ", "\"'`[]()<>“”‘’«»")
_EDGES: Final = "%#*;:,.!=/-+ \t"
#: A word alone that could be a name: `BASKA-COM-TR` as well as one with dots.
_LONE_NAME: Final = re.compile(r"\w+(?:-\w+)+|\?")


def statement_of(lines: Sequence[str], domain: str) -> Statement:
    """Return what lines without a record say of the domain; the first known sentence decides."""
    reader = _Sentences(domain)
    for number, line in enumerate(lines):
        if not _HINT.search(_folded(line)):
            continue
        after = lines[number + 1] if number + 1 < len(lines) else ""
        said = reader.read(line)
        if said is Statement.NOTHING and after:
            # A long sentence, or the name in it, may stand on the next line.
            said = reader.read(f"{line} {after}")
        if said is Statement.FREE and _OURS not in reader.compared(line + " " + after):
            before = lines[number - 1] if number else ""
            if any(_LONE_NAME.fullmatch(reader.compared(near)) for near in (before, after)):
                said = Statement.OTHER_DOMAIN
        if said is not Statement.NOTHING:
            return said
    return Statement.NOTHING


def _folded(text: str) -> str:
    return text[:_LONGEST_SENTENCE].translate(FOLD).lower()


class _Sentences:
    """Compares sentences about one domain; looks at a bounded number of names."""

    def __init__(self, domain: str) -> None:
        self._domain = domain
        self._names = 0

    def read(self, text: str) -> Statement:
        sentence = self.compared(text)
        if _KNOWN.fullmatch(sentence):
            return Statement.FREE
        if _OTHER in sentence and _KNOWN.fullmatch(sentence.replace(_OTHER, _OURS)):
            return Statement.OTHER_DOMAIN
        return Statement.NOTHING

    def compared(self, text: str) -> str:
        """Return a sentence in the form that is compared: folded, without quotes, names replaced by their marks."""
        text = text[: 2 * _LONGEST_SENTENCE].replace(_OURS, _OTHER)
        marked = _NAME.sub(lambda found: self._mark(found[0]), text)
        return " ".join(marked.translate(_QUOTES).translate(FOLD).lower().split()).strip(_EDGES)

    def _mark(self, name: str) -> str:
        self._names += 1
        is_ours = self._names <= _MOST_NAMES and len(name) <= _LONGEST_NAME and same_domain(name, self._domain)
        return _OURS if is_ours else _OTHER
