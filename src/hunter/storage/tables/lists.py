"""The lists that companies came with; kept for ever, but for the companies that are erased."""

from typing import Final

from sqlalchemy import BigInteger, Column, ForeignKey, String, Table

from hunter.storage.orm import company_domain, id_column, integer_column, metadata, timestamptz_column

#: A list brought again under its name is the same list.
lists: Final = Table(
    "lists",
    metadata,
    id_column(),
    Column("name", String(255), nullable=False, unique=True),
    #: How many rows it had when it was last read to its end.
    integer_column("row_count"),
    timestamptz_column("created_at", is_now=True),
    timestamptz_column("imported_at", is_now=True),
)

company_lists: Final = Table(
    "company_lists",
    metadata,
    Column("list_id", BigInteger, ForeignKey("lists.id", ondelete="CASCADE"), primary_key=True),
    company_domain(index=True, primary_key=True),
    #: As Excel counts them; null where a list has no rows of its own.
    integer_column("row_number"),
    timestamptz_column("added_at", is_now=True),
)
