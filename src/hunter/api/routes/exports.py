"""Export: all leads that match, as a CSV or a workbook, streamed."""

import asyncio
from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from functools import partial
from typing import Annotated, Final

from fastapi import Query, Request
from fastapi.responses import StreamingResponse
from starlette.types import Message, Send

from hunter.api.endpoint import Endpoint
from hunter.api.schemas.filters import ExportParameters
from hunter.api.table_stream import TableWriter, begun, stream_table
from hunter.documents.tables import csv_chunks
from hunter.documents.workbook import xlsx_chunks
from hunter.edge.dependencies import CatalogueContext, LeadContext
from hunter.edge.guards import RouteGuard
from hunter.edge.session_cookie import session_user
from hunter.observability.logs import logger_of
from hunter.services.export_leads import export_rows, file_name

CSV: Final = "text/csv"
WORKBOOK: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_SHEET: Final = "Leads"
#: How long a chunk of a download may wait for its reader.
PATIENCE_SECONDS: Final = 30.0


async def export_leads(
    wanted: Annotated[ExportParameters, Query()], request: Request, reading: LeadContext, catalogues: CatalogueContext
) -> StreamingResponse:
    """Download all matching leads in the default order; the header row is always present."""
    now = reading.clock()
    query = wanted.to_export(now, user=session_user(request) if wanted.favorite else None)
    catalogue = catalogues.by_language["tr"] if wanted.lang == "tr" else None
    # The first row before the answer begins: a query that fails must be an error, not half a file.
    rows = await begun(export_rows(reading, query, catalogue))
    name = file_name(query, now.date(), wanted.format)
    return Download(
        stream_table(rows, _writer(wanted)),
        media_type=f"{CSV}; charset=utf-8" if wanted.format == "csv" else WORKBOOK,
        headers={"Content-Disposition": f'attachment; filename="{name}"', "X-Content-Type-Options": "nosniff"},
    )


class Download(StreamingResponse):
    """A file on its way; whoever takes nothing of it for a while is cut off, because it holds a connection."""

    def __init__(self, chunks: AsyncGenerator[bytes, None], *, media_type: str, headers: Mapping[str, str]) -> None:
        super().__init__(chunks, media_type=media_type, headers=headers)
        self._chunks = chunks

    async def stream_response(self, send: Send) -> None:
        """Send the file; a reader that stands still is told from one that is slow by a chunk that finds no room."""

        async def send_in_time(message: Message) -> None:
            async with asyncio.timeout(PATIENCE_SECONDS):
                await send(message)

        async with aclosing(self._chunks):
            try:
                await super().stream_response(send_in_time)
            except TimeoutError:
                # The server ends the connection of an answer that is not whole.
                logger_of("exports").warning("download_abandoned")


def _writer(wanted: ExportParameters) -> TableWriter:
    if wanted.format == "xlsx":
        return partial(xlsx_chunks, sheet=_SHEET)
    return partial(csv_chunks, separator=";" if wanted.lang == "tr" else ",")


ENDPOINTS: Final = (
    Endpoint(
        method="GET",
        path="/leads/export",
        handler=export_leads,
        guard=RouteGuard.INTERNAL,
        tag="leads",
        summary="Export leads",
        media_types=(CSV, WORKBOOK),
        headers={"Content-Disposition": "File name: `leads-<filters>-YYYY-MM-DD.<format>`"},
        refusals=(503,),
    ),
)
