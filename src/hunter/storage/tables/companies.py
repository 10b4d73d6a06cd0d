"""Companies, what was handed in about them, and what people once wrote beside them."""

from typing import Final

from sqlalchemy import CHAR, CheckConstraint, Column, Index, LargeBinary, Table, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB

from hunter.storage.orm import (
    company_domain,
    domain_column,
    flag,
    id_column,
    long_text,
    metadata,
    moment,
    number,
    words,
)

companies: Final = Table(
    "companies",
    metadata,
    id_column(),
    words("canonical_name", 255, nullable=False),
    #: Rank of where the name comes from: 0 the domain itself, 1 a list, 2 a webhook, 3 a CRM, 4 a person.
    number("name_rank", nullable=False, default=0),
    domain_column(unique=True),
    words("provider", 50, index=True),
    words("tenant_size", 50, index=True),
    number("seat_count"),
    words("size_source", 20),
    moment("size_confirmed_at", nullable=True),
    Column("country", CHAR(2)),
    #: Where the country is from: `referral`, `list`, `registration`, `suffix`, the best first.
    words("country_source", 20),
    words("city", 100),
    #: The door by which it came first: `domain`, `list`, `webhook`, `scan`, `partner_center`.
    Column("origin", words("x", 20).type, nullable=False, server_default=text("'domain'")),
    #: Exclusion marks: a company with one is in no list, count, export, alert or push that does not ask for it.
    flag("is_own_customer"),
    flag("is_do_not_contact"),
    flag("is_demo"),
    Column("contact_emails", JSONB),
    number("contact_quality_score", index=True),
    words("linkedin_pattern", 255),
    words("d365_lead_id", 255, index=True),
    Column("d365_sync_status", words("x", 50).type, server_default=text("'pending'"), index=True),
    moment("d365_sync_last_at", nullable=True),
    long_text("d365_sync_error"),
    number("d365_sync_attempt_count", index=True, default=0),
    moment("created_at", is_now=True),
    moment("updated_at", index=True, is_now=True),
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
    words("size_source", 20, nullable=False),
    words("tenant_size", 50),
    number("seat_count"),
    moment("updated_at", is_now=True),
    UniqueConstraint("domain", "size_source"),
    CheckConstraint("size_source in ('confirmed', 'referral', 'import', 'mx_pattern')", name="size_source"),
)

#: Names that nobody may bring again, as keyed hashes, which say nothing without the key of the installation. It hangs
#: on no company: it outlives the erasure of the one that asked to be left in peace. One hash is that of no name.
do_not_contact: Final = Table(
    "do_not_contact",
    metadata,
    Column("name_hash", LargeBinary, primary_key=True),
    moment("created_at", is_now=True),
)

raw_leads: Final = Table(
    "raw_leads",
    metadata,
    id_column(),
    words("source", 50, nullable=False, index=True),
    words("company_name", 255),
    words("email", 255),
    words("website", 255),
    domain_column(index=True),
    Column("payload", JSONB),
    moment("ingested_at", index=True, is_now=True),
)

notes: Final = Table(
    "notes",
    metadata,
    id_column(),
    company_domain(index=True),
    long_text("note", nullable=False),
    moment("created_at", index=True, is_now=True),
    moment("updated_at", is_now=True),
)

tags: Final = Table(
    "tags",
    metadata,
    id_column(),
    company_domain(),
    words("tag", 100, nullable=False),
    moment("created_at", is_now=True),
    UniqueConstraint("domain", "tag"),
    Index(None, "tag"),
)

favorites: Final = Table(
    "favorites",
    metadata,
    id_column(),
    company_domain(index=True),
    words("user_id", 255, nullable=False, index=True),
    moment("created_at", is_now=True),
    UniqueConstraint("domain", "user_id"),
)
