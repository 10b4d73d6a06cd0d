"""What an HTTP answer of Microsoft's sign-in service tells, and what it does not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hunter.collectors.microsoft.answers import REASONS, HTTPAnswer, json_of, trouble_of, word
from hunter.core.signals import Unknown


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        (200, None),
        (400, None),
        (301, "redirected"),
        (302, "redirected"),
        (401, "refused"),
        (403, "refused"),
        (404, "unexpected"),
        (204, "unexpected"),
        (429, "rate_limited"),
        (500, "server_error"),
        (503, "server_error"),
        (599, "server_error"),
    ],
)
def test_a_status_that_tells_nothing_has_a_stable_reason(status: int, reason: str | None) -> None:
    assert trouble_of(status) == reason


@given(st.integers(100, 999))
def test_every_reason_of_a_status_is_listed(status: int) -> None:
    assert trouble_of(status) is None or trouble_of(status) in REASONS


@pytest.mark.parametrize(
    ("content_type", "body", "reason"),
    [
        ("text/html", b'{"issuer": "x"}', "content_type"),
        ("", b"{}", "content_type"),
        ("application/json", b"<html>", "malformed"),
        ("application/json", b"", "malformed"),
        ("application/json", b"[1]", "malformed"),
        ("application/json", b'"text"', "malformed"),
        ("application/json", b"\xff\xfe", "malformed"),
        ("application/json", b"[" * 60_000, "malformed"),
        ("application/json", b'{"a": ' + b"9" * 9000 + b"}", "malformed"),
    ],
)
def test_what_is_no_json_object_is_unknown(content_type: str, body: bytes, reason: str) -> None:
    assert json_of(HTTPAnswer(200, content_type, body)) == Unknown(reason)


@pytest.mark.parametrize("kind", ["application/json", "Application/JSON; charset=utf-8", "application/problem+json"])
def test_json_is_read_whatever_its_charset_is_called(kind: str) -> None:
    assert json_of(HTTPAnswer(200, kind, b'{"a": 1}')) == {"a": 1}


def test_a_word_has_no_control_characters_and_an_end() -> None:
    assert word(" Fir\x1b[31mma\x07 ") == "Fir[31mma"
    assert word("a" * 5000) == "a" * 255
    assert word("\n") is None
    assert word(7) is None
