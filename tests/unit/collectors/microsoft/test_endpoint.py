"""Every error of the HTTP library, of the guard and of the clock has a stable reason."""

import inspect

import httpx
import pytest

from hunter.collectors.microsoft.answers import REASONS
from hunter.collectors.microsoft.endpoint import reason_of
from hunter.outbound.guard import NameUnresolved, TargetRefused

FOREIGN = [
    kind
    for _, kind in inspect.getmembers(httpx, inspect.isclass)
    if issubclass(kind, httpx.TransportError | httpx.DecodingError)
]


@pytest.mark.parametrize("kind", FOREIGN)
def test_every_error_of_the_library_becomes_a_reason(kind: type[httpx.HTTPError]) -> None:
    assert reason_of(kind("trouble")) in REASONS


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (TargetRefused("login.example", 443, "is not public"), "refused_by_guard"),
        (NameUnresolved("no address"), "network"),
        (TimeoutError(), "timeout"),
        (httpx.ConnectTimeout(""), "timeout"),
        (httpx.ReadTimeout(""), "timeout"),
        (httpx.ConnectError(""), "network"),
        (httpx.RemoteProtocolError(""), "network"),
        (httpx.UnsupportedProtocol(""), "name"),
        (httpx.InvalidURL(""), "name"),
        (ConnectionResetError(), "network"),
    ],
)
def test_each_kind_of_trouble_is_told_apart(error: Exception, reason: str) -> None:
    assert reason_of(error) == reason
