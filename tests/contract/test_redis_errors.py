"""Every error of the client of Redis is translated at one place."""

from redis import exceptions

from hunter.cache.connection import TRANSLATIONS


def test_no_error_of_the_client_is_left_untranslated() -> None:
    theirs = {one for one in vars(exceptions).values() if isinstance(one, type) and issubclass(one, Exception)}
    ours = tuple(one for one, _ in TRANSLATIONS)
    assert {one for one in theirs if not issubclass(one, ours)} == set()


def test_narrow_errors_are_looked_at_before_wide_ones() -> None:
    order = [one for one, _ in TRANSLATIONS]
    hidden = [
        (wide, narrow) for place, wide in enumerate(order) for narrow in order[place + 1 :] if issubclass(narrow, wide)
    ]
    assert hidden == []
