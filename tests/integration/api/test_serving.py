"""The server on a socket that was opened beforehand, as `hunter up` hands it in."""

import asyncio
import gc
import socket

import pytest
from starlette.responses import PlainTextResponse

from hunter.edge.serving import Lifecycle, build_server


@pytest.mark.parametrize("protocol", [0, socket.IPPROTO_TCP])
async def test_answers_go_out_at_once_however_the_socket_was_opened(protocol: int) -> None:
    """With Nagle's algorithm each answer of a head and a body takes 40 ms, the client's delayed acknowledgement."""
    opened = socket.socket(socket.AF_INET, socket.SOCK_STREAM, protocol)
    opened.bind(("127.0.0.1", 0))
    opened.listen(8)
    opened.setblocking(False)
    lifecycle = Lifecycle()
    server = build_server(PlainTextResponse("yes"), lifecycle, host="127.0.0.1", port=0)
    server.config.lifespan = "off"
    serving = asyncio.create_task(server.serve(sockets=[opened]))
    await server.has_started.wait()

    _, writer = await asyncio.open_connection(*opened.getsockname())
    writer.write(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")
    while not server.server_state.connections:
        await asyncio.sleep(0)
    (connection,) = server.server_state.connections
    accepted = connection.transport.get_extra_info("socket")
    assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
    assert gc.get_freeze_count()

    writer.close()
    server.should_exit = True
    await serving
    assert not gc.get_freeze_count()
