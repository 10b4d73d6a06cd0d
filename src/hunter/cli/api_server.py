"""The API as commands serve it: its socket, its address, and serving until the process is told to end.

In: settings and running servers. Out: answers on a socket that was opened before anything else was started.
"""

import asyncio
import errno
import socket
import sys
from collections.abc import Callable
from contextlib import suppress
from importlib import import_module
from importlib.util import find_spec
from typing import Final

from hunter.asgi import create_app
from hunter.cli.process_logs import begin_logs
from hunter.cli.screen.views import print_lines
from hunter.core.errors import Unavailable
from hunter.edge.access import DEFAULT_NETWORKS
from hunter.edge.options import EdgeOptions
from hunter.edge.serving import Lifecycle, build_server
from hunter.observability.logs import logger_of
from hunter.observability.tracking import start_tracking
from hunter.services.secret_files import ADMIN_TOKEN_FILE, derived_key, read_or_make_secret
from hunter.settings.fields import Settings
from hunter.wiring.application import VERSION, Servers, open_application
from hunter.wiring.process import data_folder, secret_key_of, settings_in_effect
from hunter.wiring.survey import load_rules

_WAITING: Final = 512
#: By the address that stands for all addresses, the one of this machine: a name that the server answers for.
_OWN_ADDRESSES: Final = {"0.0.0.0": "127.0.0.1", "::": "::1"}
#: The faster loop where this system has one; nothing needs it.
_NEW_LOOP: Final = getattr(import_module("uvloop"), "new_event_loop", None) if find_spec("uvloop") else None


def listening(settings: Settings) -> socket.socket:
    """Open the socket before anything is started; raises `Unavailable` where the address is taken or not ours."""
    host = settings.api_host
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    opened = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        opened.bind((host, settings.api_port))
        opened.listen(_WAITING)
    except OSError as error:
        opened.close()
        reason, way_out = error.strerror or error, "choose another HUNTER_API_PORT"
        if isinstance(error, socket.gaierror) or error.errno == errno.EADDRNOTAVAIL:
            way_out = "HUNTER_API_HOST must be an address of this machine"
        raise Unavailable(f"{host}, port {settings.api_port}: {reason}; {way_out}") from error
    opened.setblocking(False)
    return opened


def address_of(settings: Settings, opened: socket.socket) -> str:
    """Return what people open in a browser on this machine."""
    own = _OWN_ADDRESSES.get(settings.api_host, settings.api_host)
    host = f"[{own}]" if ":" in own else own
    return f"http://{host}:{opened.getsockname()[1]}"


def serve_until_told(settings: Settings, servers: Servers, opened: socket.socket, *, tell: Callable[[], None]) -> None:
    """Serve the API on an open socket until Ctrl-C or SIGTERM; requests under way are finished.

    `tell` is called when everything is open and requests are answered from then on.
    """
    # The server finishes what it has begun and then hands the signal on; that was the wish, and is no failure.
    with suppress(KeyboardInterrupt, SystemExit), asyncio.Runner(loop_factory=_NEW_LOOP) as runner:
        runner.run(_serve(settings, servers, opened, tell))


async def _serve(settings: Settings, servers: Servers, opened: socket.socket, tell: Callable[[], None]) -> None:
    masking = begin_logs(settings)
    for name, value in settings_in_effect(settings).items():
        logger_of("settings").info("setting_in_effect", setting=name, value=value)
    start_tracking(settings.sentry_dsn, settings.environment, release=VERSION, masking=masking)
    async with open_application(settings, load_rules(settings, _warn), servers, warn=_warn) as application:
        lifecycle = Lifecycle()
        app = create_app(application, _edge(settings), lifecycle)
        server = build_server(app, lifecycle, host=settings.api_host, port=settings.api_port)
        tell()
        await server.serve(sockets=[opened])


def _edge(settings: Settings) -> EdgeOptions:
    return EdgeOptions(
        admin_token=settings.admin_token or read_or_make_secret(data_folder(settings), ADMIN_TOKEN_FILE),
        secret_key=derived_key(secret_key_of(settings), "cookies"),
        bound_host=settings.api_host,
        public_url=settings.public_url,
        allowed_networks=settings.allowed_networks or DEFAULT_NETWORKS,
        allowed_hosts=settings.allowed_hosts,
        trusted_proxies=settings.trusted_proxies,
        identity_header=settings.identity_header,
        is_production=settings.environment == "production",
    )


def _warn(sentence: str) -> None:
    print_lines(sys.stderr, [sentence])
