"""Both registry simulators in a process of their own, so that what they cost is not counted to the one who asks.

The two processes hold the ends of a pipe. When the parent's end closes, however the parent ended, the child ends too.
"""

import asyncio
import signal
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from types import TracebackType
from typing import Final

from hunter.core.errors import HunterError, Unavailable
from hunter.lab.certificate import server_context
from hunter.lab.errors import AddressUnavailable
from hunter.lab.registry.faults import NO_FAULTS, RegistryFaults
from hunter.lab.registry.rdap_server import RDAPServer
from hunter.lab.registry.registrations import RegistryWorld
from hunter.lab.registry.whois_server import WhoisServer

_START_SECONDS: Final = 60.0
_ANSWER_SECONDS: Final = 10.0


class RegistryStopped(Unavailable):
    """The child process that plays the registries ended, or could not start."""

    code = "registry_stopped"


@dataclass(frozen=True, slots=True)
class RegistryPorts:
    """Where the simulators listen."""

    rdap: int
    #: The same world by TLS.
    rdap_tls: int
    whois: int
    #: The certificate that the TLS port shows, as PEM text.
    certificate: str


@dataclass(frozen=True, slots=True)
class Arrivals:
    """Moments at which questions came, in seconds of the machine's monotonic clock."""

    rdap: tuple[float, ...]
    whois: tuple[float, ...]


class RunningRegistry:
    """The simulators in a child process; use it in a `with` block, or call `stop`."""

    def __init__(self, process: BaseProcess, channel: Connection, *, host: str, ports: RegistryPorts) -> None:
        self._process = process
        self._channel = channel
        self.host = host
        self.ports = ports

    @property
    def rdap_base(self) -> str:
        """Base address of the RDAP service without TLS."""
        return f"http://{self._host}:{self.ports.rdap}/rdap"

    @property
    def rdap_tls_base(self) -> str:
        """Base address of the RDAP service with TLS."""
        return f"https://{self._host}:{self.ports.rdap_tls}/rdap"

    @property
    def whois_server(self) -> str:
        """Address of the WHOIS service."""
        return f"{self._host}:{self.ports.whois}"

    @property
    def process_id(self) -> int | None:
        """Id of the child, for whoever measures what it costs."""
        return self._process.pid

    @property
    def _host(self) -> str:
        return f"[{self.host}]" if ":" in self.host else self.host

    def arrivals(self) -> Arrivals:
        """Ask the child when questions came. Raises `RegistryStopped`."""
        report = self._ask(None)
        if not isinstance(report, Arrivals):
            raise RegistryStopped(f"the registry reports nonsense: {report!r}")
        return report

    def treat(self, faults: RegistryFaults) -> None:
        """Treat everybody so from now on. Raises `RegistryStopped`."""
        self._ask(faults)

    def stop(self) -> None:
        """End the child and wait until it has ended; a second call does nothing."""
        self._channel.close()
        self._process.join(_ANSWER_SECONDS)
        if self._process.is_alive():
            self._process.kill()
            self._process.join()

    def _ask(self, request: RegistryFaults | None) -> object:
        try:
            self._channel.send(request)
            if not self._channel.poll(_ANSWER_SECONDS):
                raise RegistryStopped("the registry does not report")
            return self._channel.recv()
        except (OSError, EOFError) as error:
            raise RegistryStopped("the registry has stopped") from error

    def __enter__(self) -> "RunningRegistry":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.stop()


def start_registry(
    world: RegistryWorld, faults: RegistryFaults = NO_FAULTS, *, host: str = "127.0.0.1"
) -> RunningRegistry:
    """Start both simulators in a child process, on free ports, and return when they listen.

    Raises `AddressUnavailable`, and `RegistryStopped` when the child dies.
    """
    context = get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(
        target=_serve_in_child, args=(theirs, world, faults, host), name="hunter-registry", daemon=True
    )
    process.start()
    # The child has its own copy; only when ours is closed does its end show here as the end of the pipe.
    theirs.close()
    try:
        ports = _await_listening(ours)
    except HunterError:
        ours.close()
        process.join(_ANSWER_SECONDS)
        raise
    return RunningRegistry(process, ours, host=host, ports=ports)


def _await_listening(channel: Connection) -> RegistryPorts:
    try:
        if not channel.poll(_START_SECONDS):
            raise RegistryStopped("the registry did not start in time")
        report = channel.recv()
    except (OSError, EOFError) as error:
        raise RegistryStopped("the registry ended before it listened") from error
    if isinstance(report, HunterError):
        raise report
    if not isinstance(report, RegistryPorts):
        raise RegistryStopped(f"the registry reports nonsense: {report!r}")
    return report


def _serve_in_child(channel: Connection, world: RegistryWorld, faults: RegistryFaults, host: str) -> None:
    # Ctrl-C reaches the whole group of processes; the parent decides when the child ends.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    asyncio.run(_serve(channel, world, faults, host))


async def _serve(channel: Connection, world: RegistryWorld, faults: RegistryFaults, host: str) -> None:
    rdap, whois = RDAPServer(world, faults), WhoisServer(world, faults)
    tls, certificate = server_context()
    try:
        plain, secure = await rdap.start(host), await rdap.start(host, tls=tls)
        text = await whois.start(host)
    except OSError as error:
        channel.send(AddressUnavailable(host, 0, error.strerror or str(error)))
        return
    channel.send(RegistryPorts(_port(plain), _port(secure), _port(text), certificate))
    # Connections that are still open end with the process; to wait for them would let a client keep us alive.
    await _obey(channel, rdap, whois)


async def _obey(channel: Connection, rdap: RDAPServer, whois: WhoisServer) -> None:
    """Do what the parent asks for until its end of the pipe closes."""
    loop = asyncio.get_running_loop()
    ended = loop.create_future()

    def on_request() -> None:
        try:
            request = channel.recv()
            if isinstance(request, RegistryFaults):
                rdap.faults = whois.faults = request
            channel.send(Arrivals(tuple(rdap.gate.arrivals), tuple(whois.gate.arrivals)))
        except (OSError, EOFError):
            loop.remove_reader(channel.fileno())
            ended.set_result(None)

    loop.add_reader(channel.fileno(), on_request)
    await ended


def _port(server: asyncio.Server) -> int:
    return int(server.sockets[0].getsockname()[1])
