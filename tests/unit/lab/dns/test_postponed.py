"""Messages wait for their time and leave in order."""

from hunter.lab.dns.faults import Faults
from hunter.lab.dns.postponed import Postponed


def test_messages_of_one_moment_leave_in_the_order_they_came() -> None:
    sent: list[tuple[bytes, str]] = []
    postponed = Postponed(Faults(), clock=lambda: 5.0)
    for message in (b"forged", b"true"):
        postponed.add(lambda *one: sent.append(one), message, "client")
    postponed.send_due()
    assert sent == [(b"forged", "client"), (b"true", "client")]


def test_message_that_is_not_due_stays() -> None:
    sent: list[bytes] = []
    now = 100.0
    postponed = Postponed(Faults(delay_ms=60_000), clock=lambda: now)
    postponed.add(lambda message, _: sent.append(message), b"late", None)
    now = 159.0
    postponed.send_due()
    assert (sent, postponed.seconds_to_next()) == ([], 1.0)
    now = 160.0
    postponed.send_due()
    assert (sent, postponed.seconds_to_next()) == ([b"late"], None)


def test_nothing_kept_means_nothing_to_wait_for() -> None:
    assert Postponed(Faults()).seconds_to_next() is None


def test_slow_name_waits_longer_than_the_round_trip() -> None:
    postponed = Postponed(Faults(delay_ms=10_000), clock=lambda: 5.0)
    postponed.add(lambda *_: None, b"slow", None, extra_seconds=90.0)
    assert postponed.seconds_to_next() == 100.0


def test_jitter_spreads_by_its_span_and_the_seed() -> None:
    def delays(seed: int) -> list[int]:
        found = []
        for number in range(30):
            postponed = Postponed(Faults(jitter_ms=100_000, seed=seed + number), clock=lambda: 5.0)
            postponed.add(lambda *_: None, b"m", None)
            found.append(round(postponed.seconds_to_next() or 0.0))
        return found

    first = delays(1)
    assert first == delays(1)
    assert max(first) > 80
    assert min(first) < 20


def test_only_a_general_delay_makes_all_wait() -> None:
    assert not Postponed(Faults(slow=0.5)).delays_all
    assert Postponed(Faults(delay_ms=1)).delays_all
    assert Postponed(Faults(jitter_ms=1)).delays_all
