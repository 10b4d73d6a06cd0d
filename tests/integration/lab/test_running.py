"""The name server in a process of its own: it starts, reports, stops, and never outlives who started it."""

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import dns.message
import dns.query
import pytest

from hunter.core.errors import InvalidInput
from hunter.lab.dns.faults import Behaviour, Fault, Faults
from hunter.lab.errors import AddressUnavailable, NameServerStopped, WorldFileError
from hunter.lab.running import start_name_server
from hunter.lab.world_sources.choosing import (
    DemoWorldSource,
    FileWorldSource,
    GeneratedWorldSource,
    RecordsWorldSource,
    WorldSource,
)
from hunter.lab.world_sources.demo_world import demo_companies

ROOT = Path(__file__).parents[3]


def _rcode(host: str, port: int, name: str, rdtype: str) -> int:
    answer = dns.query.udp(dns.message.make_query(name, rdtype), host, port=port, timeout=5)
    return int(answer.rcode())


def _world_file(folder: Path, text: str) -> FileWorldSource:
    path = folder / "world.toml"
    path.write_text(text, encoding="utf-8")
    return FileWorldSource(path)


COMPANY = '[[company]]\nname = "Firma"\ndomain = "firma.example"\nnote = "a test"\na = ["192.0.2.1"]\n'


def test_every_source_of_worlds_is_served(tmp_path: Path) -> None:
    sources: list[tuple[WorldSource, str, str]] = [
        (DemoWorldSource(), demo_companies()[0].domain, "MX"),
        (GeneratedWorldSource(10, seed=4), "f0000009.example", "NS"),
        (_world_file(tmp_path, COMPANY), "firma.example", "A"),
        (RecordsWorldSource({"firma.example": {"A": ["192.0.2.1"]}}), "firma.example", "A"),
        (RecordsWorldSource({}, has_shared_names=True), "_spf.google.com", "TXT"),
    ]
    for source, name, rdtype in sources:
        with start_name_server(source) as server:
            assert _rcode(server.host, server.port, name, rdtype) == 0
            assert _rcode(server.host, server.port, "nobody.test", "A") == 3
            assert server.statistics().questions == 2


def test_faults_and_behaviours_travel_to_the_child() -> None:
    source = RecordsWorldSource(
        {"firma.example": {"A": ["192.0.2.1"]}, "kotu.example": {"A": ["192.0.2.2"]}},
        behaviours={"kotu.example": Behaviour(Fault.REFUSED)},
    )
    with start_name_server(source, faults=Faults(servfail=1.0)) as server:
        assert _rcode(server.host, server.port, "firma.example", "A") == 2
        assert _rcode(server.host, server.port, "kotu.example", "A") == 5


def test_ipv6_address_is_served() -> None:
    with start_name_server(DemoWorldSource(), host="::1") as server:
        assert _rcode("::1", server.port, demo_companies()[0].domain, "MX") == 0


def test_stopped_server_says_so_and_stops_twice_without_harm() -> None:
    server = start_name_server(DemoWorldSource())
    process_id = server.process_id
    server.stop()
    server.stop()
    assert process_id is not None
    with pytest.raises(ProcessLookupError):
        os.kill(process_id, 0)
    with pytest.raises(NameServerStopped):
        server.statistics()


def test_port_in_use_is_told_to_whoever_starts_the_server() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        with pytest.raises(AddressUnavailable, match=f"cannot listen on 127.0.0.1, port {port}"):
            start_name_server(DemoWorldSource(), port=port)


def test_mistake_in_the_world_is_told_to_whoever_starts_the_server(tmp_path: Path) -> None:
    with pytest.raises(WorldFileError, match=r"world\.toml: company 1 \(Firma\): colour: there is no such field"):
        start_name_server(_world_file(tmp_path, COMPANY + "colour = 1"))
    with pytest.raises(InvalidInput, match="0 to 10000000 domains"):
        start_name_server(GeneratedWorldSource(-1))


_PARENT = """
import sys
from hunter.lab.running import start_name_server
from hunter.lab.world_sources.choosing import DemoWorldSource
if __name__ == "__main__":
    server = start_name_server(DemoWorldSource())
    print(server.process_id, flush=True)
    sys.stdin.read()
"""


@pytest.mark.parametrize("death", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_child_ends_when_its_parent_dies(tmp_path: Path, death: signal.Signals) -> None:
    program = tmp_path / "parent.py"
    program.write_text(_PARENT, encoding="utf-8")
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
    with subprocess.Popen(
        [sys.executable, str(program)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=environment,
    ) as parent:
        assert parent.stdout is not None
        child_id = int(parent.stdout.readline())
        parent.send_signal(death)
        # The child holds the other end of this pipe too: it closes when the last of the two has ended.
        assert parent.stdout.read() == b""
        parent.wait(timeout=10)
    assert _is_gone(child_id)


def _is_gone(process_id: int) -> bool:
    """Whether the process has ended; one that waits to be buried by its new parent has."""
    try:
        state = Path(f"/proc/{process_id}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return True
    return state == "Z"
