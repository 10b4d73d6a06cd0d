"""Background jobs and their items; PostgreSQL is the source of truth for both."""

from typing import Final

from sqlalchemy import BigInteger, CheckConstraint, Column, DateTime, Identity, Index, Integer, String, Table, text
from sqlalchemy.dialects.postgresql import JSON, JSONB, UUID

from hunter.storage.orm import domain_column, integer_column, metadata, text_column, timestamptz_column, varchar_column

jobs: Final = Table(
    "jobs",
    metadata,
    Column("id", UUID(as_uuid=True), primary_key=True, server_default=text("gen_random_uuid()")),
    varchar_column("kind", 50, nullable=False, index=True),
    Column("state", String(20), nullable=False, index=True, server_default=text("'pending'")),
    integer_column("total", nullable=False, default=0),
    integer_column("succeeded", nullable=False, default=0),
    integer_column("failed", nullable=False, default=0),
    Column("parameters", JSONB),
    text_column("message"),
    timestamptz_column("heartbeat_at", nullable=True, index=True),
    timestamptz_column("created_at", index=True, is_now=True),
    timestamptz_column("started_at", nullable=True),
    timestamptz_column("finished_at", nullable=True, index=True),
    timestamptz_column("updated_at", is_now=True),
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
    Column("created_at", DateTime(timezone=True), primary_key=True, server_default=text("now()")),
    Column("job_id", UUID(as_uuid=True), nullable=False),
    domain_column(index=True),
    Column("state", String(20), nullable=False, server_default=text("'pending'")),
    Column("attempts", Integer, nullable=False, server_default=text("0")),
    timestamptz_column("lease_until", nullable=True),
    Column("fence", BigInteger, nullable=False, server_default=text("0")),
    varchar_column("error_code", 50),
    text_column("error"),
    Column("result", JSON),
    timestamptz_column("finished_at", nullable=True),
    Index(None, "job_id", "state"),
    postgresql_partition_by="RANGE (created_at)",
)
