"""UnitOfWork: one transaction with all repositories; a clean exit commits, an exception rolls back.

In: an engine, and what the repositories must know of the settings. Out: repositories as attributes. On a read-only
engine everything that is read stems from one moment.
"""

import asyncio
from collections.abc import AsyncIterator, Collection
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta
from types import TracebackType
from typing import Final, Self

import psycopg
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from hunter.core.company_marks import ExclusionMark
from hunter.storage.access import AccessKeys
from hunter.storage.addresses import Addresses
from hunter.storage.companies import Companies
from hunter.storage.do_not_contact import NameKey, RefusedNames, no_name_key
from hunter.storage.engine import DatabaseUnavailable, translated_errors
from hunter.storage.history import History
from hunter.storage.leads import Leads
from hunter.storage.lists import Lists
from hunter.storage.raw_leads import RawLeads
from hunter.storage.scan_order import ScanOrder
from hunter.storage.webhook_retries import WebhookRetries

#: How long a statement that is given up may take to end.
_CALLING_BACK_SECONDS: Final = 1.0


class UnitOfWork:
    """One transaction; errors of the database come out as Hunter's own."""

    connection: AsyncConnection
    companies: Companies
    leads: Leads
    lists: Lists
    history: History
    access: AccessKeys
    addresses: Addresses
    raw_leads: RawLeads
    scan_order: ScanOrder
    webhook_retries: WebhookRetries

    def __init__(
        self,
        engine: AsyncEngine,
        *,
        keep_evidence: int = 2,
        name_key: NameKey = no_name_key,
        hidden_marks: Collection[str] = tuple(ExclusionMark),
        within: timedelta | None = None,
    ) -> None:
        """`within` is for a server that hangs, and so does not keep to its own limits: no unit takes longer.

        `name_key` is asked for only where names must not be contacted. Lists leave out companies with `hidden_marks`
        unless a query asks for them.
        """
        self._engine = engine
        self._keep_evidence = keep_evidence
        self._name_key = name_key
        self._hidden_marks = hidden_marks
        self._within = within

    async def __aenter__(self) -> Self:
        async with AsyncExitStack() as opening:
            await opening.enter_async_context(_in_time(self._within))
            with translated_errors():
                self.connection = await self._engine.connect()
            opening.push_async_exit(self._ended)
            self._leaving = opening.pop_all()
        connection = self.connection
        self.companies = Companies(connection, RefusedNames(connection, self._name_key))
        self.leads = Leads(connection, keep_evidence=self._keep_evidence, hidden_marks=self._hidden_marks)
        self.lists = Lists(connection)
        self.history = History(connection)
        self.access = AccessKeys(connection)
        self.addresses = Addresses(connection)
        self.raw_leads = RawLeads(connection)
        self.scan_order = ScanOrder(connection)
        self.webhook_retries = WebhookRetries(connection)
        return self

    @asynccontextmanager
    async def savepoint(self) -> AsyncIterator[None]:
        """Take back what is written in the block, and nothing else, where it raises."""
        with translated_errors():
            async with self.connection.begin_nested():
                yield

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._leaving.__aexit__(kind, error, trace)

    async def _ended(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with translated_errors():
            try:
                if error is None:
                    await self.connection.commit()
                elif isinstance(error, asyncio.CancelledError):
                    # Nobody knows what the server makes of it, so that nothing more is said on this connection.
                    await self.connection.invalidate()
            finally:
                # Closing rolls back what was not committed.
                await self.connection.close()
            if isinstance(error, SQLAlchemyError | psycopg.Error):
                raise error


@asynccontextmanager
async def _in_time(within: timedelta | None) -> AsyncIterator[None]:
    """Give up what takes longer; the driver may then try for a second to call its statement back."""
    if within is None:
        yield
        return
    limit = asyncio.timeout(within.total_seconds())
    # Interrupted once more, the driver closes the connection; by itself it would try for ten seconds.
    last = asyncio.timeout(within.total_seconds() + _CALLING_BACK_SECONDS)
    try:
        async with last, limit:
            yield
    except TimeoutError as error:
        if not limit.expired():
            raise
        raise DatabaseUnavailable("the database did not answer in time") from error
