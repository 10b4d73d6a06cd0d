"""A name server in a process of its own, so that what it costs is not counted to the one who asks.

The two processes hold the ends of a pipe. When the parent's end closes, however the parent ended, the child ends too.
"""

import gc
import signal
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from types import TracebackType
from typing import Final

from hunter.core.errors import HunterError
from hunter.lab.dns.faults import NO_FAULTS, Faults
from hunter.lab.dns.name_server import NameServer
from hunter.lab.dns.statistics import ServerStatistics
from hunter.lab.errors import NameServerStopped
from hunter.lab.world_sources.choosing import WorldSource, build_world

_START_SECONDS: Final = 60.0
_ANSWER_SECONDS: Final = 10.0
_STATISTICS: Final = "statistics"


class RunningNameServer:
    """A name server in a child process; use it in a `with` block, or call `stop`."""

    def __init__(self, process: BaseProcess, channel: Connection, *, host: str, port: int) -> None:
        self._process = process
        self._channel = channel
        self.host = host
        self.port = port

    @property
    def process_id(self) -> int | None:
        """Id of the child, for whoever measures what it costs."""
        return self._process.pid

    def statistics(self) -> ServerStatistics:
        """Ask the child what it has done so far. Raises `NameServerStopped`."""
        try:
            self._channel.send(_STATISTICS)
            if not self._channel.poll(_ANSWER_SECONDS):
                raise NameServerStopped("the name server does not report")
            report = self._channel.recv()
        except (OSError, EOFError) as error:
            raise NameServerStopped("the name server has stopped") from error
        if not isinstance(report, ServerStatistics):
            raise NameServerStopped(f"the name server reports nonsense: {report!r}")
        return report

    def stop(self) -> None:
        """End the child and wait until it has ended; a second call does nothing."""
        self._channel.close()
        self._process.join(_ANSWER_SECONDS)
        if self._process.is_alive():
            self._process.kill()
            self._process.join()

    def __enter__(self) -> "RunningNameServer":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.stop()


def start_name_server(
    world_source: WorldSource, *, faults: Faults = NO_FAULTS, host: str = "127.0.0.1", port: int = 0
) -> RunningNameServer:
    """Start a name server in a child process and return when it listens; port 0 takes a free one.

    Raises what building the world or binding the address raises, and `NameServerStopped` when the child dies.
    """
    context = get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(
        target=_serve_in_child,
        args=(theirs, world_source, faults),
        kwargs={"host": host, "port": port},
        name="hunter-lab",
        daemon=True,
    )
    process.start()
    # The child has its own copy; only when ours is closed does its end show here as the end of the pipe.
    theirs.close()
    try:
        taken_port = _await_listening(ours)
    except HunterError:
        ours.close()
        process.join(_ANSWER_SECONDS)
        raise
    return RunningNameServer(process, ours, host=host, port=taken_port)


def _await_listening(channel: Connection) -> int:
    try:
        if not channel.poll(_START_SECONDS):
            raise NameServerStopped("the name server did not start in time")
        report = channel.recv()
    except (OSError, EOFError) as error:
        raise NameServerStopped("the name server ended before it listened") from error
    if isinstance(report, HunterError):
        raise report
    return int(report)


def _serve_in_child(channel: Connection, source: WorldSource, faults: Faults, *, host: str, port: int) -> None:
    # Ctrl-C reaches the whole group of processes; the parent decides when the child ends.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        server = NameServer(build_world(source), faults, host=host, port=port)
    except HunterError as error:
        channel.send(error)
        return
    # Nothing here makes cycles: collecting them would only walk the world again and again.
    gc.disable()

    def on_request(_: int) -> None:
        try:
            channel.recv()
            channel.send(server.statistics())
        except (OSError, EOFError):
            server.close()

    server.watch(channel, on_request)
    channel.send(server.port)
    server.serve_forever()
