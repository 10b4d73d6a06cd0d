"""The servers that commands work with: our own ones started, or those of the settings, and the schema brought up.

In: settings. Out: URLs that work until the block is left.
"""

import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from hunter.core.errors import Conflict
from hunter.servers.supervisor import start_servers
from hunter.settings.fields import Settings
from hunter.storage.revision import at_head
from hunter.wiring.application import Servers
from hunter.wiring.process import data_folder


@contextmanager
def running_servers(settings: Settings) -> Iterator[Servers]:
    """Start what has no URL in the settings, as it is; `SIGTERM` and `SIGHUP` leave the block like Ctrl-C does."""
    with _ended_by_signals():
        folder = data_folder(settings)
        with start_servers(folder, database_url=settings.database_url, redis_url=settings.redis_url) as running:
            yield Servers(running.database_url, running.redis_url)


@contextmanager
def ready_servers(settings: Settings) -> Iterator[Servers]:
    """Start the servers and bring the schema of our own PostgreSQL up to this release.

    A PostgreSQL that the settings name is left as it is: raises `Conflict` where its schema is another one.
    """
    with running_servers(settings) as servers:
        if not at_head(servers.database_url):
            if settings.database_url is not None:
                raise Conflict("the schema of HUNTER_DATABASE_URL is not that of this release: hunter db upgrade")
            # Loaded when there is something to bring up, which is once a release.
            from hunter.storage.schema import upgrade  # noqa: PLC0415  see LATE_IMPORTS

            upgrade(servers.database_url, say=say_progress)
        yield servers


def say_progress(line: str) -> None:
    """Say on standard error what is being done; standard output is for the result."""
    sys.stderr.write(f"{line}\n")
    sys.stderr.flush()


@contextmanager
def _ended_by_signals() -> Iterator[None]:
    """Turn SIGTERM, and a terminal that is closed, into the way out of Ctrl-C: servers are stopped, not left behind."""

    def leave(number: int, frame: FrameType | None) -> None:
        sys.exit(128 + number)

    def pass_on(number: int, frame: FrameType | None) -> None:
        # To whoever minds SIGTERM now: a server that finishes its requests, or us.
        signal.raise_signal(signal.SIGTERM)

    before = {signal.SIGTERM: signal.signal(signal.SIGTERM, leave)}
    hang_up = getattr(signal, "SIGHUP", None)
    # Who started us with `nohup` wants us to stay.
    if hang_up is not None and signal.getsignal(hang_up) is not signal.SIG_IGN:
        before[hang_up] = signal.signal(hang_up, pass_on)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
