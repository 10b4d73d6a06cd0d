"""Loading the rulebook: the JSON files beside this one, or those of an operator's own folder.

In: a folder. Out: a checked `Rulebook`, or a `RulebookError` that names the file and the rule.
"""

import json
from pathlib import Path
from typing import Final

from hunter.core.errors import RulebookError
from hunter.core.names.public_suffix import PublicSuffixes
from hunter.core.provider.signatures import build_signatures
from hunter.core.rulebook import NETWORK_FILE, RULE_FILES, Rulebook, build_rulebook

#: The files of `signatures.build_signatures`, in the order of its arguments.
SIGNATURE_FILES: Final = ("providers.json", "gateways.json", "selectors.json")

_SHIPPED: Final = Path(__file__).parent


def load_rulebook(folder: Path | None = None, *, suffixes: PublicSuffixes | None = None) -> Rulebook:
    """Read all files of a folder, by default the rules that come with the product; so with the public suffixes."""
    files = {
        name: read_rule_file((folder or _SHIPPED) / name) for name in (*SIGNATURE_FILES, *RULE_FILES, NETWORK_FILE)
    }
    signatures = build_signatures(*(_as_object(name, files[name]) for name in SIGNATURE_FILES), suffixes=suffixes)
    return build_rulebook(files, signatures)


def read_rule_file(path: Path) -> object:
    """Read one JSON file; a key that stands twice in one object is refused, because only one of them would count."""
    try:
        return json.loads(path.read_text(encoding="utf-8"), object_pairs_hook=_distinct)
    except _DoubleKey as double:
        raise RulebookError(path.name, f'key "{double}" stands twice in one object') from double
    except json.JSONDecodeError as error:
        raise RulebookError(path.name, f"is no JSON: {error}") from error
    except UnicodeDecodeError as error:
        raise RulebookError(path.name, "is not UTF-8") from error
    except OSError as error:
        raise RulebookError(path.name, f"cannot be read: {error.strerror}") from error


class _DoubleKey(Exception):
    """A key stands twice in one JSON object."""


def _distinct(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found: dict[str, object] = {}
    for key, value in pairs:
        if key in found:
            raise _DoubleKey(key)
        found[key] = value
    return found


def _as_object(name: str, content: object) -> dict[str, object]:
    if not isinstance(content, dict):
        raise RulebookError(name, "must be an object")
    return content
