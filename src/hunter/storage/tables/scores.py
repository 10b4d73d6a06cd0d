"""What was judged: the current score of a domain, and the changes of provider, signals and score."""

from typing import Final

from sqlalchemy import BigInteger, CheckConstraint, Column, Index, Table, Text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from hunter.storage.orm import (
    company_domain,
    id_column,
    integer_column,
    metadata,
    text_column,
    timestamptz_column,
    varchar_column,
)

lead_scores: Final = Table(
    "lead_scores",
    metadata,
    id_column(),
    company_domain(unique=True),
    integer_column("readiness_score", nullable=False, index=True),
    varchar_column("segment", 50, nullable=False, index=True),
    text_column("reason"),
    varchar_column("technical_heat", 20, index=True),
    varchar_column("commercial_segment", 50, index=True),
    varchar_column("commercial_heat", 20, index=True),
    varchar_column("priority_category", 10, index=True),
    varchar_column("priority_label", 100),
    integer_column("priority_score", index=True),
    varchar_column("rulebook_version", 20),
    Column("signals_unknown", ARRAY(Text)),
    varchar_column("reason_code", 50),
    Column("reason_params", JSONB),
    #: What the business may bring in a year, whole euros, by the prices in force when it was judged.
    integer_column("annual_low_eur"),
    integer_column("annual_high_eur"),
    timestamptz_column("updated_at", index=True),
    CheckConstraint("readiness_score between 0 and 100", name="readiness_score"),
    CheckConstraint("segment in ('Migration', 'Existing', 'Cold', 'Skip')", name="segment"),
    CheckConstraint("priority_score between 1 and 7", name="priority_score"),
)

provider_change_history: Final = Table(
    "provider_change_history",
    metadata,
    id_column(),
    company_domain(),
    varchar_column("previous_provider", 50),
    varchar_column("new_provider", 50, nullable=False),
    timestamptz_column("changed_at", index=True),
    Column("scan_id", BigInteger),
    Index(None, "domain", "changed_at"),
)

signal_change_history: Final = Table(
    "signal_change_history",
    metadata,
    id_column(),
    company_domain(),
    varchar_column("signal_type", 50, nullable=False, index=True),
    text_column("old_value"),
    text_column("new_value"),
    timestamptz_column("changed_at", index=True),
    Index(None, "domain", "changed_at"),
)

score_change_history: Final = Table(
    "score_change_history",
    metadata,
    id_column(),
    company_domain(),
    integer_column("old_score"),
    integer_column("new_score"),
    varchar_column("old_segment", 50),
    varchar_column("new_segment", 50),
    timestamptz_column("changed_at", index=True),
    Index(None, "domain", "changed_at"),
)
