"""Rules that change get a new version: a stored score names it, and judging again goes by it.

After a change of rules lift the version in the file (in all files of judgement at once) and write the digest that the
failing test names into `rule_versions.json`, beside those of the versions before.
"""

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from hunter.core.rulebook import NETWORK_FILE, RULE_FILES
from hunter.rules.load import SIGNATURE_FILES
from tests.support.rulebooks import all_files

RECORD = Path(__file__).parent / "rule_versions.json"
#: Files that bear one version together, by the name under which they are recorded.
GROUPS = {"judgement": RULE_FILES, **{name: (name,) for name in (*SIGNATURE_FILES, NETWORK_FILE)}}


def content_of(group: str) -> tuple[str, str]:
    """Return the version of a group of files, and the digest of what it says beside version and `about`."""
    files: dict[str, Any] = all_files()
    said = [
        {key: below for key, below in files[name].items() if key not in ("version", "about")} for name in GROUPS[group]
    ]
    text = json.dumps(said, ensure_ascii=False, separators=(",", ":"))
    return files[GROUPS[group][0]]["version"], hashlib.sha256(text.encode()).hexdigest()[:16]


@pytest.mark.parametrize("group", GROUPS)
def test_rules_of_one_version_never_change(group: str) -> None:
    version, digest = content_of(group)
    recorded = json.loads(RECORD.read_text(encoding="utf-8"))[group]

    assert recorded.get(version) == digest, f"{group} {version} says something else now: a new version, {digest}"


def test_no_two_versions_say_the_same() -> None:
    assert sorted(_digests()) == sorted(set(_digests()))


def _digests() -> Iterator[str]:
    for versions in json.loads(RECORD.read_text(encoding="utf-8")).values():
        yield from versions.values()
