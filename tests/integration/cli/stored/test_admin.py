"""`hunter admin`: the token of this machine, and API keys for programs."""

import hashlib
import re
from pathlib import Path

import pytest

from tests.integration.cli.stored.conftest import Commands, Database

KEYS = "select id, name, is_active, rate_limit_per_minute from api_keys order by id"


def created(hunter: Commands, *arguments: str) -> tuple[str, str]:
    """Make a key; its id and its text."""
    result = hunter("admin", "api-key", "create", *arguments)
    first, text, last = result.output.splitlines()
    assert (result.code, result.errors, last) == (0, "", "This text is shown once: keep it now.")
    return first.split()[0], text


def test_the_token_is_made_once_and_only_its_owner_may_read_it(hunter: Commands) -> None:
    first = hunter("admin", "token")
    assert (first.code, first.errors) == (0, "")
    assert re.fullmatch(r"[A-Za-z0-9_-]{43}\n", first.output)
    assert hunter("admin", "token") == first
    kept = Path(hunter.variables["HUNTER_DATA_DIR"]) / "admin-token"
    assert kept.read_text(encoding="ascii") == first.output
    assert kept.stat().st_mode & 0o777 == 0o600


def test_the_token_of_the_setting_goes_before(hunter: Commands) -> None:
    assert hunter("admin", "token", HUNTER_ADMIN_TOKEN="benim-anahtarim").output == "benim-anahtarim\n"
    assert not Path(hunter.variables["HUNTER_DATA_DIR"]).exists()


def test_a_token_that_others_may_read_is_not_used(hunter: Commands) -> None:
    hunter("admin", "token")
    kept = Path(hunter.variables["HUNTER_DATA_DIR"]) / "admin-token"
    kept.chmod(0o644)
    result = hunter("admin", "token")
    assert (result.code, result.output) == (2, "")
    assert "may be read by others" in result.errors


def test_the_token_needs_no_database(hunter: Commands) -> None:
    assert hunter("admin", "token", HUNTER_DATABASE_URL="postgresql://hunter@127.0.0.1:1/hunter").code == 0


def test_a_key_is_shown_once_and_kept_as_a_hash(hunter: Commands, database: Database) -> None:
    number, text = created(hunter, "Web formu")
    assert database.rows(KEYS) == [(int(number), "Web formu", True, 60)]
    (row,) = database.rows("select to_jsonb(k)::text from api_keys k")
    assert text not in str(row[0])
    assert hashlib.sha256(text.encode()).hexdigest() in str(row[0]).replace("\\\\x", "")
    listed = hunter("admin", "api-key", "list")
    assert text not in listed.output
    assert re.fullmatch(rf"{number}  Web formu  \S+…  60/min  active\n", listed.output)


def test_two_keys_are_never_the_same(hunter: Commands) -> None:
    texts = {created(hunter, "bir")[1], created(hunter, "bir")[1]}
    assert len(texts) == 2


def test_a_key_has_the_rate_that_it_was_given(hunter: Commands, database: Database) -> None:
    number, _ = created(hunter, "Yoğun", "--rate", "600")
    assert database.rows(KEYS) == [(int(number), "Yoğun", True, 600)]


def test_a_key_is_switched_off_and_on(hunter: Commands, database: Database) -> None:
    number, _ = created(hunter, "Web formu")
    other, _ = created(hunter, "CRM")
    assert hunter("admin", "api-key", "deactivate", number).output == f"{number} is deactivated\n"
    assert [row[2] for row in database.rows(KEYS)] == [False, True]
    assert "  60/min  inactive\n" in hunter("admin", "api-key", "list").output
    assert hunter("admin", "api-key", "activate", number).output == f"{number} is activated\n"
    assert database.rows(KEYS) == [(int(number), "Web formu", True, 60), (int(other), "CRM", True, 60)]


def test_without_keys_the_list_says_so(hunter: Commands) -> None:
    assert hunter("admin", "api-key", "list").output == "no key\n"


@pytest.mark.parametrize("number", ["4711", "99999999999999999999"])
def test_a_key_that_is_not_there_is_said(hunter: Commands, number: str) -> None:
    result = hunter("admin", "api-key", "deactivate", number)
    assert (result.code, result.output) == (1, "")
    assert result.errors == f"hunter: there is no API key {number}\n"


def test_a_name_cannot_command_the_terminal(hunter: Commands, database: Database) -> None:
    database.run("insert into api_keys (key_hash, key_prefix, name) values ('-', '-', E'kötü\\x1b[2Jad')")
    assert all(line.isprintable() for line in hunter("admin", "api-key", "list").output.splitlines())


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "required: what"),
        (("password",), "invalid choice: 'password'"),
        (("api-key",), "hunter admin api-key needs one of create, list, deactivate, activate"),
        (("api-key", "show"), "invalid choice: 'show'"),
        (("api-key", "create"), "hunter admin api-key create needs a NAME"),
        (("api-key", "create", "  "), "hunter admin api-key create needs a NAME"),
        (("api-key", "deactivate"), "hunter admin api-key deactivate needs an ID"),
        (("api-key", "activate", "ilk"), "'ilk' is no id: hunter admin api-key list"),
        (("api-key", "activate", "٣"), "'٣' is no id"),
        (("api-key", "create", "x", "--rate", "0"), "--rate must lie between 1 and 10000"),
        (("api-key", "create", "x", "--rate", "10001"), "--rate must lie between 1 and 10000"),
        (("api-key", "create", "x", "--rate", "cok"), "invalid int value: 'cok'"),
        (("api-key", "create", "x" * 256), "a NAME has at most 255 characters"),
        (("api-key", "create", "a\x00b"), "none that cannot be printed"),
        (("api-key", "create", "a\x1b[2Jb"), "none that cannot be printed"),
    ],
)
def test_a_call_that_cannot_work_says_why_and_makes_no_key(
    hunter: Commands, database: Database, arguments: tuple[str, ...], said: str
) -> None:
    result = hunter("admin", *arguments)
    assert (result.code, result.output) == (2, "")
    assert said in result.errors
    assert database.rows(KEYS) == []
