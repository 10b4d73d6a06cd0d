"""What people type, paste and import becomes one canonical name, or nothing; and nothing ever raises."""

import time
from collections.abc import Callable

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from hunter.core.names.domain_name import (
    display_name,
    domain_from_email,
    domain_from_website,
    is_valid_domain,
    normalise_domain,
)

ROOM = settings(deadline=None, max_examples=150)


@pytest.mark.parametrize(
    ("text", "domain"),
    [
        ("WWW.EXAMPLE.COM", "example.com"),
        (" example.com ", "example.com"),
        ("example.com.", "example.com"),
        ("example.com...", "example.com"),
        ("https://www.example.com/path?q=1#x", "example.com"),
        ("http://example.com:8080/a", "example.com"),
        ("HTTPS://Example.com", "example.com"),
        ("https://user:pw@example.com/", "example.com"),
        ("example.com/path", "example.com"),
        ("example.com:8080", "example.com"),
        ("www.www.example.com", "www.example.com"),
        ("mail.example.com", "mail.example.com"),
        ("httpbin.org", "httpbin.org"),
        ("https.com", "https.com"),
        ("türkçe.com.tr", "xn--trke-2oa7j.com.tr"),
        ("münchen.de", "xn--mnchen-3ya.de"),
        ("ığdır.com.tr", "xn--dr-wna5ec.com.tr"),
        ("İstanbul.com", "istanbul.com"),
    ],
)
def test_each_example_of_the_specification_gives_its_canonical_name(text: str, domain: str) -> None:
    assert normalise_domain(text) == domain


@pytest.mark.parametrize(
    "text",
    [
        *("nan", "NaN", "n/a", "N/A", "na", "none", "None", "null", "web sitesi", "Web Sitesi", "website", "web"),
        *("http", "https", "-", "yok", "YOK", "bilinmiyor", "www", " yok ", '"nan"'),
        *("", "   ", "localhost", "a.b", "example.c"),
        *("-bad.com", "bad-.com", "ex_ample.com", "example..com", ".example.com", "a" * 64 + ".com"),
        *("192.168.1.1", "example.123", "http://10.0.0.1:8080/"),
        *("example.com, other.com", "example.com other.com", "example.com;other.com"),
        *("http://", "https://", "https://www.", "www.com", "www."),
        "user@example.com",
    ],
)
def test_what_names_no_single_domain_gives_the_empty_string(text: str) -> None:
    assert normalise_domain(text) == ""


@pytest.mark.parametrize(
    ("text", "domain"),
    [
        ("user@example.com", "example.com"),
        ("test@WWW.EXAMPLE.COM", "example.com"),
        ("a@b@example.com", "example.com"),
        ("Ali <ali@firma.com.tr>", "firma.com.tr"),
        ('"Ali" <ali@firma.com.tr> ', "firma.com.tr"),
        ("mailto:ali@firma.com.tr?subject=x", "firma.com.tr"),
        ("bilgi@örnek-şirket.com.tr", "xn--rnek-irket-dcb97j.com.tr"),
        ("no-at", ""),
        ("user@", ""),
        ("user@[192.0.2.1]", ""),
        ("", ""),
    ],
)
def test_an_address_gives_the_domain_after_its_last_at_sign(text: str, domain: str) -> None:
    assert domain_from_email(text) == domain


@pytest.mark.parametrize(
    ("text", "domain"),
    [
        ("www.firma.com.tr/iletisim", "firma.com.tr"),
        ("http://WWW.EXAMPLE.COM", "example.com"),
        ("//firma.com.tr/x", "firma.com.tr"),
        ("https:\\\\www.firma.com.tr\\iletisim", "firma.com.tr"),
        ("firma.com.tr?ref=1", "firma.com.tr"),
        ("firma.com.tr#top", "firma.com.tr"),
        ("ftp://firma.com.tr:/x", "firma.com.tr"),
        ("https://firma.com.tr/a b, c@d", "firma.com.tr"),
        ("nan", ""),
        ("None", ""),
        ("https://[2001:db8::1]/", ""),
        ("https://firma.com.tr:port/", ""),
        ("javascript:alert(1)", ""),
    ],
)
def test_a_web_address_gives_its_host(text: str, domain: str) -> None:
    assert domain_from_website(text) == domain


@pytest.mark.parametrize(
    ("text", "domain"),
    [
        ("\u200bexample.com\u200b", "example.com"),
        ("\ufeffexample.com", "example.com"),
        ("\u200eexample.com\u200f", "example.com"),
        ("exam\u200bple.com", "example.com"),
        ("exam\u00adple.com", "example.com"),
        ("exam\u2060ple.c\ufeffom", "example.com"),
        ("\xa0\u3000example.com\t\r\n", "example.com"),
        ('"example.com"', "example.com"),
        ("“example.com”", "example.com"),
        ("'https://example.com/'", "example.com"),
        ("example。com", "example.com"),
        ("example．com｡", "example.com"),
        ("ｗｗｗ．ｅｘａｍｐｌｅ．ｃｏｍ", "example.com"),
    ],
)
def test_remains_of_copying_and_wide_characters_do_not_hide_the_name(text: str, domain: str) -> None:
    assert normalise_domain(text) == domain


@pytest.mark.parametrize(
    ("text", "domain"),
    [
        ("İSTANBUL.com", "istanbul.com"),
        ("I\u0307stanbul.com", "istanbul.com"),
        ("İstanbul.com".lower(), "istanbul.com"),
        ("ISTANBUL.COM", "istanbul.com"),
        ("IĞDIR.com.tr", "xn--idir-0wa.com.tr"),
        ("tu\u0308rkc\u0327e.com.tr", "xn--trke-2oa7j.com.tr"),
        ("TÜRKÇE.COM.TR", "xn--trke-2oa7j.com.tr"),
        ("ısı.com.tr", "xn--s-ekab.com.tr"),
    ],
)
def test_turkish_letters_are_lowered_as_the_names_are_meant(text: str, domain: str) -> None:
    assert normalise_domain(text) == domain


@pytest.mark.parametrize(
    "name",
    ["xn--trke-2oa7j.com.tr", "xn--mnchen-3ya.de", "firma.xn--p1ai", "xn--i-7iq.ws", "a.xn--trke-2oa7j.com.tr"],
)
def test_an_encoded_name_that_decodes_is_kept(name: str) -> None:
    assert normalise_domain(name) == name
    assert normalise_domain(name.upper()) == name


@pytest.mark.parametrize(
    "name",
    [
        "xn--a.com",
        "xn--99999999.com",
        "xn--.com",
        "xn--abc-.com",
        "xn--ascii-.com",
        "xn--trke-2oa7.com",
        "xn---p1ai.tr",
    ],
)
def test_an_encoded_name_that_does_not_decode_is_none(name: str) -> None:
    assert normalise_domain(name) == ""


@pytest.mark.parametrize(
    "text", ["i❤.ws", "👍.example.com", "a\u200db.com", "\u0301a.com", "אa.com", "firma\ud800.com"]
)
def test_what_no_encoded_label_can_hold_is_no_name(text: str) -> None:
    assert normalise_domain(text) == ""


@pytest.mark.parametrize(
    ("text", "domain"),
    [("straße.de", "xn--strae-oqa.de"), ("例え.テスト", "xn--r8jz45g.xn--zckzah"), ("אתר.co.il", "xn--4db2cf.co.il")],
)
def test_names_of_other_scripts_become_their_a_labels(text: str, domain: str) -> None:
    assert normalise_domain(text) == domain


def test_the_length_limits_are_63_and_253_characters() -> None:
    label = "a" * 63
    longest = f"{label}.{label}.{label}.{'b' * 57}.com"
    assert len(longest) == 253
    assert normalise_domain(longest) == longest
    assert normalise_domain(longest.replace(".com", "b.com")) == ""
    assert normalise_domain(f"{label}.com") == f"{label}.com"
    assert normalise_domain(f"{label}a.com") == ""
    assert normalise_domain("ü" * 60 + ".com") == ""
    assert normalise_domain("ü." * 200 + "com") == ""


def test_labels_with_inner_hyphens_and_odd_top_labels_are_names() -> None:
    assert normalise_domain("a--b.example") == "a--b.example"
    assert normalise_domain("r3---sn.example") == "r3---sn.example"
    assert normalise_domain("firma.1a") == "firma.1a"
    assert normalise_domain("3m.com.tr") == "3m.com.tr"


@pytest.mark.parametrize(
    ("text", "is_valid"),
    [
        *(("example.com", True), (" Example.COM ", True), ("türkçe.com.tr", True), ("www.com", True)),
        *(("https://example.com", False), ("example.com/", False), ("example.com:80", False), ("example.com.", False)),
        *(("user@example.com", False), ("localhost", False), ("10.0.0.1", False), ("nan", False), ("", False)),
        *(("ex_ample.com", False), ("example.com, other.com", False), ("xn--a.com", False)),
    ],
)
def test_validity_is_asked_of_the_bare_name(text: str, is_valid: bool) -> None:
    assert is_valid_domain(text) is is_valid


@pytest.mark.parametrize(
    ("domain", "shown"),
    [
        ("example.com", "example.com"),
        ("xn--trke-2oa7j.com.tr", "türkçe.com.tr"),
        ("xn--dr-wna5ec.com.tr", "ığdır.com.tr"),
        ("xn--i-7iq.ws", "xn--i-7iq.ws"),
        ("xn--a.com", "xn--a.com"),
        ("", ""),
    ],
)
def test_people_read_unicode_where_the_name_has_a_valid_one(domain: str, shown: str) -> None:
    assert display_name(domain) == shown


LONG = 10_000_000


@pytest.mark.parametrize("unit", ["a", "a.", " ", "@", "ı", ".", "\\", "\u200b", "<"])
@pytest.mark.parametrize("read", [normalise_domain, domain_from_email, domain_from_website, is_valid_domain])
def test_ten_megabytes_of_rubbish_are_refused_at_once(read: Callable[[str], str | bool], unit: str) -> None:
    text = unit * (LONG // len(unit))
    started = time.process_time()
    assert not read(text)
    assert time.process_time() - started < 0.25


def test_a_long_label_of_many_different_letters_is_refused_at_once() -> None:
    started = time.process_time()
    assert normalise_domain("".join(map(chr, range(0x4E00, 0x5C00)))) == ""
    assert time.process_time() - started < 0.25


def test_a_long_path_or_query_does_not_hide_the_host() -> None:
    assert normalise_domain("https://www.firma.com.tr/?q=" + "a" * LONG) == "firma.com.tr"
    assert normalise_domain("firma.com.tr" + " " * 5000 + "other.com.tr") == ""


def is_canonical(name: str) -> bool:
    labels = name.split(".")
    return (
        name.isascii()
        and name == name.lower()
        and 4 <= len(name) <= 253
        and len(labels) > 1
        and all(0 < len(label) < 64 and label.strip("-") == label for label in labels)
        and all(letter.isalnum() or letter in "-." for letter in name)
        and not labels[-1].isdigit()
    )


ODD_LETTERS = st.sampled_from("aIıİiğşÇüß.-_@:/\\?#% \t\"'<>0123xn–—。．\u200b\u200d\u200f\u0307\u202eא中👍℀①\x00\x7f")
ODD_TEXT = st.one_of(st.text(), st.text(ODD_LETTERS, max_size=40), st.text(st.characters(), max_size=80))


@ROOM
@given(ODD_TEXT)
@example("http://℀.com")
@example("xn--\u0131.com")
@example("xn--0.xn--0")
def test_any_text_gives_a_canonical_name_or_nothing_and_never_an_error(text: str) -> None:
    for name in (normalise_domain(text), domain_from_email(text), domain_from_website(text)):
        assert name == "" or is_canonical(name)
    assert isinstance(is_valid_domain(text), bool)
    assert isinstance(display_name(text), str)


@ROOM
@given(ODD_TEXT.map(lambda text: f"{text}.com.tr"))
def test_a_canonical_name_stays_as_it_is_but_for_another_www(text: str) -> None:
    name = normalise_domain(text)
    assert normalise_domain(name) == name.removeprefix("www.")
    assert is_valid_domain(name) is (name != "")


LABEL = st.from_regex(r"[a-z0-9](?:[a-z0-9-]{0,20}[a-z0-9])?", fullmatch=True).filter(lambda text: text[2:4] != "--")


@ROOM
@given(st.lists(LABEL, min_size=1, max_size=5), st.sampled_from(["com.tr", "com", "example", "istanbul"]))
def test_every_well_formed_name_is_found_however_it_is_dressed(labels: list[str], suffix: str) -> None:
    name = ".".join([*labels, suffix]).removeprefix("www.")
    for dress in ("{}", "www.{}", " {}. ", "https://{}/a?b#c", "http://user:pw@www.{}:8080/", '"{}"', "{}/x@y"):
        assert normalise_domain(dress.format(name.upper())) == name
    assert domain_from_email(f"Ali <ali@{name}>") == name


@ROOM
@given(st.text(st.sampled_from("abcçdefgğhıijklmnoöpqrsştuüvwxyz0123456789"), min_size=1, max_size=18))
def test_a_turkish_name_is_shown_as_it_was_written(label: str) -> None:
    name = normalise_domain(f"{label}.com.tr")
    assert display_name(name) == f"{label}.com.tr"
