"""Names: which texts name a company, which do not and why, and each name once."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hunter.cli.names import Entry, Intake, Refusal, SeenNames, read_name
from tests.support.words import shipped_rules


@pytest.mark.parametrize(
    ("text", "domain"),
    [
        ("firma.example", "firma.example"),
        ("https://www.Firma.example/iletisim?x=1", "firma.example"),
        ("bilgi@firma.example", "firma.example"),
        ("Ali <ali@firma.example>", "firma.example"),
        (" FIRMA.EXAMPLE. ", "firma.example"),
        ("örnek-şirket.example", "xn--rnek-irket-dcb97j.example"),
        ("İZMİR.example", "izmir.example"),
    ],
)
def test_a_text_that_names_a_company_gives_its_domain(text: str, domain: str) -> None:
    assert read_name(text, shipped_rules()) == (domain, "")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("cinarli dokum", "has_space"),
        ("a.example b.example", "has_space"),
        ("localhost", "no_dot"),
        ("", "no_dot"),
        ("192.0.2.7", "is_address"),
        ("2001:db8::1", "is_address"),
        ("[2001:db8::1]", "is_address"),
        ("-bad.example", "not_a_domain"),
        ("https://", "not_a_domain"),
        ("gmail.com", "free_mail"),
        ("ali@hotmail.com", "free_mail"),
        ("https://www.facebook.com/firma", "shared_host"),
        ("firma.blogspot.com", "shared_host"),
    ],
)
def test_a_text_that_names_none_is_refused_with_its_reason(text: str, code: str) -> None:
    assert read_name(text, shipped_rules()) == ("", code)


def test_each_name_comes_once_and_what_was_handed_in_is_kept_until_taken() -> None:
    texts = ("https://a.example", "b.example", "a.example", "gmail.com", "yok")
    refused: list[Refusal] = []
    intake = Intake([Entry(text) for text in texts], shipped_rules(), on_refusal=refused.append)
    assert list(intake) == ["a.example", "b.example"]
    assert (intake.accepted, intake.refused, intake.repeated) == (2, 2, 1)
    assert [(refusal.code, refusal.text) for refusal in refused] == [("free_mail", "gmail.com"), ("no_dot", "yok")]
    assert intake.take_text("a.example") == "https://a.example"
    assert intake.take_text("a.example") == "a.example"
    assert intake.take_text("b.example") == "b.example"


def test_a_problem_of_the_list_is_passed_on_with_its_line() -> None:
    refused: list[Refusal] = []
    list(Intake([Entry("x" * 100, 7, "line_has_nul")], shipped_rules(), on_refusal=refused.append))
    assert refused == [Refusal("line_has_nul", "x" * 59 + "…", 7)]


def test_a_web_site_beside_a_private_address_names_the_company() -> None:
    refused: list[Refusal] = []
    rows = [
        Entry("ali@gmail.com", 2, others=("hotmail.com", "www.a.example")),
        Entry("ali@gmail.com", 3, others=("hotmail.com",)),
    ]
    intake = Intake(rows, shipped_rules(), on_refusal=refused.append)
    assert list(intake) == ["a.example"]
    assert intake.take_text("a.example") == "www.a.example"
    assert refused == [Refusal("free_mail", "ali@gmail.com", 3)]


@given(st.lists(st.text(max_size=8), max_size=300))
def test_seen_names_know_exactly_what_was_added(names: list[str]) -> None:
    seen, known = SeenNames(), set[str]()
    for name in names:
        assert seen.add(name) is (name not in known)
        known.add(name)


def test_seen_names_grow_without_forgetting() -> None:
    seen = SeenNames()
    names = [f"firma-{number}.example" for number in range(20_000)]
    assert all(map(seen.add, names))
    assert not any(map(seen.add, names))
