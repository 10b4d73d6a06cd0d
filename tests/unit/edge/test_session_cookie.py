"""A session is ours or it is none."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hunter.edge.session_cookie import SessionSigner

SIGNER = SessionSigner(b"a secret key for tests")


def test_a_session_is_found_again() -> None:
    cookie = SIGNER.make()
    session = SIGNER.read(cookie)
    assert session is not None
    assert len(session) == 32
    assert SIGNER.read(SIGNER.make()) != session


def test_a_session_of_another_key_is_none() -> None:
    assert SessionSigner(b"another secret key").read(SIGNER.make()) is None


@pytest.mark.parametrize(
    "change", [lambda c: "x" + c, lambda c: c + "x", lambda c: c[:-1], lambda c: c.replace(".", "")]
)
def test_a_changed_session_is_none(change: object) -> None:
    assert callable(change)
    assert SIGNER.read(change(SIGNER.make())) is None


@given(st.text())
def test_what_we_did_not_make_is_none(cookie: str) -> None:
    assert SIGNER.read(cookie) is None


@pytest.mark.parametrize("cookie", [None, "", ".", "a.", "." + "a" * 43, "a" * 10_000])
def test_what_is_no_cookie_is_none(cookie: str | None) -> None:
    assert SIGNER.read(cookie) is None


def test_a_short_key_is_refused() -> None:
    with pytest.raises(ValueError, match="16 bytes"):
        SessionSigner(b"short")
