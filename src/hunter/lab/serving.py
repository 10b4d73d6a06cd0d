"""Serving a world in the foreground: what the command `hunter lab` does once its options are read."""

from collections.abc import Callable

from hunter.lab.dns.faults import NO_FAULTS, Faults
from hunter.lab.dns.name_server import NameServer
from hunter.lab.world_sources.choosing import WorldSource, build_world


def serve(
    world_source: WorldSource,
    faults: Faults = NO_FAULTS,
    *,
    say: Callable[[str], object],
    host: str = "127.0.0.1",
    port: int = 5300,
) -> None:
    """Serve until Ctrl-C; `say` is told the address at the start and what was done at the end, a line each.

    Raises `WorldFileError`, `InvalidRecord`, `InvalidInput` or `AddressUnavailable` before anything is served.
    """
    server = NameServer(build_world(world_source), faults, host=host, port=port)
    address = f"[{host}]:{server.port}" if ":" in host else f"{host}:{server.port}"
    say(f"listening on {address}")
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        done = server.statistics()
        say(f"{done.questions} questions ({done.tcp} by TCP), {done.answers} answered, {done.dropped} dropped")
