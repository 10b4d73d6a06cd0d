"""The Microsoft simulator in a process of its own, plain and by TLS at once; it never outlives who started it.

The two processes hold the ends of a pipe. When the parent's end closes, however the parent ended, the child ends too.
"""

import asyncio
import json
import signal
from collections.abc import Iterable
from http.client import HTTPConnection
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from types import TracebackType
from typing import Any, Final, NamedTuple

from hunter.core.errors import Unavailable
from hunter.lab.certificate import server_context
from hunter.lab.microsoft.faults import ScriptedFault, faults_to_json
from hunter.lab.microsoft.server import MicrosoftServer
from hunter.lab.microsoft.tenants import TenantWorld

_START_SECONDS: Final = 60.0
_ANSWER_SECONDS: Final = 10.0
_HOST: Final = "127.0.0.1"


class SimulatorStopped(Unavailable):
    """The child process that simulates a service ended, or could not start."""

    code = "simulator_stopped"


class _Listening(NamedTuple):
    port: int
    tls_port: int
    #: PEM text of the certificate that clients are to trust.
    certificate: str


class RunningMicrosoft:
    """A simulator in a child process; use it in a `with` block, or call `stop`."""

    def __init__(self, process: BaseProcess, channel: Connection, listening: _Listening) -> None:
        self._process = process
        self._channel = channel
        self._listening = listening
        self.host = _HOST
        self.port = listening.port
        self.tls_port = listening.tls_port
        #: PEM text of the certificate of the TLS port.
        self.certificate = listening.certificate

    @property
    def base(self) -> str:
        """Address of the plain port."""
        return f"http://{self.host}:{self.port}"

    @property
    def tls_base(self) -> str:
        """Address of the TLS port."""
        return f"https://{self.host}:{self.tls_port}"

    def journal(self) -> list[dict[str, Any]]:
        """Return every request so far: `at` (the machine's monotonic clock), `target`, `headers` in lower case."""
        rows = json.loads(self._control("GET", "journal"))
        return list(rows)

    def script(self, *faults: ScriptedFault) -> None:
        """Replace the faults that are to come."""
        self._control("POST", "faults", faults)

    def reset(self) -> None:
        """Forget faults and journal."""
        self._control("POST", "reset")

    def stop(self) -> None:
        """End the child and wait until it has ended; a second call does nothing."""
        self._channel.close()
        self._process.join(_ANSWER_SECONDS)
        if self._process.is_alive():
            self._process.kill()
            self._process.join()

    def _control(self, method: str, act: str, faults: Iterable[ScriptedFault] = ()) -> bytes:
        connection = HTTPConnection(self.host, self.port, timeout=_ANSWER_SECONDS)
        try:
            connection.request(method, f"/_sim/{act}", json.dumps(faults_to_json(faults)))
            response = connection.getresponse()
            body = response.read()
        except OSError as error:
            raise SimulatorStopped("the simulator has stopped") from error
        finally:
            connection.close()
        if response.status != 200:
            raise SimulatorStopped(f"the simulator refuses: {body.decode('utf-8', 'replace')}")
        return body

    def __enter__(self) -> "RunningMicrosoft":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.stop()


def start_microsoft(world: TenantWorld) -> RunningMicrosoft:
    """Start the simulator in a child process and return when it listens. Raises `SimulatorStopped`."""
    context = get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_serve_in_child, args=(theirs, world), name="hunter-lab-microsoft", daemon=True)
    process.start()
    theirs.close()
    try:
        if not ours.poll(_START_SECONDS):
            raise SimulatorStopped("the simulator did not start in time")
        listening = ours.recv()
    except (OSError, EOFError) as error:
        ours.close()
        process.join(_ANSWER_SECONDS)
        raise SimulatorStopped("the simulator ended before it listened") from error
    return RunningMicrosoft(process, ours, listening)


def _serve_in_child(channel: Connection, world: TenantWorld) -> None:
    # Ctrl-C reaches the whole group of processes; the parent decides when the child ends.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    asyncio.run(_serve(channel, world))


async def _serve(channel: Connection, world: TenantWorld) -> None:
    server = MicrosoftServer(world)
    tls, certificate = server_context()
    plain = await server.start(_HOST)
    secure = await server.start(_HOST, tls=tls)
    ended = asyncio.Event()
    asyncio.get_running_loop().add_reader(channel.fileno(), ended.set)
    ports = [int(one.sockets[0].getsockname()[1]) for one in (plain, secure)]
    channel.send(_Listening(ports[0], ports[1], certificate))
    await ended.wait()
    # Clients that are still connected are not waited for.
    plain.close()
    secure.close()
