"""Addresses are read as the standard library reads them, and to the same text."""

from ipaddress import IPv4Address, IPv6Address, ip_address

from hypothesis import given
from hypothesis import strategies as st

from hunter.collectors.network.address import Address, parse_address


@given(st.ip_addresses())
def test_every_address_is_read_with_its_number(address: IPv4Address | IPv6Address) -> None:
    read = parse_address(str(address))
    inside = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    expected = inside or address

    assert read is not None
    assert ip_address(read.text) == expected
    assert (read.number, read.is_ipv6) == (int(expected), expected.version == 6)


@given(st.text(max_size=20))
def test_no_text_breaks_the_reading(text: str) -> None:
    read = parse_address(text)

    assert read is None or read == parse_address(read.text)


def test_forms_of_one_address_become_one_text() -> None:
    assert parse_address("2001:DB8:0:0::0001") == Address("2001:db8::1", 0x20010DB8 << 96 | 1, True)
    assert parse_address("::ffff:203.0.113.7") == parse_address("203.0.113.7")
    assert parse_address("0x7f000001") is None
    assert parse_address("127.1") is None
