"""The catalogues and the rulebook as the product has them, for tests that read sentences.

Catalogues are compiled in memory from their sources, so that no test depends on what a set-up left behind.
"""

from functools import cache
from gettext import GNUTranslations
from io import BytesIO
from typing import Final

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from hunter.core.rulebook import Rulebook
from hunter.rules.load import load_rulebook
from hunter.sales.wording import Wording
from tests.support.house import ROOT

LANGUAGES: Final = ("tr", "en")


@cache
def source_catalogue(language: str) -> Catalog:
    """Return the phrases of a language as their source file has them."""
    path = ROOT / "src" / "hunter" / "locale" / language / "LC_MESSAGES" / "hunter.po"
    with path.open("rb") as lines:
        return read_po(lines, locale=language, abort_invalid=True)


@cache
def shipped_rules() -> Rulebook:
    """Return the rulebook that comes with the product."""
    return load_rulebook()


@cache
def wording(language: str = "tr") -> Wording:
    """Return the wording of a language."""
    compiled = BytesIO()
    write_mo(compiled, source_catalogue(language))
    compiled.seek(0)
    return Wording(GNUTranslations(compiled), shipped_rules().signatures)
