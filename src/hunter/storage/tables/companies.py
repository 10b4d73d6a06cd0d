"""Companies, what was handed in about them, and what people once wrote beside them."""

from typing import Final

from sqlalchemy import CHAR, CheckConstraint, Column, Index, LargeBinary, String, Table, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB

from hunter.storage.orm import (
    boolean_column,
    company_domain,
    domain_column,
    id_column,
    integer_column,
    metadata,
    text_column,
    timestamptz_column,
    varchar_column,
)

companies: Final = Table(
    "companies",
    metadata,
    id_column(),
    varchar_column("canonical_name", 255, nullable=False),
    #: Rank of where the name comes from: 0 the domain itself, 1 a list, 2 a webhook, 3 a CRM, 4 a person.
    integer_column("name_rank", nullable=False, default=0),
    domain_column(unique=True),
    varchar_column("provider", 50, index=True),
    varchar_column("tenant_size", 50, index=True),
    integer_column("seat_count"),
    varchar_column("size_source", 20),
    timestamptz_column("size_confirmed_at", nullable=True),
    Column("country", CHAR(2)),
    #: Where the country is from: `referral`, `list`, `registration`, `suffix`, the best first.
    varchar_column("country_source", 20),
    varchar_column("city", 100),
    #: The door by which it came first: `domain`, `list`, `webhook`, `scan`, `partner_center`.
    Column("origin", String(20), nullable=False, server_default=text("'domain'")),
    #: Exclusion marks: a company with one is in no list, count, export, alert or push that does not ask for it.
    boolean_column("is_own_customer"),
    boolean_column("is_do_not_contact"),
    boolean_column("is_demo"),
    Column("contact_emails", JSONB),
    integer_column("contact_quality_score", index=True),
    varchar_column("linkedin_pattern", 255),
    varchar_column("d365_lead_id", 255, index=True),
    Column("d365_sync_status", String(50), server_default=text("'pending'"), index=True),
    timestamptz_column("d365_sync_last_at", nullable=True),
    text_column("d365_sync_error"),
    integer_column("d365_sync_attempt_count", index=True, default=0),
    timestamptz_column("created_at", is_now=True),
    timestamptz_column("updated_at", index=True, is_now=True),
    CheckConstraint("contact_quality_score between 0 and 100", name="contact_quality_score"),
    CheckConstraint("seat_count between 1 and 1000000", name="seat_count"),
    CheckConstraint("tenant_size in ('small', 'medium', 'large')", name="tenant_size"),
    CheckConstraint("country_source in ('referral', 'list', 'registration', 'suffix')", name="country_source"),
    CheckConstraint("origin in ('domain', 'list', 'webhook', 'scan', 'partner_center')", name="origin"),
)

#: A size that was found beside the one in force: what is left when a confirmed one is withdrawn.
company_sizes: Final = Table(
    "company_sizes",
    metadata,
    id_column(),
    company_domain(),
    varchar_column("size_source", 20, nullable=False),
    varchar_column("tenant_size", 50),
    integer_column("seat_count"),
    timestamptz_column("updated_at", is_now=True),
    UniqueConstraint("domain", "size_source"),
    CheckConstraint("size_source in ('confirmed', 'referral', 'import', 'mx_pattern')", name="size_source"),
)

#: Names that nobody may bring again, as keyed hashes, which say nothing without the key of the installation. It hangs
#: on no company: it outlives the erasure of the one that asked to be left in peace. One hash is that of no name.
do_not_contact: Final = Table(
    "do_not_contact",
    metadata,
    Column("name_hash", LargeBinary, primary_key=True),
    timestamptz_column("created_at", is_now=True),
)

raw_leads: Final = Table(
    "raw_leads",
    metadata,
    id_column(),
    varchar_column("source", 50, nullable=False, index=True),
    varchar_column("company_name", 255),
    varchar_column("email", 255),
    varchar_column("website", 255),
    domain_column(index=True),
    Column("payload", JSONB),
    timestamptz_column("ingested_at", index=True, is_now=True),
)

notes: Final = Table(
    "notes",
    metadata,
    id_column(),
    company_domain(index=True),
    text_column("note", nullable=False),
    timestamptz_column("created_at", index=True, is_now=True),
    timestamptz_column("updated_at", is_now=True),
)

tags: Final = Table(
    "tags",
    metadata,
    id_column(),
    company_domain(),
    varchar_column("tag", 100, nullable=False),
    timestamptz_column("created_at", is_now=True),
    UniqueConstraint("domain", "tag"),
    Index(None, "tag"),
)

favorites: Final = Table(
    "favorites",
    metadata,
    id_column(),
    company_domain(index=True),
    varchar_column("user_id", 255, nullable=False, index=True),
    timestamptz_column("created_at", is_now=True),
    UniqueConstraint("domain", "user_id"),
)
