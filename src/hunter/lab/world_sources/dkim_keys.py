"""DKIM key records (RFC 6376 §3.6.1) made up from a seed: well-formed public keys that belong to nobody."""

from base64 import b64encode
from hashlib import shake_256
from typing import Final

# What stands before and after the modulus in a SubjectPublicKeyInfo of an RSA key with exponent 65537 (RFC 8017).
_RSA_HEADS: Final = {
    1024: bytes.fromhex("30819f300d06092a864886f70d010101050003818d0030818902818100"),
    2048: bytes.fromhex("30820122300d06092a864886f70d01010105000382010f003082010a0282010100"),
}
_RSA_TAIL: Final = bytes.fromhex("0203010001")

#: The words that world files write instead of a key, and the size they stand for.
KEY_WORDS: Final = {"key": 2048, "key1024": 1024}


def key_record(seed: str, bits: int = 2048) -> str:
    """Return the text of a key record with an RSA key of 1024 or 2048 bits, the same for the same seed."""
    modulus = bytearray(shake_256(seed.encode()).digest(bits // 8))
    modulus[0] |= 0x80
    modulus[-1] |= 0x01
    return "v=DKIM1; k=rsa; p=" + b64encode(_RSA_HEADS[bits] + modulus + _RSA_TAIL).decode()


def expand_keys(text: str, seed: str) -> str:
    """Return the record that a world file's short form means: `key`, `key1024`, `testing`, `revoked`, or the text."""
    if text in KEY_WORDS:
        return key_record(seed, KEY_WORDS[text])
    if text == "testing":
        return key_record(seed).replace("k=rsa;", "k=rsa; t=y;")
    if text == "revoked":
        return "v=DKIM1; k=rsa; p="
    return text
