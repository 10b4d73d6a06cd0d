"""Which rate limiter guards which neighbour: the registries, Microsoft, name servers. Their figures come from settings.

In: settings, and the buckets that all processes share where there are any. Out: limiters. Public neighbours are asked
at the limit of all processes and machines; private, loopback and expressly named ones at what their owner allows.
"""

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from ipaddress import ip_address
from typing import Final

from hunter.collectors.microsoft.endpoint import CALLS_PER_SECOND
from hunter.resilience.file_buckets import FileBuckets
from hunter.resilience.memory_buckets import MemoryBuckets
from hunter.resilience.rate_limiter import RateLimiter
from hunter.resilience.token_bucket import BucketStore
from hunter.settings.fields import Settings
from hunter.wiring.process import data_folder

#: Names of the limits: in the keys of Redis, the files of the data folder and the metrics (engine specification 7.2).
DNS: Final = "dns"
REGISTRY: Final = "whois"
MICROSOFT: Final = "microsoft"
#: Longer than anything cached: when memory is short Redis drops what ends soonest, and a dropped bucket is full.
_KEEP_IDLE_SECONDS: Final = 31 * 86_400.0


class NeighbourLimits:
    """Makes the limiters; `shared` are the buckets of all processes, None where a process runs alone."""

    def __init__(
        self, settings: Settings, shared: BucketStore | None, opened: ExitStack, *, warn: Callable[[str], None]
    ) -> None:
        """Files are closed with `opened`; `warn` hears where processes of this machine cannot share a limit."""
        self._settings = settings
        self._shared = shared
        self._files = FileBuckets(data_folder(settings))
        self._warn = warn
        opened.callback(self._files.close)

    def dns(self, per_second: float) -> RateLimiter:
        """Limit domain analyses; 0 is no limit."""
        stores = [self._shared] if self._shared is not None else []
        return RateLimiter(DNS, per_second, *stores, keep_idle_seconds=_KEEP_IDLE_SECONDS)

    def registry(self) -> RateLimiter:
        """Limit registration look-ups; where the operator names both servers, they are asked as he allows."""
        settings = self._settings
        if settings.rdap_base is not None and settings.whois_server is not None:
            return RateLimiter(REGISTRY, settings.registration_private_rate_per_second)
        rate = settings.registration_rate_per_second
        # With Redis alone a scan by hand beside it would not keep the limit of this machine.
        shared = [self._shared] if self._shared is not None else []
        return self._on_this_machine(REGISTRY, rate, shared)

    def microsoft(self, host: str) -> RateLimiter:
        """Limit calls to Microsoft's sign-in service; one on this machine or in a private network is none of its."""
        return self._on_this_machine(MICROSOFT, CALLS_PER_SECOND if is_public_address(host) else 0.0)

    def _on_this_machine(self, name: str, per_second: float, shared: Sequence[BucketStore] = ()) -> RateLimiter:
        """Return a limiter that all processes of this machine keep together, and those of `shared` besides."""
        if not per_second:
            return RateLimiter(name, 0)
        own: BucketStore = self._files
        try:
            self._files.open(name)
        except OSError as error:
            self._warn(f"{error}; other processes on this machine do not share the rate limit: {name}")
            own = MemoryBuckets()
        return RateLimiter(name, per_second, *shared, own, keep_idle_seconds=_KEEP_IDLE_SECONDS)


def is_public_address(host: str) -> bool:
    """Say whether an IP address is reachable by everybody; a name counts as public unless it is this machine's own."""
    try:
        return ip_address(host).is_global
    except ValueError:
        return host.rstrip(".").lower() != "localhost"
