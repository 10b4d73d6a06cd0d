"""Rulebooks for tests: the shipped one, and rebuilt ones whose files a test has changed in memory."""

import copy
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import hunter.rules
from hunter.core.provider.signatures import build_signatures
from hunter.core.rulebook import NETWORK_FILE, RULE_FILES, Rulebook, build_rulebook
from hunter.rules.load import SIGNATURE_FILES, load_rulebook, read_rule_file

#: Where the shipped rules lie.
RULES_FOLDER = Path(next(iter(hunter.rules.__path__)))


@cache
def shipped_rulebook() -> Rulebook:
    """Return the rulebook that comes with the product, loaded once for all tests; nobody may change it."""
    return load_rulebook()


def all_files() -> dict[str, object]:
    """Return a fresh copy of all shipped files by their names, free to be changed."""
    return {name: read_rule_file(RULES_FOLDER / name) for name in (*SIGNATURE_FILES, *RULE_FILES, NETWORK_FILE)}


def told_by(files: dict[str, object]) -> str:
    """Return a text that is the same for rulebooks of the same content; raises RulebookError as loading does."""
    signatures: Any = [files[name] for name in SIGNATURE_FILES]
    return _told(build_rulebook(files, build_signatures(*signatures)))


def _told(value: Any) -> str:
    if isinstance(value, Mapping):
        return str([(_told(key), _told(below)) for key, below in value.items()])
    if isinstance(value, list | tuple):
        return str([_told(below) for below in value])
    if hasattr(value, "__slots__") and not isinstance(value, str):
        return str([(name, _told(getattr(value, name))) for name in value.__slots__ if name != "verdicts"])
    return repr(value)


@cache
def _files() -> dict[str, object]:
    return {name: read_rule_file(RULES_FOLDER / name) for name in (*RULE_FILES, NETWORK_FILE)}


def rule_files() -> dict[str, object]:
    """Return a fresh copy of the shipped files of judgement and networks by their names, free to be changed."""
    return copy.deepcopy(_files())


def rebuilt(files: dict[str, object]) -> Rulebook:
    """Return a rulebook of changed judgement files and the shipped signatures; raises RulebookError as loading does."""
    return build_rulebook(files, shipped_rulebook().signatures)
