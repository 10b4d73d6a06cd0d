"""Texts: the phrases of every language, and which language speaks where nobody chose one."""

from collections.abc import Mapping
from dataclasses import dataclass

from hunter.sales.wording import Catalogue


@dataclass(frozen=True, slots=True)
class Texts:
    """Phrases by language."""

    catalogues: Mapping[str, Catalogue]
    #: Language of sentences that nobody chose otherwise.
    language: str

    @property
    def catalogue(self) -> Catalogue:
        """Phrases in the language that nobody chose otherwise."""
        return self.catalogues[self.language]
