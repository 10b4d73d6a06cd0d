"""The connection to Redis: short time-outs, a circuit breaker, and the one place where errors are translated.

In: a URL and commands. Out: their answers, or `RedisUnavailable`. Its sentences name neither server nor password.
"""

import asyncio
from collections.abc import Awaitable, Callable
from types import TracebackType
from typing import Final, TypeVar

from redis import exceptions as theirs
from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.maint_notifications import MaintNotificationsConfig

from hunter.cache.errors import RedisUnavailable
from hunter.core.errors import InvalidInput
from hunter.resilience.circuit_breaker import CallResult, CircuitBreaker

T = TypeVar("T")
#: For one call with everything in it: connecting, signing in, asking.
CALL_SECONDS: Final = 1.0
#: Calls at the same time; further ones wait before their second begins.
_MOST_CALLS: Final = 16

#: Their errors and what we say, the narrow ones first.
TRANSLATIONS: Final[tuple[tuple[type[Exception], str], ...]] = (
    (theirs.AuthenticationError, "Redis does not accept the user or the password"),
    (theirs.AuthorizationError, "Redis does not allow this"),
    (theirs.NoPermissionError, "Redis does not allow this"),
    (theirs.BusyLoadingError, "Redis is still loading its data"),
    (theirs.TimeoutError, "Redis does not answer in time"),
    (theirs.ConnectionError, "Redis cannot be reached"),
    (theirs.OutOfMemoryError, "Redis has no memory left"),
    (theirs.ReadOnlyError, "Redis takes no writes"),
    (theirs.ResponseError, "Redis refused a command"),
    (theirs.RedisClusterException, "the cluster of Redis cannot serve this"),
    (theirs.ChildDeadlockedError, "the connection to Redis belongs to another process"),
    (theirs.IncorrectPolicyType, "the client of Redis failed"),
    (theirs.RedisError, "the client of Redis failed"),
    (TimeoutError, "Redis does not answer in time"),
    (OSError, "Redis cannot be reached"),
)
_FOREIGN: Final = tuple(one for one, _ in TRANSLATIONS)


class RedisConnection:
    """A pool of connections for one process and one running loop; nothing is connected before the first call."""

    def __init__(self, url: str, *, breaker: CircuitBreaker | None = None, seconds: float = CALL_SECONDS) -> None:
        """`url` is `unix://PATH?db=0`, `redis://` or `rediss://`; raises `InvalidInput` for any other."""
        self._client, self._secret = _client(url, seconds)
        self._breaker = breaker if breaker is not None else CircuitBreaker("redis")
        self._seconds = seconds
        self._room = asyncio.Semaphore(_MOST_CALLS)

    async def __aenter__(self) -> "RedisConnection":
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """Close all connections."""
        await self._client.aclose()

    @property
    def is_circuit_open(self) -> bool:
        """True while nobody connects, after failures."""
        return self._breaker.is_open

    async def call(self, command: Callable[[Redis], Awaitable[T]]) -> T:
        """Return the answer to a command; raises `RedisUnavailable`, at once and unasked while the circuit is open.

        A command that failed may have been carried out: it is never sent again.
        """
        async with self._room:
            if not self._breaker.allow():
                raise RedisUnavailable("the circuit to Redis is open after failures")
            result = CallResult.ABANDONED
            try:
                async with asyncio.timeout(self._seconds):
                    answer = await command(self._client)
                result = CallResult.SUCCEEDED
                return answer
            except _FOREIGN as error:
                result = CallResult.FAILED
                # An old server repeats the words of a sign-in that it does not understand.
                cause = None if self._secret and self._secret in str(error) else error
                raise RedisUnavailable(_sentence(error)) from cause
            finally:
                self._breaker.record(result)

    async def check(self) -> None:
        """Return when Redis answers; raises `RedisUnavailable`."""
        await self.call(lambda redis: redis.ping())


def _client(url: str, seconds: float) -> tuple[Redis, str]:
    """Return a client that has not connected yet, and its password, empty where it has none."""
    try:
        client = Redis.from_url(
            url,
            socket_timeout=seconds,
            socket_connect_timeout=seconds,
            retry=Retry(NoBackoff(), 0),
            # Announcements of a hosted service; with them on, a pool overlooks that the server closed a connection.
            maint_notifications_config=MaintNotificationsConfig(enabled=False),
        )
        # Wrong options in the URL show themselves here, and not with the first call.
        client.connection_pool.make_connection()  # type: ignore[no-untyped-call]  # redis-py leaves it untyped
    except (ValueError, TypeError):
        # Not `from` it: its text may hold a part of the password.
        raise InvalidInput("this is no address of Redis: write unix://PATH?db=0, redis:// or rediss://") from None
    secret = client.connection_pool.connection_kwargs.get("password")
    return client, str(secret or "")


def _sentence(error: Exception) -> str:
    return next(sentence for one, sentence in TRANSLATIONS if isinstance(error, one))
