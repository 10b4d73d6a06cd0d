"""Rule files on disk: the shipped ones, an operator's own, and broken ones."""

import json
import shutil
from pathlib import Path

import pytest

from hunter.core.errors import RulebookError
from hunter.rules.load import SIGNATURE_FILES, load_rulebook
from tests.support.rulebooks import RULES_FOLDER, rule_files, shipped_rulebook

ALL_FILES = (*SIGNATURE_FILES, *rule_files())


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return an operator's own folder: a copy of the shipped rules."""
    for name in ALL_FILES:
        shutil.copy(RULES_FOLDER / name, tmp_path / name)
    return tmp_path


def refusal(folder: Path) -> str:
    with pytest.raises(RulebookError) as caught:
        load_rulebook(folder)
    return str(caught.value)


def test_the_shipped_rules_load() -> None:
    assert load_rulebook().rules.scoring.base == 0


def test_the_rules_folder_holds_no_file_that_nobody_reads() -> None:
    assert {path.name for path in RULES_FOLDER.glob("*.json")} == set(ALL_FILES)


def test_an_operators_folder_is_loaded_in_place_of_the_shipped_rules(folder: Path) -> None:
    path = folder / "free_mail.json"
    content = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps({**content, "free_mail": ["posta.example"]}), encoding="utf-8")

    assert load_rulebook(folder).free_mail == {"posta.example"}
    assert "posta.example" not in shipped_rulebook().free_mail


@pytest.mark.parametrize("name", ALL_FILES)
def test_a_missing_file_is_named(folder: Path, name: str) -> None:
    (folder / name).unlink()

    assert refusal(folder) == f"{name}: cannot be read: No such file or directory"


@pytest.mark.parametrize("name", ALL_FILES)
def test_a_file_that_is_no_json_is_named_with_line_and_column(folder: Path, name: str) -> None:
    (folder / name).write_text('{"version": "1",\n oops}', encoding="utf-8")

    assert refusal(folder).startswith(f"{name}: is no JSON: ")
    assert "line 2 column 2" in refusal(folder)


@pytest.mark.parametrize("name", ALL_FILES)
def test_a_file_that_is_not_utf_8_is_named(folder: Path, name: str) -> None:
    (folder / name).write_bytes(b'{"version": "\xff"}')

    assert refusal(folder) == f"{name}: is not UTF-8"


@pytest.mark.parametrize("name", ALL_FILES)
def test_a_file_that_holds_a_list_is_named(folder: Path, name: str) -> None:
    (folder / name).write_text("[]", encoding="utf-8")

    assert refusal(folder).startswith(f"{name}: must be an object")


def test_a_key_that_stands_twice_is_refused_because_only_one_would_count(folder: Path) -> None:
    path = folder / "scoring.json"
    path.write_text(path.read_text(encoding="utf-8").replace('"base": 0,', '"base": 0, "base": 5,'), encoding="utf-8")

    assert refusal(folder) == 'scoring.json: key "base" stands twice in one object'


def test_a_broken_rule_is_named_by_file_and_place(folder: Path) -> None:
    path = folder / "commercial.json"
    path.write_text(path.read_text(encoding="utf-8").replace('"is": "RENEWAL"', '"is": "RENEWALS"'), encoding="utf-8")

    assert refusal(folder).startswith('commercial.json: commercial_segment.rules[4].is: unknown name "RENEWALS"')
