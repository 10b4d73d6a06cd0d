"""After how long a neighbour wants to be asked again."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hunter.resilience.retry_after import retry_after_seconds

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"retry-after": "120"}, 120.0),
        ({"retry-after": " 0 "}, 0.0),
        ({"retry-after": "soon"}, None),
        ({"retry-after": "-5"}, None),
        ({"retry-after": "Mon, 02 Mar 2026 09:32:00 GMT"}, 120.0),
        ({"retry-after": "Mon, 02 Mar 2026 09:00:00 GMT"}, 0.0),
        # The server's clock is an hour ahead of ours, and two minutes are two minutes all the same.
        ({"retry-after": "Mon, 02 Mar 2026 10:32:00 GMT", "date": "Mon, 02 Mar 2026 10:30:00 GMT"}, 120.0),
    ],
)
def test_retry_after_is_read_in_both_forms(headers: dict[str, str], seconds: float | None) -> None:
    assert retry_after_seconds(headers, NOW) == seconds


@given(st.text(max_size=40))
def test_no_text_breaks_the_reading(text: str) -> None:
    seconds = retry_after_seconds({"retry-after": text, "date": text}, NOW)

    assert seconds is None or seconds >= 0
