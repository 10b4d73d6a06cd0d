"""What a client would rather have, by its `Accept` header."""

import pytest

from hunter.edge.accept import is_rather

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
PROMETHEUS = "application/openmetrics-text;version=1.0.0;q=0.5,text/plain;version=0.0.4;q=0.4,*/*;q=0.1"


@pytest.mark.parametrize(
    "accept",
    [
        ["text/plain"],
        ["TEXT/Plain; q=0.4"],
        [PROMETHEUS],
        ["text/*", "application/json;q=0.9"],
        ["text/plain;q=1,*/*;q=0"],
    ],
)
def test_text_is_wanted(accept: list[str]) -> None:
    assert is_rather("text/plain", "application/json", accept)


@pytest.mark.parametrize(
    "accept",
    [
        *([], [""], ["*/*"], ["application/json"], ["application/json, text/plain, */*"]),
        *(["text/plain;q=0.1, application/json"], ["text/plain;q=0"], ["text/plain;q=x"], [BROWSER], [";;,=,q=1"]),
        ["text/plainer"],
    ],
)
def test_text_is_not_wanted_more_than_json(accept: list[str]) -> None:
    assert not is_rather("text/plain", "application/json", accept)


def test_a_browser_wants_pages() -> None:
    assert is_rather("text/html", "application/json", [BROWSER])
    assert not is_rather("text/html", "application/json", ["application/json, text/html;q=0"])
