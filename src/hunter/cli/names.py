"""The names that a scan goes through: those of the command line, then those of a list, each once.

In: texts and an open list. Out: canonical names; what is refused goes to a callback at once. What a list says of a
company is kept until its answer is taken.
"""

from collections.abc import Callable, Iterator, Sequence
from itertools import chain

from hunter.core.company_domain import NameFilter, find_company_domain
from hunter.documents.errors import UnreadableFile
from hunter.services.lists.candidates import Candidate, RowError, shortened
from hunter.services.lists.intake import ListIntake


def read_argument(text: str, names: NameFilter) -> tuple[tuple[str, ...], str]:
    """Return the domain names that a text of the command line names, or none and the code of the refusal."""
    found = find_company_domain(text, "", "", names)
    if found.refusal == "empty" and text.strip():
        # A cell may say that there is nothing; an argument that says so is a mistake.
        return (), "no_dot" if "." not in text and ":" not in text else "not_a_domain"
    return found.domains, found.refusal


class Intake:
    """Names to assess; iterate once, then read the counters."""

    def __init__(
        self,
        texts: Sequence[str],
        names: NameFilter,
        listed: ListIntake | None = None,
        *,
        on_refusal: Callable[[RowError], None] = lambda _: None,
        on_end: Callable[[UnreadableFile], None] = lambda _: None,
    ) -> None:
        """`on_refusal` hears of texts that name no company, with 0 as their row; those of the list tell by themselves.

        `on_end` hears why a list cannot be read to its end; the names before that are good.
        """
        self._texts = texts
        self._filter = names
        self._listed = listed
        self._on_refusal = on_refusal
        self._on_end = on_end
        self._given: dict[str, str] = {}
        self._waiting: dict[str, Candidate] = {}
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

    def __iter__(self) -> Iterator[str]:
        for domain in chain(self._of_arguments(), self._of_list()):
            self.accepted += 1
            yield domain

    def take(self, domain: str) -> tuple[str, Candidate | None]:
        """Return the text that gave a name, with what a list says of the company, and forget both."""
        listed = self._waiting.pop(domain, None)
        return (listed.text, listed) if listed is not None else (self._given.get(domain, domain), None)

    def _of_arguments(self) -> Iterator[str]:
        for text in self._texts:
            domains, refusal = read_argument(text, self._filter)
            if refusal:
                self._refused += 1
                self._on_refusal(RowError(0, refusal, shortened(text)))
            for domain in domains:
                if domain in self._given:
                    self._repeated += 1
                    continue
                self._given[domain] = text.strip()
                yield domain

    def _of_list(self) -> Iterator[str]:
        try:
            for candidate in self._listed.candidates() if self._listed is not None else ():
                if candidate.is_repeat:
                    continue
                if candidate.domain in self._given:
                    self._repeated += 1
                    continue
                self._waiting[candidate.domain] = candidate
                yield candidate.domain
        except UnreadableFile as error:
            self.is_broken = True
            self._on_end(error)
