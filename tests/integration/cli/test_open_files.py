"""A small soft limit of open files, as many systems set it, is no limit for Hunter."""

import resource
import socket
import struct
import subprocess
from contextlib import ExitStack
from pathlib import Path

import dns.message

from tests.integration.cli.conftest import command, environment

SOFT_LIMIT = 64
#: More than the limit leaves room for, even if nothing but connections were open.
CONNECTIONS = 80


def with_a_small_limit() -> None:
    """Runs in the child, before it becomes the command."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (SOFT_LIMIT, hard))


def answer_over(connection: socket.socket) -> dns.message.Message:
    """Ask over an open connection, and read the answer."""
    packet = dns.message.make_query("f0000000.example", "MX").to_wire()
    connection.sendall(struct.pack("!H", len(packet)) + packet)
    with connection.makefile("rb") as stream:
        (size,) = struct.unpack("!H", stream.read(2))
        return dns.message.from_wire(stream.read(size))


def test_more_connections_are_served_than_the_soft_limit_allows(tmp_path: Path) -> None:
    process = subprocess.Popen(
        command("lab", "--generate", "3", "--port", "0"),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
        env=environment(),
        cwd=tmp_path,
        preexec_fn=with_a_small_limit,
    )
    with process, ExitStack() as stack:
        stack.callback(process.terminate)
        assert process.stdout is not None
        host, _, port = process.stdout.readline().strip().removeprefix("listening on ").rpartition(":")
        connections = [
            stack.enter_context(socket.create_connection((host, int(port)), timeout=20)) for _ in range(CONNECTIONS)
        ]
        assert answer_over(connections[-1]).answer
