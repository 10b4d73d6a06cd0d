"""The names that a scan goes through: those of the command line, then those of a list, each once.

In: texts and an open list. Out: what is to be scanned, with what a list says of each company; what is refused goes to
a callback at once.
"""

from collections.abc import Callable, Iterator, Sequence
from itertools import chain

from hunter.core.company_domain import NameFilter, find_company_domain
from hunter.core.company_marks import CompanyOrigin, ExclusionMark
from hunter.core.new_company import NewCompany
from hunter.core.rulebook import Rulebook
from hunter.documents.errors import UnreadableFile
from hunter.services.lists.candidates import RowError, shortened
from hunter.services.lists.companies import company_of
from hunter.services.lists.intake import ListIntake
from hunter.services.scan.shapes import ScanItem


def read_argument(text: str, names: NameFilter) -> tuple[tuple[str, ...], str]:
    """Return the domain names that a text of the command line names, or none and the code of the refusal."""
    found = find_company_domain(text, "", "", names)
    if found.refusal == "empty" and text.strip():
        # A cell may say that there is nothing; an argument that says so is a mistake.
        return (), "no_dot" if "." not in text and ":" not in text else "not_a_domain"
    return found.domains, found.refusal


class Intake:
    """Names to assess; iterate `items` once, then read the counters."""

    def __init__(
        self,
        texts: Sequence[str],
        rulebook: Rulebook,
        listed: ListIntake | None = None,
        *,
        marks: frozenset[ExclusionMark] = frozenset(),
        on_refusal: Callable[[RowError], None] = lambda _: None,
        on_end: Callable[[UnreadableFile], None] = lambda _: None,
    ) -> None:
        """`on_refusal` hears of texts that name no company, with 0 as their row; those of the list tell by themselves.

        `on_end` hears why a list cannot be read to its end; the names before that are good. Companies of `texts` get
        the `marks`.
        """
        self._arguments = texts
        self._marks = marks
        self._rulebook = rulebook
        self._listed = listed
        self._on_refusal = on_refusal
        self._on_end = on_end
        self._given: set[str] = set()
        #: Texts behind names, where they differ, until they are taken.
        self._texts: dict[str, str] = {}
        #: Number of the list in the database; None where it is not kept.
        self.list_id: int | None = None
        #: Names handed on, each once.
        self.accepted = 0
        #: Whether the list could not be read to its end.
        self.is_broken = False
        self._refused = self._repeated = 0

    @property
    def refused(self) -> int:
        """Texts and rows that name no company."""
        return self._refused + (self._listed.refused if self._listed else 0)

    @property
    def repeated(self) -> int:
        """Names that came again."""
        return self._repeated + (self._listed.repeated if self._listed else 0)

    def items(self) -> Iterator[ScanItem]:
        """Yield what is to be scanned, once."""
        for item in chain(self._of_arguments(), self._of_list()):
            self.accepted += 1
            yield item

    def take_text(self, domain: str) -> str:
        """Return what was handed in for the name, and forget it."""
        return self._texts.pop(domain, domain)

    def _of_arguments(self) -> Iterator[ScanItem]:
        for text in self._arguments:
            domains, refusal = read_argument(text, self._rulebook)
            if refusal:
                self._refused += 1
                self._on_refusal(RowError(0, refusal, shortened(text)))
            for domain in domains:
                if domain in self._given:
                    self._repeated += 1
                    continue
                self._given.add(domain)
                self._texts[domain] = text.strip()
                yield ScanItem(domain, NewCompany(domain=domain, origin=CompanyOrigin.SCAN, marks=self._marks))

    def _of_list(self) -> Iterator[ScanItem]:
        try:
            for candidate in self._listed.candidates() if self._listed is not None else ():
                if candidate.is_repeat:
                    continue
                if candidate.domain in self._given:
                    self._repeated += 1
                    continue
                if candidate.text != candidate.domain:
                    self._texts[candidate.domain] = candidate.text
                sizes = self._rulebook.rules.sizes
                yield ScanItem(candidate.domain, company_of(candidate, self.list_id, sizes, CompanyOrigin.SCAN))
        except UnreadableFile as error:
            self.is_broken = True
            self._on_end(error)
