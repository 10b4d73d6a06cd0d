"""The denormalised row of every company that lists and search read, and the rollup that counts them.

`leads` is written from the contract tables alone, by `leads_expected`; `lead_facets` is kept by statement triggers.
"""

from typing import Final

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Computed,
    Date,
    ForeignKey,
    Index,
    Integer,
    SmallInteger,
    String,
    Table,
    Text,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY

from hunter.storage.orm import company_domain, integer_column, metadata, timestamptz_column, varchar_column

_CELL: Final = (
    "lead_cell(segment, provider, priority_score, readiness_score, priority_category, m365_state, "
    "d365_sync_status, referral_types, tenant_size)"
)
_SEARCH: Final = "turkish_fold((((domain)::text || ' ') || (canonical_name)::text) || (' ' || coalesce(provider, '')))"

_DATES: Final = ("expires_at", "last_changed_at")

leads: Final = Table(
    "leads",
    metadata,
    Column("id", BigInteger, ForeignKey("companies.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    company_domain(),
    varchar_column("canonical_name", 255, nullable=False),
    varchar_column("provider", 50),
    varchar_column("tenant_size", 50),
    varchar_column("size_source", 20),
    integer_column("seat_count"),
    varchar_column("local_provider", 255),
    Column("spf", Boolean),
    Column("dkim", Boolean),
    varchar_column("dmarc_policy", 50),
    Column("expires_at", Date),
    varchar_column("scan_status", 50),
    Column("readiness_score", SmallInteger),
    varchar_column("segment", 50),
    Column("priority_score", SmallInteger),
    varchar_column("priority_category", 10),
    varchar_column("gateway", 100),
    varchar_column("m365_state", 10),
    varchar_column("d365_sync_status", 50, nullable=False),
    Column("referral_types", ARRAY(Text), nullable=False),
    integer_column("annual_low_eur"),
    integer_column("annual_high_eur"),
    #: When the newest row of its change histories was written; null without any.
    timestamptz_column("last_changed_at", nullable=True),
    #: Every value that the rollup counts by, packed into one number; `cells.py` unpacks it.
    Column("cell", Integer, Computed(_CELL, persisted=True), nullable=False),
    #: Priority ascending and score descending as one key: 128 to 996, and 1253 where there is no score.
    Column(
        "prio_rank",
        SmallInteger,
        Computed("lead_rank(priority_score, readiness_score)", persisted=True),
        nullable=False,
    ),
    #: Sorts by bytes as the Turkish alphabet does.
    Column("name_key", Text(collation="C"), Computed("turkish_sort_key(canonical_name)", persisted=True)),
    #: Domain, name and provider without case and accents.
    Column("search_text", Text(collation="C"), Computed(_SEARCH, persisted=True)),
    Index("ix_leads_grams", text("lead_grams(search_text)"), postgresql_using="gin"),
    Index("uq_leads_domain", "domain", unique=True, postgresql_include=["cell"]),
    # Rows change seldom, so that indexes may carry what filters ask for and the table is not looked at.
    Index("ix_leads_cell_domain", "cell", "domain", postgresql_include=["id", *_DATES, "search_text"]),
    Index("ix_leads_prio_rank_domain", "prio_rank", "domain", postgresql_include=["cell", *_DATES, "search_text"]),
    Index("ix_leads_readiness_score_domain", "readiness_score", "domain", postgresql_include=["cell"]),
    Index("ix_leads_name_key_domain", "name_key", "domain", postgresql_include=["cell", *_DATES]),
    Index("ix_leads_expires_at", "expires_at", "domain", postgresql_include=["cell", "last_changed_at"]),
    Index("ix_leads_last_changed_at", "last_changed_at", "domain", postgresql_include=["cell", "expires_at"]),
    Index(
        "ix_leads_search_text", "search_text", postgresql_using="gin", postgresql_ops={"search_text": "gin_trgm_ops"}
    ),
)

#: When each lead was scanned, apart from its row: most scans find what the one before found, and then nothing but
#: this is written again.
lead_scans: Final = Table(
    "lead_scans",
    metadata,
    #: The key carries the time, so that hits of a search find theirs without this table.
    Column("id", BigInteger, ForeignKey("companies.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("domain", String(255, collation="C"), nullable=False),
    timestamptz_column("scanned_at", nullable=True),
    Column("cell", Integer, nullable=False),
    #: These two as in `leads`, for orders by the scan with filters by date.
    Column("expires_at", Date),
    timestamptz_column("last_changed_at", nullable=True),
    Index("ix_lead_scans_scanned_at_domain", "scanned_at", "domain", postgresql_include=["cell", *_DATES]),
)

#: Every word of every name, in the default order: searches for one word read nothing else. Kept by triggers.
lead_words: Final = Table(
    "lead_words",
    metadata,
    Column("word", Text(collation="C"), primary_key=True),
    Column("prio_rank", SmallInteger, primary_key=True, autoincrement=False),
    Column("domain", String(255, collation="C"), primary_key=True),
    Column("cell", Integer, nullable=False),
    Column("id", BigInteger, nullable=False),
)

#: The words of `lead_words`, at least once each, and some that no name has any more.
search_words: Final = Table(
    "search_words",
    metadata,
    Column("word", Text(collation="C"), nullable=False),
    Index("ix_search_words_word", "word"),
    Index("ix_search_words_trigrams", "word", postgresql_using="gin", postgresql_ops={"word": "gin_trgm_ops"}),
)

#: Counts per cell. A writer adds to the shard that it alone holds until it commits, so that writers never wait for
#: each other here; the sum over the shards is the count.
lead_facets: Final = Table(
    "lead_facets",
    metadata,
    Column("cell", Integer, primary_key=True, autoincrement=False),
    Column("shard", SmallInteger, primary_key=True, autoincrement=False),
    Column("leads", BigInteger, nullable=False),
    Column("annual_low_eur", BigInteger, nullable=False),
    Column("annual_high_eur", BigInteger, nullable=False),
)
