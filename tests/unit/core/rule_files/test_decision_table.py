"""Decision tables on a small space of their own: what decides, and what is refused."""

from typing import Any

import pytest

from hunter.core.errors import RulebookError
from hunter.core.rule_files.decision_table import DecisionTable, Space, read_condition, read_table
from hunter.core.rule_files.rule_reader import RuleReader

SPACE: Space = {"animal": {"cat": "cat", "dog": "dog", "owl": "owl"}, "age": range(0, 10)}


def table(*rules: dict[str, Any], **default: Any) -> DecisionTable[int]:
    content = {"rules": list(rules), **default}
    return read_table(RuleReader("zoo.json", content), SPACE, ("fee",), lambda fields: fields["fee"].integer(0, 99))


def row(fee: int, **when: Any) -> dict[str, Any]:
    return {"fee": fee, "when": when}


def refusal(*rules: dict[str, Any], **default: Any) -> str:
    with pytest.raises(RulebookError) as caught:
        table(*rules, **default)
    return str(caught.value)


CATS = row(1, animal=["cat"])
OLD = row(2, age={"from": 5})
YOUNG = row(3, age={"to": 4})


def test_the_first_rule_that_matches_decides() -> None:
    zoo = table(CATS, OLD, YOUNG)

    assert [zoo.decide("cat", 7), zoo.decide("dog", 7), zoo.decide("owl", 4)] == [1, 2, 3]


def test_a_table_knows_which_rule_decided() -> None:
    zoo = table(CATS, OLD, default={"fee": 9})

    assert [zoo.cells["cat", 0], zoo.cells["dog", 5], zoo.cells["dog", 4]] == [(1, 1), (2, 2), (0, 9)]


def test_a_point_that_no_rule_decides_is_refused_by_its_name() -> None:
    assert refusal(CATS, OLD) == "zoo.json: rules: no rule decides animal dog, age 0, and there is no default"


def test_a_default_that_is_never_needed_is_refused() -> None:
    problem = "zoo.json: default: is never needed: the rules decide everything"
    assert refusal(OLD, YOUNG, default={"fee": 9}) == problem


def test_a_rule_behind_rules_that_decide_all_it_asks_for_is_refused() -> None:
    problem = "zoo.json: rules[2]: is never reached: earlier rules decide all that it asks for"
    assert refusal(OLD, YOUNG, CATS) == problem


def test_a_name_that_earlier_rules_have_taken_is_refused() -> None:
    both = row(4, animal=["dog", "cat"])

    problem = "zoo.json: rules[1]: animal cat changes nothing: earlier rules decide it"
    assert refusal(CATS, both, OLD, YOUNG) == problem


@pytest.mark.parametrize("written", [{"to": 6}, {"to": 9}])
def test_a_bound_that_earlier_rules_have_moved_is_refused(written: dict[str, int]) -> None:
    problem = refusal(OLD, row(3, age=written))

    assert problem == f"zoo.json: rules[1]: age is written as 0 to {written['to']}, but it decides (0, 4)"


def test_a_rule_without_numbers_must_not_live_on_the_numbers_of_others() -> None:
    assert "but it decides (0, 4)" in refusal(OLD, row(3, animal=["cat", "dog", "owl"]))


def test_a_condition_that_asks_for_nothing_is_refused() -> None:
    assert refusal(row(1)) == "zoo.json: rules[0].when: asks for nothing"


def test_a_dimension_that_the_table_does_not_have_is_refused() -> None:
    assert refusal(row(1, weight={"from": 1})) == 'zoo.json: rules[0].when: unknown key "weight"'


@pytest.mark.parametrize(
    ("bounds", "problem"),
    [
        ({}, 'needs "from", "to" or both'),
        ({"from": 5, "to": 4}, "from 5 lies above to 4"),
        ({"from": 10}, "must be from 0 to 9, not 10"),
        ({"above": 3}, 'unknown key "above"'),
    ],
)
def test_a_range_that_cannot_be_meant_is_refused(bounds: dict[str, int], problem: str) -> None:
    assert refusal(row(1, age=bounds)).endswith(problem)


def test_a_condition_holds_where_all_that_it_names_holds() -> None:
    condition = read_condition(RuleReader("zoo.json", {"animal": ["cat"], "age": {"from": 3}}), SPACE)

    assert condition.holds({"animal": "cat", "age": 3})
    assert not condition.holds({"animal": "cat", "age": 2})
    assert not condition.holds({"animal": "dog", "age": 3})


def test_a_value_that_is_missing_fulfils_no_condition() -> None:
    condition = read_condition(RuleReader("zoo.json", {"age": {"from": 0}}), SPACE)

    assert not condition.holds({"animal": "cat", "age": None})
