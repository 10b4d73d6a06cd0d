"""Texts from registries: decoding, cleaning, names, hosts, states."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hunter.collectors.registration.texts import (
    CONTROL,
    clean,
    host_name,
    lines_of,
    registrar_name,
    same_domain,
    status_word,
)


@pytest.mark.parametrize("encoding", ["utf-8", "iso8859-9", "utf-8-sig"])
def test_turkish_letters_survive_either_encoding(encoding: str) -> None:
    text = "Örnek Şirket Ğüzel İşler ığdır"
    assert lines_of(f"{text}\r\n{text}".encode(encoding), "ornek-hunter.com.tr") == [text, text]


def test_each_line_is_decoded_by_itself() -> None:
    answer = "Şirket\n".encode() + "Şirket\n".encode("iso8859-9")
    assert lines_of(answer, "ornek-hunter.com.tr") == ["Şirket", "Şirket"]


def test_letters_and_their_accents_apart_are_the_same_letters() -> None:
    text = "Kayıt Kuruluşu: Örnek Ağ İş"
    answer = unicodedata.normalize("NFD", text).encode()
    assert answer != text.encode()
    assert lines_of(answer, "ornek-hunter.com.tr") == [text]


def test_a_control_character_keeps_apart_what_it_stands_between() -> None:
    answer = b"ns1.\x1b[31mornek-hunter.net\nA\tB\x07\n"
    assert lines_of(answer, "ornek-hunter.com.tr") == [f"ns1.{CONTROL}ornek-hunter.net", "A B"]


def test_icelandic_letters_stay_icelandic() -> None:
    assert lines_of("Þórður ehf".encode("iso8859-1"), "sample-hunter.is") == ["Þórður ehf"]


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("A\x1b[31mB\x1b[0mC", "A B C"),
        ("A\x1b]0;title\x07B", "A B"),
        ("A\x00B\rC\nD\tE", "A B C D E"),
        ("A\u202eB\u200bC", "A B C"),
        ("A\x9b2JB", "A B"),
        ("A\ud800B", "A B"),
        ("A\xa0 B", "A B"),
    ],
)
def test_no_control_character_is_left(text: str, cleaned: str) -> None:
    assert clean(text) == cleaned


@given(st.text())
def test_whatever_is_cleaned_can_be_printed_and_stored(text: str) -> None:
    cleaned = clean(text)
    assert cleaned.isprintable()
    assert cleaned.encode("utf-8").decode("utf-8") == clean(cleaned)


@pytest.mark.parametrize(
    "text",
    [
        *("", "-", "---", "N/A", "none", "null", "REDACTED FOR PRIVACY", "Hidden upon user request", "Unknown"),
        *("%registrar%", "{{ registrar }}", "${registrar}", "<registrar>"),
        *("\x1b[2J", "Please query the RDDS service of the registrar", "<no value>"),
    ],
)
def test_a_registrar_that_is_withheld_is_none(text: str) -> None:
    assert registrar_name(text) is None


def test_a_long_registrar_is_cut_to_what_can_be_stored() -> None:
    assert registrar_name("Ş" * 1000) == "Ş" * 255


@pytest.mark.parametrize(
    ("text", "host"),
    [
        ("NS1.Ornek-Hunter.NET.", "ns1.ornek-hunter.net"),
        ("ns1.ornek-hunter.net,", "ns1.ornek-hunter.net"),
        ("ns1.çamlıca-hunter.example", "ns1.xn--amlca-hunter-jdb35h.example"),
        ("192.0.2.1", None),
        ("2001:db8::1", None),
        ("localhost", None),
        ("ns1 evil", None),
        ("<b>ns1.ornek-hunter.net</b>", None),
        ("https://ns1.ornek-hunter.net", None),
        ("ns1.\x00ornek-hunter.net", None),
        ("ü" * 64 + ".ornek-hunter.net", None),
        ("ü." * 130 + "net", None),
    ],
)
def test_a_host_is_a_name_in_canonical_form(text: str, host: str | None) -> None:
    assert host_name(text) == host


@pytest.mark.parametrize("text", ["ORNEK-HUNTER.COM.TR", "ornek-hunter.com.tr.", "www.ornek-hunter.com.tr"])
def test_a_domain_is_the_same_in_any_spelling(text: str) -> None:
    assert same_domain(text, "ornek-hunter.com.tr")


def test_a_domain_is_the_same_in_unicode() -> None:
    assert same_domain("türkçe.com.tr", "xn--trke-2oa7j.com.tr")
    assert same_domain("TÜRKÇE.COM.TR", "xn--trke-2oa7j.com.tr")
    assert not same_domain("turkce.com.tr", "xn--trke-2oa7j.com.tr")


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("clientTransferProhibited https://icann.org/epp#clientTransferProhibited", "client transfer prohibited"),
        ("redemptionPeriod (https://icann.org/epp)", "redemption period"),
        ("client transfer prohibited", "client transfer prohibited"),
        ("Active", "active"),
        ("pending_delete", "pending delete"),
    ],
)
def test_a_state_is_said_in_the_words_of_rdap(text: str, word: str) -> None:
    assert status_word(text) == word
