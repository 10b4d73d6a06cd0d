"""Rule files read value by value, and how an error names its place."""

from typing import Any

import pytest

from hunter.core.errors import RulebookError
from hunter.core.rule_files.rule_reader import RuleReader


def refusal(read: Any) -> str:
    with pytest.raises(RulebookError) as caught:
        read()
    return str(caught.value)


def test_an_error_names_the_file_and_the_way_to_the_place() -> None:
    top = RuleReader("points.json", {"rules": [{"when": {"colour": "red"}}]})
    place = next(top.table(("rules",))["rules"].rows()).key("when").key("colour")

    assert place.path == "points.json: rules[0].when.colour"
    assert refusal(lambda: place.word({"blue": 1})) == (
        'points.json: rules[0].when.colour: unknown name "red"; known are blue'
    )


def test_an_unknown_key_is_refused_because_its_writer_meant_something() -> None:
    assert refusal(lambda: RuleReader("f", {"a": 1, "aa": 2}).table(("a",))) == 'f: unknown key "aa"'


def test_a_missing_key_is_refused() -> None:
    assert refusal(lambda: RuleReader("f", {"b": 1}).table(("a",), ("b",))) == 'f: "a" is missing'


def test_optional_keys_may_be_left_out_and_keep_their_order() -> None:
    assert list(RuleReader("f", {"c": 1, "b": 2}).table((), ("a", "b", "c"))) == ["c", "b"]


@pytest.mark.parametrize("value", [True, 1.0, "1", None])
def test_only_whole_numbers_are_numbers(value: object) -> None:
    assert refusal(lambda: RuleReader("f", value).integer(0, 9)) == f"f: must be a whole number, not {value!r}"


@pytest.mark.parametrize("value", [-1, 10])
def test_a_number_outside_its_bounds_is_refused(value: int) -> None:
    assert refusal(lambda: RuleReader("f", value).integer(0, 9)) == f"f: must be from 0 to 9, not {value}"


@pytest.mark.parametrize("value", ["", " a", "a\n", 7, None, ["a"]])
def test_a_text_is_neither_empty_nor_padded(value: object) -> None:
    assert "must be a text without white space around it" in refusal(lambda: RuleReader("f", value).text())


def test_a_word_that_is_named_twice_is_refused_at_its_place() -> None:
    words = RuleReader("f", ["a", "b", "a"])

    assert refusal(lambda: words.words({"a": 1, "b": 2})) == 'f: [2]: "a" is named twice'


@pytest.mark.parametrize("value", [[], {}, "a", None])
def test_an_empty_list_is_no_list_of_rules(value: object) -> None:
    assert refusal(lambda: RuleReader("f", value).rows()) == "f: must be a list with at least one entry"


def test_a_list_is_no_object() -> None:
    assert refusal(lambda: RuleReader("f", [1]).table(())) == "f: must be an object, not [1]"
