"""Ownership tokens in TXT texts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hunter.core.records.verifications import VENDORS, verification_vendors


@pytest.mark.parametrize(
    ("text", "vendor"),
    [
        ("MS=ms12345678", "microsoft"),
        ("ms=E8A68D0A9E", "microsoft"),
        ("v=verifydomain MS=1234567", "microsoft"),
        ("google-site-verification=rXOxyZounnZasA8Z7oaD3c14JdjS9aKSWvsR1EbUSIQ", "google"),
        ("yandex-verification: 7a3c1f0e5b", "yandex"),
        ("zoho-verification=zb12345678.zmverify.zoho.eu", "zoho"),
        ("protonmail-verification=0a1b2c", "protonmail"),
        ("apple-domain=Ab12Cd34", "icloud"),
        ("apple-domain-verification=Ab12Cd34", "apple"),
        ("mailru-verification: 0a1b2c3d", "mailru"),
        ("mailru-domain: 0a1b2c3d", "mailru"),
        ("t-verify=0a1b2c", "tuta"),
        ("hosted-email-verify=abcdefgh", "migadu"),
        ("amazonses:0a1b2c=", "amazonses"),
        ("d365mktkey=0a1b2c", "dynamics365"),
        ("facebook-domain-verification=0a1b2c", "facebook"),
        ("atlassian-domain-verification=0a1b2c", "atlassian"),
        ("docusign=0a1b2c", "docusign"),
        ("adobe-idp-site-verification=0a1b2c", "adobe"),
        ("cisco-ci-domain-verification=0a1b2c", "cisco"),
    ],
)
def test_a_token_names_its_vendor(text: str, vendor: str) -> None:
    assert verification_vendors([text]) == (vendor,)


@pytest.mark.parametrize("text", ["", "=", "v=spf1 -all", "see MS=ms12345678", "MSX=1", "ms12345678", "\udce4MS=1"])
def test_other_texts_name_nobody(text: str) -> None:
    assert verification_vendors([text]) == ()


def test_vendors_are_sorted_and_named_once() -> None:
    texts = ["yandex-verification: 1", "MS=ms1", "MS=ms2", "v=spf1 -all", "docusign=1"]

    assert verification_vendors(texts) == ("docusign", "microsoft", "yandex")


@given(texts=st.lists(st.text()))
def test_any_text_is_read(texts: list[str]) -> None:
    assert set(verification_vendors(texts)) <= VENDORS
