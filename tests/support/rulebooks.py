"""Rulebooks for tests: the shipped one, and rebuilt ones whose files a test has changed in memory."""

import copy
from functools import cache
from pathlib import Path

import hunter.rules
from hunter.core.rulebook import NETWORK_FILE, RULE_FILES, Rulebook, build_rulebook
from hunter.rules.load import load_rulebook, read_rule_file

#: Where the shipped rules lie.
RULES_FOLDER = Path(next(iter(hunter.rules.__path__)))


@cache
def shipped_rulebook() -> Rulebook:
    """Return the rulebook that comes with the product, loaded once for all tests; nobody may change it."""
    return load_rulebook()


@cache
def _files() -> dict[str, object]:
    return {name: read_rule_file(RULES_FOLDER / name) for name in (*RULE_FILES, NETWORK_FILE)}


def rule_files() -> dict[str, object]:
    """Return a fresh copy of the shipped files of judgement and networks by their names, free to be changed."""
    return copy.deepcopy(_files())


def rebuilt(files: dict[str, object]) -> Rulebook:
    """Return a rulebook of changed judgement files and the shipped signatures; raises RulebookError as loading does."""
    return build_rulebook(files, shipped_rulebook().signatures)
