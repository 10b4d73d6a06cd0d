"""Background jobs and their items; PostgreSQL is the source of truth for both."""

from typing import Final

from sqlalchemy import BigInteger, CheckConstraint, Column, Identity, Index, Integer, Table, text
from sqlalchemy.dialects.postgresql import JSON, JSONB, UUID

from hunter.storage.orm import domain_column, long_text, metadata, moment, number, words

jobs: Final = Table(
    "jobs",
    metadata,
    Column("id", UUID(as_uuid=True), primary_key=True, server_default=text("gen_random_uuid()")),
    words("kind", 50, nullable=False, index=True),
    Column("state", words("x", 20).type, nullable=False, index=True, server_default=text("'pending'")),
    number("total", nullable=False, default=0),
    number("succeeded", nullable=False, default=0),
    number("failed", nullable=False, default=0),
    Column("parameters", JSONB),
    long_text("message"),
    moment("heartbeat_at", nullable=True, index=True),
    moment("created_at", index=True, is_now=True),
    moment("started_at", nullable=True),
    moment("finished_at", nullable=True, index=True),
    moment("updated_at", is_now=True),
    CheckConstraint(
        "state in ('pending', 'running', 'paused', 'completed', 'failed', 'cancelled')",
        name="state",
    ),
)

#: Partitioned by the month in which an item was made; old months are dropped whole.
job_items: Final = Table(
    "job_items",
    metadata,
    Column("id", BigInteger, Identity(always=False), primary_key=True),
    Column("created_at", moment("x").type, primary_key=True, server_default=text("now()")),
    Column("job_id", UUID(as_uuid=True), nullable=False),
    domain_column(index=True),
    Column("state", words("x", 20).type, nullable=False, server_default=text("'pending'")),
    Column("attempts", Integer, nullable=False, server_default=text("0")),
    moment("lease_until", nullable=True),
    Column("fence", BigInteger, nullable=False, server_default=text("0")),
    words("error_code", 50),
    long_text("error"),
    Column("result", JSON),
    moment("finished_at", nullable=True),
    Index(None, "job_id", "state"),
    postgresql_partition_by="RANGE (created_at)",
)
