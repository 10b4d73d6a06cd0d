"""Tag lists are split by their signs alone."""

from hypothesis import given
from hypothesis import strategies as st

from hunter.core.records.tag_list import parse_tags


def test_names_and_values_lose_the_white_space_around_them() -> None:
    assert parse_tags(" v = DKIM1 ;\r\n\tk=rsa; p= AB =;") == [("v", "DKIM1"), ("k", "rsa"), ("p", "AB =")]


def test_pieces_without_an_equals_sign_are_passed_over_and_repeats_are_kept() -> None:
    assert parse_tags("a=1;;nonsense; a=2; =3; b=") == [("a", "1"), ("a", "2"), ("", "3"), ("b", "")]
    assert parse_tags("") == []


@given(st.lists(st.tuples(st.text("abc"), st.text("xyz= "))))
def test_what_was_joined_comes_apart_again(tags: list[tuple[str, str]]) -> None:
    text = ";".join(f"{name}={value}" for name, value in tags)
    assert parse_tags(text) == [(name, value.strip()) for name, value in tags]
