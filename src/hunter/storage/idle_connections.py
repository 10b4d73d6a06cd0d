"""Connections that lay idle are looked at before they are handed out, and asked where the look leaves a doubt.

A server that ends a connection says so on it or closes it: something can be read where nothing is awaited. One that was
in use a moment ago and is silent needs no journey to the server; a network may have forgotten one that lay idle longer.
"""

import select
import sys
from functools import partial
from time import monotonic
from typing import Any, Final

import psycopg
from sqlalchemy import event
from sqlalchemy.engine import Dialect
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlalchemy.pool import ConnectionPoolEntry

#: How long a connection that says nothing is taken to be alive.
_TRUSTED_SECONDS: Final = 5.0
_RETURNED_AT: Final = "hunter.returned_at"


def watch_idle_connections(engine: AsyncEngine) -> None:
    """Have the pool of an engine hand out no connection that died while it lay there: it is made anew instead.

    Source: docs.sqlalchemy.org, "Custom / Legacy Pessimistic Ping", and the events of a pool.
    """
    event.listen(engine.sync_engine, "checkin", _note)
    event.listen(engine.sync_engine, "checkout", partial(_look, engine.sync_engine.dialect))


def _note(_: DBAPIConnection | None, entry: ConnectionPoolEntry) -> None:
    entry.info[_RETURNED_AT] = monotonic()


def _look(dialect: Dialect, connection: DBAPIConnection, entry: ConnectionPoolEntry, _: Any) -> None:
    """Ask the server where it may be gone; raises DisconnectionError where it is, upon which the pool connects anew."""
    returned_at = entry.info.get(_RETURNED_AT)
    if returned_at is None:
        # Made a moment ago.
        return
    driver = entry.driver_connection
    if isinstance(driver, psycopg.AsyncConnection) and not driver.closed:
        is_trusted = monotonic() - returned_at < _TRUSTED_SECONDS
        if is_trusted and not _has_something_to_read(driver.fileno()):
            return
    try:
        dialect.do_ping(connection)
    except psycopg.Error as error:
        raise DisconnectionError("the connection died while it lay idle") from error


def _has_something_to_read(descriptor: int) -> bool:
    if sys.platform == "win32":
        return bool(select.select([descriptor], [], [], 0)[0])
    # Other than select, it takes descriptors of any number.
    watch = select.poll()
    watch.register(descriptor, select.POLLIN)
    return bool(watch.poll(0))
