"""The Microsoft simulator in its own process: plain and TLS, its journal, its end."""

import os
import signal
import ssl
import subprocess
import sys
from http.client import HTTPConnection, HTTPSConnection
from pathlib import Path

import pytest

from hunter.lab.certificate import client_context
from hunter.lab.microsoft.faults import MicrosoftTrouble, ScriptedFault
from hunter.lab.microsoft.running import SimulatorStopped, start_microsoft
from hunter.lab.microsoft.tenants import demo_tenants

ROOT = Path(__file__).parents[4]
PATH = "/anadolu-rulman.example/v2.0/.well-known/openid-configuration"


def test_both_ports_answer_alike_and_the_certificate_is_not_the_machines() -> None:
    with start_microsoft(demo_tenants()) as simulator:
        plain = HTTPConnection(simulator.host, simulator.port, timeout=5)
        secure = HTTPSConnection(
            simulator.host, simulator.tls_port, timeout=5, context=client_context(simulator.certificate)
        )
        bodies = []
        for connection in (plain, secure, plain):
            connection.request("GET", PATH)
            bodies.append(connection.getresponse().read())
        plain.close()
        secure.close()
        assert len(set(bodies)) == 1
        stranger = HTTPSConnection(simulator.host, simulator.tls_port, timeout=5)
        with pytest.raises(ssl.SSLCertVerificationError):
            stranger.request("GET", PATH)
        stranger.close()
        assert [row["target"] for row in simulator.journal()] == [PATH] * 3


def test_a_reset_forgets_script_and_journal() -> None:
    with start_microsoft(demo_tenants()) as simulator:
        simulator.script(ScriptedFault(MicrosoftTrouble.STATUS, status=429, nth=0))
        assert _status(simulator.host, simulator.port) == 429
        simulator.reset()
        assert _status(simulator.host, simulator.port) == 200
        assert len(simulator.journal()) == 1


def test_a_stopped_simulator_says_so_and_stopping_twice_is_no_trouble() -> None:
    simulator = start_microsoft(demo_tenants())
    simulator.stop()
    simulator.stop()

    with pytest.raises(SimulatorStopped):
        simulator.journal()


def test_the_child_ends_with_its_parent_however_that_ends() -> None:
    script = (
        "import sys\n"
        "from hunter.lab.microsoft.running import start_microsoft\n"
        "from hunter.lab.microsoft.tenants import demo_tenants\n"
        "if __name__ == '__main__':\n"
        "    simulator = start_microsoft(demo_tenants())\n"
        "    print(simulator.port, flush=True)\n"
        "    sys.stdin.read()\n"
    )
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
    parent = subprocess.Popen(
        [sys.executable, "-c", script], stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment, text=True
    )
    assert parent.stdout is not None
    assert parent.stdin is not None
    port = int(parent.stdout.readline())
    connection = HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request("GET", PATH)
    assert connection.getresponse().read()
    parent.send_signal(signal.SIGKILL)
    parent.wait()
    # The open connection is closed when the child ends: reading from it returns at once, with nothing.
    assert connection.sock is not None
    assert connection.sock.recv(1) == b""
    connection.close()
    parent.stdin.close()
    parent.stdout.close()


def _status(host: str, port: int) -> int:
    connection = HTTPConnection(host, port, timeout=5)
    connection.request("GET", PATH)
    response = connection.getresponse()
    response.read()
    connection.close()
    return response.status
