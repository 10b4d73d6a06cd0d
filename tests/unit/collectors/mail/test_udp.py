"""Message ids: all different and none in use, however many are wanted at once."""

from hunter.collectors.mail.udp import Port, Ports


def ports() -> Ports[str]:
    """The sockets of an upstream that nobody asks."""
    return Ports(("127.0.0.1", 53), count=1, watch=lambda port: None, unwatch=lambda port: None)


def test_a_thousand_ids_at_once_are_different_and_free() -> None:
    opened = ports()
    port: Port[str] = opened.take(0.0, 1000)
    used = {number.to_bytes(2, "big") for number in range(0, 65_536, 2)}
    port.pending.update(dict.fromkeys(used, "waiting"))
    try:
        drawn = opened.identifiers(port, 1000)
    finally:
        opened.close()
    assert len(set(drawn)) == 1000
    assert used.isdisjoint(drawn)
    assert {len(identifier) for identifier in drawn} == {2}


def test_ids_cannot_be_foreseen() -> None:
    """Two sockets do not draw the same ids, nor in order."""
    first, second = ports(), ports()
    try:
        mine = first.identifiers(first.take(0.0, 50), 50)
        yours = second.identifiers(second.take(0.0, 50), 50)
    finally:
        first.close()
        second.close()
    assert mine != yours
    assert mine != sorted(mine)
