"""API keys, what came in through them and has to be tried again, and answers kept for repeats; saved views."""

from typing import Final

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, Integer, Table, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSON, JSONB

from hunter.storage.orm import domain_column, id_column, long_text, metadata, moment, number, words

api_keys: Final = Table(
    "api_keys",
    metadata,
    id_column(),
    Column("key_hash", words("x", 255).type, nullable=False, unique=True),
    words("key_prefix", 16, nullable=False, index=True),
    words("name", 255, nullable=False),
    number("rate_limit_per_minute", nullable=False, default=60),
    Column("is_active", Boolean, nullable=False, index=True, server_default=text("true")),
    moment("created_at", is_now=True),
    moment("last_used_at", nullable=True, index=True),
    words("created_by", 255),
)

webhook_retries: Final = Table(
    "webhook_retries",
    metadata,
    id_column(),
    Column("api_key_id", BigInteger, ForeignKey("api_keys.id", ondelete="SET NULL"), index=True),
    Column("payload", JSONB, nullable=False),
    domain_column(index=True, nullable=True),
    number("retry_count", nullable=False, default=0),
    number("max_retries", nullable=False, default=3),
    moment("next_retry_at", nullable=True, index=True),
    Column("status", words("x", 50).type, nullable=False, index=True, server_default=text("'pending'")),
    long_text("error_message"),
    moment("created_at", is_now=True),
    moment("last_retry_at", nullable=True),
)

idempotency_keys: Final = Table(
    "idempotency_keys",
    metadata,
    Column("api_key_id", BigInteger, ForeignKey("api_keys.id", ondelete="CASCADE"), primary_key=True),
    Column("idempotency_key", words("x", 255).type, primary_key=True),
    #: SHA-256 of the body: the same key with another body is a conflict.
    words("body_hash", 64, nullable=False),
    domain_column(index=True, nullable=True),
    Column("status_code", Integer, nullable=False),
    Column("answer", JSON, nullable=False),
    moment("created_at", index=True, is_now=True),
)

saved_views: Final = Table(
    "saved_views",
    metadata,
    id_column(),
    words("owner", 255),
    words("name", 255, nullable=False),
    Column("query", JSONB, nullable=False),
    Column("columns", JSONB),
    words("density", 20),
    moment("created_at", is_now=True),
    moment("updated_at", is_now=True),
    UniqueConstraint("owner", "name", postgresql_nulls_not_distinct=True),
)
