"""API keys, what came in through them and has to be tried again, and answers kept for repeats; saved views."""

from typing import Final

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, Integer, String, Table, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSON, JSONB

from hunter.storage.orm import (
    domain_column,
    id_column,
    integer_column,
    metadata,
    text_column,
    timestamptz_column,
    varchar_column,
)

api_keys: Final = Table(
    "api_keys",
    metadata,
    id_column(),
    Column("key_hash", String(255), nullable=False, unique=True),
    varchar_column("key_prefix", 16, nullable=False, index=True),
    varchar_column("name", 255, nullable=False),
    integer_column("rate_limit_per_minute", nullable=False, default=60),
    Column("is_active", Boolean, nullable=False, index=True, server_default=text("true")),
    timestamptz_column("created_at", is_now=True),
    timestamptz_column("last_used_at", nullable=True, index=True),
    varchar_column("created_by", 255),
)

webhook_retries: Final = Table(
    "webhook_retries",
    metadata,
    id_column(),
    Column("api_key_id", BigInteger, ForeignKey("api_keys.id", ondelete="SET NULL"), index=True),
    Column("payload", JSONB, nullable=False),
    domain_column(index=True, nullable=True),
    integer_column("retry_count", nullable=False, default=0),
    integer_column("max_retries", nullable=False, default=3),
    timestamptz_column("next_retry_at", nullable=True, index=True),
    Column("status", String(50), nullable=False, index=True, server_default=text("'pending'")),
    text_column("error_message"),
    timestamptz_column("created_at", is_now=True),
    timestamptz_column("last_retry_at", nullable=True),
)

idempotency_keys: Final = Table(
    "idempotency_keys",
    metadata,
    Column("api_key_id", BigInteger, ForeignKey("api_keys.id", ondelete="CASCADE"), primary_key=True),
    Column("idempotency_key", String(255), primary_key=True),
    #: SHA-256 of the body: the same key with another body is a conflict.
    varchar_column("body_hash", 64, nullable=False),
    domain_column(index=True, nullable=True),
    Column("status_code", Integer, nullable=False),
    Column("answer", JSON, nullable=False),
    timestamptz_column("created_at", index=True, is_now=True),
)

saved_views: Final = Table(
    "saved_views",
    metadata,
    id_column(),
    varchar_column("owner", 255),
    varchar_column("name", 255, nullable=False),
    Column("query", JSONB, nullable=False),
    Column("columns", JSONB),
    varchar_column("density", 20),
    timestamptz_column("created_at", is_now=True),
    timestamptz_column("updated_at", is_now=True),
    UniqueConstraint("owner", "name", postgresql_nulls_not_distinct=True),
)
