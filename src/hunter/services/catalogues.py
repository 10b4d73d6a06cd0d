"""Catalogues: the phrases of every language, and which language speaks where nobody chose one."""

from collections.abc import Mapping
from dataclasses import dataclass

from hunter.sales.wording import Catalogue


@dataclass(frozen=True, slots=True)
class Catalogues:
    """One catalogue for each language."""

    by_language: Mapping[str, Catalogue]
    #: Language of sentences that nobody chose otherwise.
    language: str

    @property
    def default(self) -> Catalogue:
        """Phrases in the language that nobody chose otherwise."""
        return self.by_language[self.language]
