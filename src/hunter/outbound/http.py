"""The guard's HTTP: an httpx client whose connections go to pinned addresses and to nothing else.

TLS still proves the name of the URL, and the Host header keeps it; only the look-up is ours. Proxies, `.netrc` and
certificate variables of the environment are not read, and redirects are left to the caller, who has a limit for them.
"""

import ssl
from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import contextmanager
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import Any, Final

import httpcore
import httpx

from hunter.outbound.guard import SECONDS_PER_ADDRESS, Guard, TargetRefused

_MOST_CONNECTIONS: Final = 100
_MOST_IDLE: Final = 20
_IDLE_SECONDS: Final = 15.0

#: What the lower library may raise, from the narrow to the wide, and what it becomes.
TRANSLATIONS: Final[tuple[tuple[type[Exception], type[httpx.TransportError]], ...]] = (
    (httpcore.ConnectTimeout, httpx.ConnectTimeout),
    (httpcore.ReadTimeout, httpx.ReadTimeout),
    (httpcore.WriteTimeout, httpx.WriteTimeout),
    (httpcore.PoolTimeout, httpx.PoolTimeout),
    (httpcore.ConnectError, httpx.ConnectError),
    (httpcore.ReadError, httpx.ReadError),
    (httpcore.WriteError, httpx.WriteError),
    (httpcore.RemoteProtocolError, httpx.RemoteProtocolError),
    (httpcore.LocalProtocolError, httpx.LocalProtocolError),
    (httpcore.UnsupportedProtocol, httpx.UnsupportedProtocol),
    (httpcore.ProxyError, httpx.ProxyError),
    (httpcore.TimeoutException, httpx.TimeoutException),
    (httpcore.NetworkError, httpx.NetworkError),
    (httpcore.ProtocolError, httpx.ProtocolError),
    (httpcore.ConnectionNotAvailable, httpx.PoolTimeout),
)
_FOREIGN: Final = tuple(theirs for theirs, _ in TRANSLATIONS)


def guarded_client(
    guard: Guard, *, headers: dict[str, str], seconds: float, tls: ssl.SSLContext | None = None
) -> httpx.AsyncClient:
    """Return a client behind the guard; `tls` replaces the usual certificates, for servers of the lab.

    Its calls raise `TargetRefused` and `NameUnresolved` besides the errors of httpx.
    """
    return httpx.AsyncClient(
        transport=_GuardedTransport(guard, tls or httpx.create_ssl_context(trust_env=False)),
        headers=headers,
        timeout=seconds,
        # Nobody's cookies are kept: they would tie look-ups together, and a server could fill the memory with them.
        cookies=CookieJar(DefaultCookiePolicy(allowed_domains=())),
        trust_env=False,
        follow_redirects=False,
    )


class _PinnedBackend(httpcore.AsyncNetworkBackend):
    """Connects to the addresses that the guard gives for a host."""

    def __init__(self, guard: Guard) -> None:
        self._guard = guard
        self._sockets = httpcore.AnyIOBackend()

    # The pool names every argument, and the house allows no more than four without names.
    async def connect_tcp(  # type: ignore[override]
        self,
        *,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        target = await self._guard.pin(host, port)
        for address in target.addresses[:-1]:
            try:
                return await self._connect(address, port, SECONDS_PER_ADDRESS)
            except (httpcore.ConnectError, httpcore.ConnectTimeout):
                continue
        return await self._connect(target.addresses[-1], port, timeout)

    async def connect_unix_socket(
        self, path: str, timeout: float | None = None, socket_options: Iterable[Any] | None = None
    ) -> httpcore.AsyncNetworkStream:
        raise TargetRefused(path, 0, "is no host")

    async def sleep(self, seconds: float) -> None:
        await self._sockets.sleep(seconds)

    async def _connect(self, address: str, port: int, seconds: float | None) -> httpcore.AsyncNetworkStream:
        return await self._sockets.connect_tcp(address, port, timeout=seconds)


class _Body(httpx.AsyncByteStream):
    """A response's body with the lower library's errors translated."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream

    async def __aiter__(self) -> AsyncIterator[bytes]:
        with _translated():
            async for part in self._stream:
                yield part

    async def aclose(self) -> None:
        with _translated():
            await self._stream.aclose()


class _GuardedTransport(httpx.AsyncBaseTransport):
    """Sends requests through a pool whose connections are made by the guard."""

    def __init__(self, guard: Guard, tls: ssl.SSLContext) -> None:
        self._pool = httpcore.AsyncConnectionPool(
            ssl_context=tls,
            max_connections=_MOST_CONNECTIONS,
            max_keepalive_connections=_MOST_IDLE,
            keepalive_expiry=_IDLE_SECONDS,
            network_backend=_PinnedBackend(guard),
        )

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        url = request.url
        sent = httpcore.Request(
            method=request.method,
            url=httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path),
            headers=request.headers.raw,
            content=request.stream,
            extensions=request.extensions,
        )
        with _translated():
            answer = await self._pool.handle_async_request(sent)
        return httpx.Response(
            status_code=answer.status,
            headers=answer.headers,
            stream=_Body(answer.stream),
            extensions=answer.extensions,
        )

    async def aclose(self) -> None:
        await self._pool.aclose()


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except _FOREIGN as error:
        kind = next(ours for theirs, ours in TRANSLATIONS if isinstance(error, theirs))
        raise kind(str(error)) from error
