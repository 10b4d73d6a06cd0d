"""A body of a stranger is read up to a limit, and not a part further."""

from collections.abc import AsyncIterator

from hunter.resilience.bounded_body import read_bounded


async def parts(*given: bytes) -> AsyncIterator[bytes]:
    for part in given:
        yield part


async def endless() -> AsyncIterator[bytes]:
    while True:
        yield b"again"


async def test_a_body_as_long_as_the_limit_is_read_whole() -> None:
    assert await read_bounded(parts(b"ab", b"", b"cde"), 5) == b"abcde"
    assert await read_bounded(parts(), 5) == b""


async def test_a_longer_one_is_given_up() -> None:
    assert await read_bounded(parts(b"ab", b"cdef"), 5) is None
    assert await read_bounded(endless(), 1000) is None
