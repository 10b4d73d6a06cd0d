"""The set of names that a list has brought so far."""

from hypothesis import given
from hypothesis import strategies as st

from hunter.services.lists.seen_names import SeenNames


@given(st.lists(st.text(max_size=8), max_size=300))
def test_seen_names_know_exactly_what_was_added(names: list[str]) -> None:
    seen, known = SeenNames(), set[str]()
    for name in names:
        assert seen.add(name) is (name not in known)
        known.add(name)
    assert len(seen) == len(known)


def test_seen_names_grow_without_forgetting() -> None:
    seen = SeenNames()
    names = [f"firma-{number}.example" for number in range(20_000)]
    assert all(map(seen.add, names))
    assert not any(map(seen.add, names))
