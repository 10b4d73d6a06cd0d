"""The name server over TCP: frames, pipelines, partial reads, many connections, and services that misbehave."""

import socket
import struct
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import dns.message
import dns.query
import pytest

from hunter.lab.dns.faults import Faults, TCPService
from hunter.lab.dns.name_server import NameServer
from hunter.lab.dns.worlds import Records
from hunter.lab.running import RunningNameServer, start_name_server
from hunter.lab.world_sources.choosing import RecordsWorldSource
from tests.integration.lab.asking import by_tcp, by_udp, query_for, rcode_of
from tests.support.name_servers import Serve

RECORDS: Records = {f"f{number}.example": {"TXT": [f"text {number}", b"x" * 900]} for number in range(300)}


@contextmanager
def _connected(server: NameServer | RunningNameServer) -> Iterator[socket.socket]:
    with socket.create_connection((server.host, server.port), timeout=5) as client:
        yield client


def _frame(number: int) -> bytes:
    query = query_for(f"f{number}.example", "TXT")
    query.id = number
    packet = query.to_wire()
    return struct.pack("!H", len(packet)) + packet


def _read_exactly(client: socket.socket, size: int) -> bytes:
    data = b""
    while len(data) < size:
        chunk = client.recv(size - len(data))
        assert chunk, "the connection ended too early"
        data += chunk
    return data


def _read_answer(client: socket.socket) -> dns.message.Message:
    (size,) = struct.unpack("!H", _read_exactly(client, 2))
    return dns.message.from_wire(_read_exactly(client, size))


def test_pipelined_questions_are_all_answered_on_one_connection(serve: Serve) -> None:
    with _connected(serve(RECORDS)) as client:
        client.sendall(b"".join(_frame(number) for number in range(300)))
        answers = [_read_answer(client) for _ in range(300)]
    assert [answer.id for answer in answers] == list(range(300))
    assert all(answer.answer[0][0].strings[0] == b"text %d" % answer.id for answer in answers)


def test_question_may_arrive_byte_by_byte(serve: Serve) -> None:
    with _connected(serve(RECORDS)) as client:
        client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for position in range(len(_frame(7))):
            client.sendall(_frame(7)[position : position + 1])
        assert _read_answer(client).id == 7


def test_many_connections_are_served_at_once(serve: Serve) -> None:
    server = serve(RECORDS)
    with ExitStack() as stack:
        clients = [stack.enter_context(_connected(server)) for _ in range(100)]
        for number, client in enumerate(clients):
            client.sendall(_frame(number))
        assert [_read_answer(client).id for client in clients] == list(range(100))


def test_client_that_reads_late_gets_everything(serve: Serve) -> None:
    with _connected(serve(RECORDS)) as client:
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 32768)
        client.sendall(b"".join(_frame(number % 300) for number in range(2000)))
        assert sum(len(_read_answer(client).answer[0]) for _ in range(2000)) == 4000


def test_client_that_leaves_in_the_middle_harms_nobody(serve: Serve) -> None:
    server = serve(RECORDS)
    with _connected(server) as client:
        client.sendall(_frame(1)[:9])
    with _connected(server) as client:
        client.sendall(b"".join(_frame(number) for number in range(300)))
    assert rcode_of(by_tcp(server, "f1.example", "TXT")) == "NOERROR"


def test_refused_tcp_leaves_udp_alone(serve: Serve) -> None:
    server = serve(RECORDS, Faults(tcp=TCPService.REFUSE))
    with pytest.raises(ConnectionRefusedError):
        by_tcp(server, "f1.example", "TXT")
    assert rcode_of(by_udp(server, "f1.example", "TXT")) == "NOERROR"


def test_hanging_tcp_takes_the_connection_and_says_nothing(serve: Serve) -> None:
    server = serve(RECORDS, Faults(tcp=TCPService.HANG))
    with _connected(server) as client:
        client.sendall(_frame(1))
        # UDP is answered by the same loop: when it is, the TCP question has been seen or will wait in vain.
        by_udp(server, "f1.example", "TXT")
        client.settimeout(0.3)
        with pytest.raises(TimeoutError):
            client.recv(1)


def test_cut_tcp_ends_in_the_middle_of_the_answer(serve: Serve) -> None:
    with _connected(serve(RECORDS, Faults(tcp=TCPService.CUT))) as client:
        client.sendall(_frame(1))
        data = b""
        while chunk := client.recv(65536):
            data += chunk
    (size,) = struct.unpack("!H", data[:2])
    assert 2 < len(data) < size


def test_idle_connections_give_way_when_there_are_too_many() -> None:
    # In a process of its own, because the two ends together are more files than one may usually have open.
    with start_name_server(RecordsWorldSource(RECORDS)) as server, ExitStack() as stack:
        clients = [stack.enter_context(_connected(server)) for _ in range(520)]
        clients[-1].sendall(_frame(3))
        assert _read_answer(clients[-1]).id == 3
        assert clients[0].recv(1) == b""
