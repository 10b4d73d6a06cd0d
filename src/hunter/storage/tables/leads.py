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

_SEARCH: Final = "turkish_fold((((domain)::text || ' ') || (canonical_name)::text) || (' ' || coalesce(provider, '')))"

_DATES: Final = ("expires_at", "last_changed_at")
_HELD: Final = ("city", "lists", "search_text")

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
    Column("tags", ARRAY(Text), nullable=False),
    #: `own_customer`, `do_not_contact`, `demo`.
    Column("marks", ARRAY(Text), nullable=False),
    varchar_column("city", 100),
    #: Numbers of the lists that it came with, the newest first.
    Column("lists", ARRAY(Integer), nullable=False),
    integer_column("annual_low_eur"),
    integer_column("annual_high_eur"),
    #: When the newest row of its change histories was written; null without any.
    timestamptz_column("last_changed_at", nullable=True),
    #: Every value that leads are counted by in one number: `lead_key` packs it, `lead_index/facet_key.py` unpacks it.
    Column("facet_key", BigInteger, nullable=False),
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
    Index("uq_leads_domain", "domain", unique=True, postgresql_include=["facet_key"]),
    # Rows change seldom, so that indexes may carry what filters ask for and the table is not looked at.
    Index("ix_leads_facet_key_domain", "facet_key", "domain", postgresql_include=["id", *_DATES, *_HELD]),
    Index("ix_leads_prio_rank_domain", "prio_rank", "domain", postgresql_include=["facet_key", *_DATES, *_HELD]),
    Index("ix_leads_readiness_score_domain", "readiness_score", "domain", postgresql_include=["facet_key"]),
    Index("ix_leads_name_key_domain", "name_key", "domain", postgresql_include=["facet_key", *_DATES]),
    Index("ix_leads_expires_at", "expires_at", "domain", postgresql_include=["facet_key", "last_changed_at"]),
    Index("ix_leads_last_changed_at", "last_changed_at", "domain", postgresql_include=["facet_key", "expires_at"]),
    Index(
        "ix_leads_city_prio_rank_domain",
        *("city", "prio_rank", "domain"),
        postgresql_include=["facet_key", *_DATES],
        postgresql_where=text("city IS NOT NULL"),
    ),
    Index("ix_leads_lists", "lists", postgresql_using="gin"),
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
    Column("facet_key", BigInteger, nullable=False),
    #: These as in `leads`, for lists by the scan with filters by date.
    Column("prio_rank", SmallInteger, nullable=False),
    Column("expires_at", Date),
    timestamptz_column("last_changed_at", nullable=True),
    Index(
        "ix_lead_scans_prio_rank_domain",
        *("prio_rank", "domain"),
        postgresql_include=["scanned_at", "facet_key", *_DATES],
    ),
    Index("ix_lead_scans_scanned_at_domain", "scanned_at", "domain", postgresql_include=["facet_key", *_DATES]),
)

#: Every word of every name, every city and list, in the default order: searches for one of them read nothing else.
#: Kept by triggers; cities and lists begin with a sign that no word has.
lead_words: Final = Table(
    "lead_words",
    metadata,
    Column("word", Text(collation="C"), primary_key=True),
    Column("prio_rank", SmallInteger, primary_key=True, autoincrement=False),
    Column("domain", String(255, collation="C"), primary_key=True),
    Column("facet_key", BigInteger, nullable=False),
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

#: Counts per key. A writer adds to the shard that it alone holds until it commits, so that writers never wait for
#: each other here; the sum over the shards is the count.
lead_facets: Final = Table(
    "lead_facets",
    metadata,
    Column("facet_key", BigInteger, primary_key=True, autoincrement=False),
    Column("shard", SmallInteger, primary_key=True, autoincrement=False),
    Column("leads", BigInteger, nullable=False),
)

#: Counts per core of the key: what lists are ordered by and most filters choose in. Some hundred rows.
lead_core_facets: Final = Table(
    "lead_core_facets",
    metadata,
    Column("core_key", BigInteger, primary_key=True, autoincrement=False),
    Column("shard", SmallInteger, primary_key=True, autoincrement=False),
    Column("leads", BigInteger, nullable=False),
    Column("annual_low_eur", BigInteger, nullable=False),
    Column("annual_high_eur", BigInteger, nullable=False),
)

#: Counts of every value beside the core, by core: facets of hosts, gateways, tags, cities, lists and their like.
lead_value_facets: Final = Table(
    "lead_value_facets",
    metadata,
    Column("core_key", BigInteger, primary_key=True, autoincrement=False),
    #: Name of the facet on the wire.
    Column("field", Text(collation="C"), primary_key=True),
    Column("value", Text(collation="C"), primary_key=True),
    Column("shard", SmallInteger, primary_key=True, autoincrement=False),
    Column("leads", BigInteger, nullable=False),
)
