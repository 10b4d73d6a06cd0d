"""A DKIM key is a tag list with a key in it; an empty key is a revoked one."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hunter.core.records.dkim import DKIMKey, parse_dkim_key

KEY = "MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQC7+/=="


def read(text: str) -> DKIMKey | None:
    return parse_dkim_key("selector1", text)


def test_a_usual_key_is_read() -> None:
    text = f"v=DKIM1; k=rsa; p={KEY}"
    assert read(text) == DKIMKey("selector1", key_type="rsa", is_testing=False, is_revoked=False, text=text)


@pytest.mark.parametrize(
    "text",
    [
        f"p={KEY}",
        f"p={KEY};",
        f"k=rsa; p={KEY}",
        f" v = DKIM1 ; p = {KEY} ",
        f"v=DKIM1;h=sha256;n=a note: x;s=email;p={KEY};x=unknown",
        f"v=DKIM1; s=tlsrpt:*; p={KEY}",
        f"v=DKIM1; nonsense; p={KEY}",
        f"v=DKIM1; h=sha1; p={KEY}",
    ],
)
def test_a_working_key_is_found_whatever_stands_around_it(text: str) -> None:
    key = read(text)
    assert key is not None
    assert (key.is_revoked, key.key_type, key.text) == (False, "rsa", text)


def test_white_space_and_folding_inside_the_key_do_not_matter() -> None:
    key = read(f"v=DKIM1; p={KEY[:10]} {KEY[10:20]}\r\n\t{KEY[20:]}")
    assert key is not None
    assert not key.is_revoked


@pytest.mark.parametrize("text", ["v=DKIM1; p=", "p=", "v=DKIM1; p= ; k=rsa", "v=DKIM1;p=;"])
def test_an_empty_key_is_revoked(text: str) -> None:
    key = read(text)
    assert key is not None
    assert key.is_revoked


@pytest.mark.parametrize(
    "text",
    [
        *("", "v=DKIM1", "v=DKIM1; k=rsa", "k=rsa", "hello", "v=spf1 include:spf.firma.example -all", "MS=ms1"),
        *(f"v=DKIM2; p={KEY}", f"v=dkim1; p={KEY}", f"k=rsa; v=DKIM1; p={KEY}", f"p={KEY}; v=DKIM1"),
        *("v=DMARC1; p=reject", "v=DKIM1; p=!!", "v=DKIM1; p=AB=CD", "v=DKIM1; p====", "v=DKIM1; p=şirket"),
        *(f"v=DKIM1; p={KEY}; p={KEY}", f"v=DKIM1\\; p={KEY}", f"v=DKIM1; P={KEY}", f"v=DKIM1; s=tlsrpt; p={KEY}"),
    ],
)
def test_what_holds_no_key_for_mail_is_none(text: str) -> None:
    assert read(text) is None


@pytest.mark.parametrize(
    ("flags", "is_testing"),
    [
        ("t=y", True),
        ("t=s:y", True),
        ("t= Y : s", True),
        ("t=s", False),
        ("t=yes", False),
        ("t=", False),
        ("x=y", False),
    ],
)
def test_the_test_flag_is_read_from_its_list(flags: str, is_testing: bool) -> None:
    key = read(f"v=DKIM1; {flags}; p={KEY}")
    assert key is not None
    assert key.is_testing is is_testing


def test_the_kind_of_key_is_kept() -> None:
    key = read(f"v=DKIM1; k=Ed25519; p={KEY}")
    assert key is not None
    assert key.key_type == "ed25519"


@settings(deadline=None)
@given(st.one_of(st.text(), st.text("vkphts=DKIM1; rsay:AB+/\t")))
def test_no_text_makes_the_reader_fail(text: str) -> None:
    key = read(text)
    assert key is None or key.text == text
