"""Which addresses may stand in a command, and as whom Hunter asks."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hunter.collectors.mailbox.address import Identity, may_be_asked, needs_utf8, read_identity
from hunter.core.errors import InvalidInput

DOMAIN = "firma.example"
#: What could end a command, its brackets, or the local part; and what merely is no address.
DANGEROUS = [
    *(
        "a\r\nDATA",
        "a\nb",
        "a\rb",
        "a\x00b",
        "a b",
        " a",
        "a ",
        "a\n",
        "a>b",
        "<a",
        "a,b",
        "a;b",
        "a:b",
        "a\\b",
        "a\tb",
    ),
    *('"a b"', '"a"', "a(b)", "[a]", "@relay.example:a", "a@b", "", ".a", "a.", "a..b", "a\x7f", "a\x1b[2J", "x" * 65),
]
UNSEEN = ["a\u2028b", "a\u00a0b", "a\u200bb", "a\u202eb", "a\u0085b", "a\ud800b", "ş" * 33]


@pytest.mark.parametrize("local", ["info", "ali.veli", "a+b", "o'neil", "x" * 64, "!#$%&'*+/=?^_`{|}~-", "Info"])
def test_usual_addresses_may_be_asked(local: str) -> None:
    assert may_be_asked(f"{local}@{DOMAIN}", DOMAIN, has_utf8=False)


@pytest.mark.parametrize("has_utf8", [False, True])
@pytest.mark.parametrize("local", [*DANGEROUS, *UNSEEN])
def test_what_could_leave_its_brackets_is_refused(local: str, has_utf8: bool) -> None:
    assert not may_be_asked(f"{local}@{DOMAIN}", DOMAIN, has_utf8=has_utf8)


def test_letters_beyond_ascii_need_the_extension() -> None:
    address = f"satış@{DOMAIN}"
    assert needs_utf8(address)
    assert not may_be_asked(address, DOMAIN, has_utf8=False)
    assert may_be_asked(address, DOMAIN, has_utf8=True)


@pytest.mark.parametrize("address", ["info@other.example", "info", f"info@{DOMAIN}.", f"info@x.{DOMAIN}", f"@{DOMAIN}"])
def test_an_address_elsewhere_is_refused(address: str) -> None:
    assert not may_be_asked(address, DOMAIN, has_utf8=True)


@pytest.mark.parametrize(
    "domain", ["a b.example", "a\r\n.example", "", "firma.example>", "[192.0.2.1]", "şirket.example"]
)
def test_a_domain_that_is_no_host_name_is_refused(domain: str) -> None:
    assert not may_be_asked(f"info@{domain}", domain, has_utf8=True)


def test_a_whole_address_has_a_bound() -> None:
    domain = ".".join(["x" * 60] * 4)
    assert may_be_asked(f"1234567890@{domain}", domain, has_utf8=False)
    assert not may_be_asked(f"12345678901@{domain}", domain, has_utf8=False)


@given(st.text(max_size=40), st.booleans())
def test_no_address_that_passes_can_end_its_command(local: str, has_utf8: bool) -> None:
    if may_be_asked(f"{local}@{DOMAIN}", DOMAIN, has_utf8=has_utf8):
        assert local.isprintable()
        assert not set(local) & set(' <>"\\,;:@()[]')


@pytest.mark.parametrize(
    "sender", ["hunter@partner.example", " hunter@partner.example ", "Hunter <hunter@partner.example>"]
)
def test_a_sender_is_read_with_or_without_a_name(sender: str) -> None:
    assert read_identity(sender) == Identity("hunter@partner.example", "partner.example")


def test_the_name_for_the_greeting_may_be_given() -> None:
    assert read_identity("hunter@partner.example", "mx.partner.example").helo == "mx.partner.example"


@pytest.mark.parametrize("sender", ["", "hunter", "a@b\r\nDATA", "satış@partner.example", "<>", "a b@partner.example"])
def test_what_is_no_sender_is_an_error(sender: str) -> None:
    with pytest.raises(InvalidInput):
        read_identity(sender)


@pytest.mark.parametrize("helo", ["", "a b", "mx\r\nDATA", "192.0.2.1"])
def test_what_is_no_greeting_name_is_an_error(helo: str) -> None:
    with pytest.raises(InvalidInput):
        read_identity("hunter@partner.example", helo)
