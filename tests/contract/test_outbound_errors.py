"""Every error of the HTTP library below is translated at one place."""

import httpcore

from hunter.outbound.http import TRANSLATIONS


def test_no_error_of_the_lower_library_is_left_untranslated() -> None:
    theirs = {value for value in vars(httpcore).values() if isinstance(value, type) and issubclass(value, Exception)}
    assert theirs == {one for one, _ in TRANSLATIONS}


def test_narrow_errors_are_looked_at_before_wide_ones() -> None:
    order = [one for one, _ in TRANSLATIONS]
    hidden = [
        (wide, narrow) for place, wide in enumerate(order) for narrow in order[place + 1 :] if issubclass(narrow, wide)
    ]
    assert hidden == []
