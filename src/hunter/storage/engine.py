"""The engine: connections to PostgreSQL, and the one place where its errors become ours.

In: a URL and limits. Out: an async engine whose connections plan for the values at hand and never compile queries.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Final

import psycopg
from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from hunter.core.errors import Conflict, HunterError, InvalidInput, Unavailable
from hunter.storage.idle_connections import watch_idle_connections

_CONNECT_SECONDS: Final = 5
#: How long one waits for a connection to come free, and after which time a connection is made anew (specification 11).
_POOL_SECONDS: Final = 30
_RECYCLE_SECONDS: Final = 3600


class DatabaseUnavailable(Unavailable):
    """PostgreSQL cannot be reached, is shutting down, or broke the connection."""

    code = "database_unavailable"


class ReadTimedOut(Unavailable):
    """A query ran into its time limit."""

    code = "read_timeout"


class StorageFull(Unavailable):
    """PostgreSQL has no room left; nothing of the transaction was kept."""

    code = "storage_full"


class WriteContended(Unavailable):
    """A deadlock, a lock that took too long or a serialisation failure: the same transaction may be tried again."""

    code = "write_contended"


def psycopg_url(url: str) -> URL:
    """Return a PostgreSQL URL with the driver that is used everywhere; raises `InvalidInput` for any other kind."""
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):
        # Its words would repeat the password.
        raise InvalidInput(
            "the database URL cannot be read: HUNTER_DATABASE_URL is written postgresql://USER:PASSWORD@HOST:PORT/NAME"
        ) from None
    if parsed.get_backend_name() not in ("postgresql", "postgres"):
        raise InvalidInput("the database URL must begin with postgresql://")
    return parsed.set(drivername="postgresql+psycopg")


def open_engine(
    url: str,
    *,
    pool_size: int = 5,
    most_beyond: int = 0,
    statement_timeout: timedelta | None = None,
    read_only: bool = False,
    application_name: str = "hunter",
) -> AsyncEngine:
    """Open an engine; nothing is connected before the first use.

    `most_beyond` connections more than `pool_size` are opened under load and closed again.

    A read-only engine sees one moment in each unit of work, so that counts agree with the rows beside them.
    """
    # Compiling a query (JIT) costs more than the queries here take.
    options = ["-c jit=off", "-c timezone=UTC"]
    if statement_timeout is not None:
        options.append(f"-c statement_timeout={int(statement_timeout.total_seconds() * 1000)}")
    if read_only:
        # Starting helpers for a page takes longer than the page, and they take the processors of other readers.
        options += ["-c default_transaction_read_only=on", "-c max_parallel_workers_per_gather=0"]
    else:
        # A plan made for batches of any size misses the way that the batch at hand has.
        options.append("-c plan_cache_mode=force_custom_plan")
    engine = create_async_engine(
        psycopg_url(url),
        pool_size=pool_size,
        max_overflow=most_beyond,
        pool_timeout=_POOL_SECONDS,
        pool_recycle=_RECYCLE_SECONDS,
        isolation_level="REPEATABLE READ" if read_only else "READ COMMITTED",
        connect_args={
            "options": " ".join(options),
            "connect_timeout": _CONNECT_SECONDS,
            "application_name": application_name,
        },
    )
    watch_idle_connections(engine)
    return engine


@contextmanager
def translated_errors() -> Iterator[None]:
    """Turn the errors of driver and toolkit into ours, from their cause."""
    try:
        yield
    except DBAPIError as error:
        raise _translated(error.orig, is_lost=error.connection_invalidated) from error
    except psycopg.Error as error:
        raise _translated(error, is_lost=False) from error
    except PoolTimeout as error:
        raise DatabaseUnavailable("no connection came free in time") from error


def _translated(error: object, *, is_lost: bool) -> HunterError:
    match error:
        case psycopg.errors.QueryCanceled():
            return ReadTimedOut("a query ran into its time limit")
        case psycopg.errors.DiskFull() | psycopg.errors.OutOfMemory():
            return StorageFull("the database has no room left")
        case (
            psycopg.errors.DeadlockDetected()
            | psycopg.errors.LockNotAvailable()
            | psycopg.errors.SerializationFailure()
        ):
            return WriteContended("the rows are being written by others")
        case psycopg.IntegrityError():
            return Conflict(f"contradicts what is stored: {_constraint(error)}")
        case psycopg.DataError():
            return InvalidInput("a value cannot be stored")
        case psycopg.OperationalError() | psycopg.InterfaceError():
            return DatabaseUnavailable("the database cannot be reached")
        case _ if is_lost:
            return DatabaseUnavailable("the connection to the database was lost")
        case _:
            # A mistake of ours in a statement: no neighbour's failure, so it is not dressed up as one.
            return HunterError(f"the database refused a statement: {type(error).__name__}")


def _constraint(error: psycopg.IntegrityError) -> str:
    return error.diag.constraint_name or type(error).__name__
