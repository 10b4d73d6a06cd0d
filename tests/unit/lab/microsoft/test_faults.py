"""Scripts of trouble: which request meets what."""

import json

import pytest

from hunter.core.errors import InvalidInput
from hunter.lab.microsoft.faults import MicrosoftTrouble, Script, ScriptedFault, faults_from_json, faults_to_json


def test_the_nth_matching_request_meets_the_fault_and_no_other() -> None:
    fault = ScriptedFault(MicrosoftTrouble.RESET, path="/firma.example/", nth=2)
    script = Script([fault])

    assert [script.meet(path) for path in ("/firma.example/x", "/a", "/firma.example/x", "/firma.example/x")] == [
        None,
        None,
        fault,
        None,
    ]


def test_nought_is_every_request() -> None:
    fault = ScriptedFault(MicrosoftTrouble.HTML, nth=0)
    script = Script([fault])

    assert [script.meet("/a"), script.meet("/b")] == [fault, fault]


def test_of_two_faults_the_first_is_met_and_both_count() -> None:
    first, second = ScriptedFault(MicrosoftTrouble.HTML), ScriptedFault(MicrosoftTrouble.CUT, nth=2)
    script = Script([first, second])

    assert [script.meet("/a"), script.meet("/a"), script.meet("/a")] == [first, second, None]


def test_a_script_travels_as_json() -> None:
    faults = [
        ScriptedFault(MicrosoftTrouble.STATUS, "/a", 3, 0.5, 429, "90"),
        ScriptedFault(MicrosoftTrouble.REDIRECT, location="/b"),
    ]

    assert faults_from_json(json.loads(json.dumps(faults_to_json(faults)))) == faults


@pytest.mark.parametrize("row", [{}, {"trouble": "flood"}, {"trouble": "cut", "colour": 1}, 7])
def test_what_is_no_script_is_refused(row: object) -> None:
    with pytest.raises(InvalidInput, match="no script of faults"):
        faults_from_json([row])  # type: ignore[list-item]  # That is the point.
