"""A secret is made once, is read by its owner only, and is the same ever after."""

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from hunter.core.errors import InvalidInput
from hunter.services.secret_files import ADMIN_TOKEN_FILE, derived_key, read_or_make_secret


def test_it_is_made_once_and_kept(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    first = read_or_make_secret(folder, ADMIN_TOKEN_FILE)
    assert len(first) >= 43
    assert read_or_make_secret(folder, ADMIN_TOKEN_FILE) == first
    assert read_or_make_secret(folder, "secret-key") != first
    assert sorted(path.name for path in folder.iterdir()) == ["admin-token", "secret-key"]


@pytest.mark.parametrize("mask", [0o000, 0o077])
def test_only_its_owner_may_read_it_whatever_the_mask(tmp_path: Path, mask: int) -> None:
    before = os.umask(mask)
    try:
        read_or_make_secret(tmp_path, ADMIN_TOKEN_FILE)
    finally:
        os.umask(before)
    assert (tmp_path / ADMIN_TOKEN_FILE).stat().st_mode & 0o777 == 0o600


def test_many_first_starts_end_with_one_secret(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as starts:
        found = list(starts.map(lambda _: read_or_make_secret(tmp_path, ADMIN_TOKEN_FILE), range(40)))
    assert len(set(found)) == 1
    assert [path.name for path in tmp_path.iterdir()] == [ADMIN_TOKEN_FILE]


def test_what_others_may_read_is_refused(tmp_path: Path) -> None:
    read_or_make_secret(tmp_path, ADMIN_TOKEN_FILE)
    (tmp_path / ADMIN_TOKEN_FILE).chmod(0o640)
    with pytest.raises(InvalidInput, match="may be read by others"):
        read_or_make_secret(tmp_path, ADMIN_TOKEN_FILE)


def test_an_empty_file_is_no_secret(tmp_path: Path) -> None:
    (tmp_path / ADMIN_TOKEN_FILE).touch(mode=0o600)
    with pytest.raises(InvalidInput, match="is empty"):
        read_or_make_secret(tmp_path, ADMIN_TOKEN_FILE)


def test_keys_of_other_purposes_are_others() -> None:
    assert derived_key("secret", "logs") == derived_key("secret", "logs")
    assert derived_key("secret", "logs") != derived_key("secret", "cookies")
    assert derived_key("other", "logs") != derived_key("secret", "logs")
