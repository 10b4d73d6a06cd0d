"""Keys that are made up are still well-formed (RFC 6376 §3.6.1, RFC 8017 A.1.1)."""

from base64 import b64decode

import pytest

from hunter.lab.world_sources.dkim_keys import expand_keys, key_record


def _modulus(record: str) -> int:
    """The modulus of the key in a record; reads the DER by hand."""
    der = b64decode(record.partition("p=")[2], validate=True)

    def content(data: bytes) -> bytes:
        if data[1] < 0x80:
            return data[2:]
        lengths = data[1] & 0x7F
        assert len(data) == 2 + lengths + int.from_bytes(data[2 : 2 + lengths], "big")
        return data[2 + lengths :]

    bits = content(der)[15:]
    sequence = content(bits)[1:]
    integer = content(sequence)
    exponent = integer[-5:]
    assert exponent == bytes.fromhex("0203010001")
    return int.from_bytes(content(integer[:-5]), "big")


@pytest.mark.parametrize("bits", [1024, 2048])
def test_key_holds_an_odd_modulus_of_its_size(bits: int) -> None:
    modulus = _modulus(key_record("firma", bits))
    assert (modulus.bit_length(), modulus % 2) == (bits, 1)


def test_key_depends_on_its_seed_alone() -> None:
    assert key_record("a") == key_record("a") != key_record("b")


def test_short_forms_are_written_out() -> None:
    assert expand_keys("key", "s") == key_record("s", 2048)
    assert expand_keys("key1024", "s") == key_record("s", 1024)
    assert expand_keys("testing", "s").startswith("v=DKIM1; k=rsa; t=y; p=MII")
    assert expand_keys("revoked", "s").endswith("; p=")
    assert expand_keys("v=DKIM1; p=x", "s") == "v=DKIM1; p=x"
