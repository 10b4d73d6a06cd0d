"""Which domain stands for a company: precedence, several names in a text, and names that never are a company."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hunter.core.names.company_domain import (
    DOMAIN_REFUSALS,
    Names,
    Source,
    find_company_domain,
    is_placeholder,
    read_names,
)
from hunter.core.names.domain_name import is_valid_domain
from tests.support.words import shipped_rules

PLACEHOLDERS = ["", "  ", "nan", "NaN", "None", "null", "N/A", "yok", "YOK", "-", "Web Sitesi", "WEB SİTESİ", "www"]


@pytest.mark.parametrize(
    ("text", "domains"),
    [
        ("firma.example", ("firma.example",)),
        ("https://www.Firma.example/iletisim?x=1", ("firma.example",)),
        ("https://www.firma.example/iletisim sayfası", ("firma.example",)),
        ("https://www.firma.example/a,b;c", ("firma.example",)),
        ("www.bir.example, www.iki.example", ("bir.example", "iki.example")),
        ("bir.example;iki.example", ("bir.example", "iki.example")),
        ("bir.example / iki.example", ("bir.example", "iki.example")),
        ("bir.example\niki.example\nbir.example", ("bir.example", "iki.example")),
        ("http://bir.example/, http://iki.example/", ("bir.example", "iki.example")),
        ("Web: www.firma.example", ("firma.example",)),
        ("bir.example ve facebook.com/bir", ("bir.example",)),
        ("bilgi@firma.example", ("firma.example",)),
        ("Ali Usta <ali@firma.example>", ("firma.example",)),
        ("ali@gmail.com, bilgi@firma.example, destek@baska.example", ("firma.example",)),
        ("www.firma.example bilgi@baska.example", ("firma.example",)),
    ],
)
def test_a_text_gives_its_domains(text: str, domains: tuple[str, ...]) -> None:
    assert read_names(text, shipped_rules()).domains == domains


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("gmail.com", "free_mail"),
        ("ali@hotmail.com", "free_mail"),
        ("https://www.facebook.com/firma", "shared_host"),
        ("firma.business.site", "shared_host"),
        ("ali@gmail.com, veli@hotmail.com", "free_mail"),
        ("firma.com tr", "has_space"),
        ("bilgi@firma.com .tr", "has_space"),
        ("Çınar Döküm", "has_space"),
        ("Çınar Döküm firma.example", "has_space"),
        ("localhost", "no_dot"),
        ("192.0.2.7", "is_address"),
        ("-bad.example", "not_a_domain"),
        ("user@", "no_dot"),
        *((text, "empty") for text in PLACEHOLDERS),
    ],
)
def test_a_text_without_a_usable_name_says_why(text: str, code: str) -> None:
    assert read_names(text, shipped_rules()) == Names((), refusal=code)


@pytest.mark.parametrize("text", PLACEHOLDERS)
def test_a_placeholder_is_no_value(text: str) -> None:
    assert is_placeholder(text)


@pytest.mark.parametrize(
    ("texts", "domain", "source", "has_conflict"),
    [
        (("a.example", "b.example", "x@c.example"), "a.example", Source.DOMAIN, True),
        (("a.example", "www.a.example/x", "x@a.example"), "a.example", Source.DOMAIN, False),
        (("", "b.example", "x@c.example"), "b.example", Source.WEBSITE, True),
        (("bozuk", "b.example", ""), "b.example", Source.WEBSITE, False),
        (("nan", "None", "x@c.example"), "c.example", Source.EMAIL, False),
        (("gmail.com", "instagram.com/a", "x@c.example"), "c.example", Source.EMAIL, False),
        (("a.example", "", "x@gmail.com"), "a.example", Source.DOMAIN, False),
    ],
)
def test_the_domain_wins_over_the_web_site_and_that_over_the_address(
    texts: tuple[str, str, str], domain: str, source: Source, has_conflict: bool
) -> None:
    found = find_company_domain(*texts, shipped_rules())
    assert (found.domains, found.source, found.refusal) == ((domain,), source, "")
    assert found.has_conflict is has_conflict


def test_a_conflict_keeps_every_candidate() -> None:
    found = find_company_domain("a.example", "b.example", "x@c.example", shipped_rules())
    assert found.candidates == ("a.example", "b.example", "c.example")


@pytest.mark.parametrize(
    ("texts", "code"),
    [
        (("", "", ""), "empty"),
        (("nan", "", "ali@gmail.com"), "free_mail"),
        (("bozuk", "", "ali@gmail.com"), "no_dot"),
        (("", "https://facebook.com/a", ""), "shared_host"),
    ],
)
def test_without_any_the_first_text_says_why(texts: tuple[str, str, str], code: str) -> None:
    found = find_company_domain(*texts, shipped_rules())
    assert (found.domains, found.source, found.refusal) == ((), None, code)


@given(st.text(max_size=120))
def test_any_text_gives_valid_names_or_one_known_reason(text: str) -> None:
    read = read_names(text, shipped_rules())
    assert bool(read.domains) != bool(read.refusal)
    assert all(is_valid_domain(domain) for domain in read.domains)
    assert read.refusal in ("", *DOMAIN_REFUSALS)
