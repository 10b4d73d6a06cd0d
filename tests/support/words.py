"""The catalogues and the rulebook as the product has them, for tests that read sentences.

Catalogues are compiled afresh from their sources, so that no test depends on what a set-up left behind.
"""

from functools import cache
from gettext import GNUTranslations
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from hunter.core.rulebook import Rulebook
from hunter.rules.load import load_rulebook
from hunter.sales.wording import Wording
from scripts.compile_catalogues import compile_catalogue
from tests.support.house import ROOT

LANGUAGES: Final = ("tr", "en")


def source_file(language: str) -> Path:
    """Return the path of a language's phrases."""
    return ROOT / "src" / "hunter" / "locale" / language / "LC_MESSAGES" / "hunter.po"


@cache
def source_catalogue(language: str) -> Catalog:
    """Return the phrases of a language as their source file has them."""
    with source_file(language).open("rb") as lines:
        return read_po(lines, locale=language, abort_invalid=True)


@cache
def shipped_rules() -> Rulebook:
    """Return the rulebook that comes with the product."""
    return load_rulebook()


@cache
def wording(language: str = "tr") -> Wording:
    """Return the wording of a language."""
    with TemporaryDirectory() as folder:
        compiled = Path(folder) / "hunter.mo"
        compile_catalogue(source_file(language), compiled)
        with compiled.open("rb") as file:
            return Wording(GNUTranslations(file), shipped_rules().signatures)
