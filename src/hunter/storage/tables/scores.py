"""What was judged: the current score of a domain, and the changes of provider, signals and score."""

from typing import Final

from sqlalchemy import BigInteger, CheckConstraint, Column, Index, Table, Text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from hunter.storage.orm import company_domain, id_column, long_text, metadata, moment, number, words

lead_scores: Final = Table(
    "lead_scores",
    metadata,
    id_column(),
    company_domain(unique=True),
    number("readiness_score", nullable=False, index=True),
    words("segment", 50, nullable=False, index=True),
    long_text("reason"),
    words("technical_heat", 20, index=True),
    words("commercial_segment", 50, index=True),
    words("commercial_heat", 20, index=True),
    words("priority_category", 10, index=True),
    words("priority_label", 100),
    number("priority_score", index=True),
    words("rulebook_version", 20),
    Column("signals_unknown", ARRAY(Text)),
    words("reason_code", 50),
    Column("reason_params", JSONB),
    #: What the business may bring in a year, whole euros, by the prices in force when it was judged.
    number("annual_low_eur"),
    number("annual_high_eur"),
    moment("updated_at", index=True),
    CheckConstraint("readiness_score between 0 and 100", name="readiness_score"),
    CheckConstraint("segment in ('Migration', 'Existing', 'Cold', 'Skip')", name="segment"),
    CheckConstraint("priority_score between 1 and 7", name="priority_score"),
)

provider_change_history: Final = Table(
    "provider_change_history",
    metadata,
    id_column(),
    company_domain(),
    words("previous_provider", 50),
    words("new_provider", 50, nullable=False),
    moment("changed_at", index=True),
    Column("scan_id", BigInteger),
    Index(None, "domain", "changed_at"),
)

signal_change_history: Final = Table(
    "signal_change_history",
    metadata,
    id_column(),
    company_domain(),
    words("signal_type", 50, nullable=False, index=True),
    long_text("old_value"),
    long_text("new_value"),
    moment("changed_at", index=True),
    Index(None, "domain", "changed_at"),
)

score_change_history: Final = Table(
    "score_change_history",
    metadata,
    id_column(),
    company_domain(),
    number("old_score"),
    number("new_score"),
    words("old_segment", 50),
    words("new_segment", 50),
    moment("changed_at", index=True),
    Index(None, "domain", "changed_at"),
)
