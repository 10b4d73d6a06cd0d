"""What was observed: the current signals, the evidence that proves them, and the addresses of the hosts."""

from typing import Final

from sqlalchemy import (
    CHAR,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    Index,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSON, JSONB

from hunter.storage.orm import company_domain, id_column, long_text, metadata, moment, number, words

domain_signals: Final = Table(
    "domain_signals",
    metadata,
    id_column(),
    company_domain(unique=True),
    Column("spf", Boolean),
    Column("dkim", Boolean),
    words("dmarc_policy", 50),
    number("dmarc_coverage", index=True),
    words("mx_root", 255, index=True),
    words("local_provider", 255, index=True),
    words("registrar", 255),
    Column("expires_at", Date),
    Column("nameservers", ARRAY(Text)),
    Column("scan_status", words("x", 50).type, nullable=False, index=True, server_default=text("'pending'")),
    moment("scanned_at"),
    Column("mx_records", ARRAY(Text)),
    long_text("spf_record"),
    long_text("dmarc_record"),
    words("dmarc_domain", 255),
    Column("dmarc_testing", Boolean),
    Column("signal_states", JSONB),
    words("whois_status", 20),
    moment("whois_checked_at", nullable=True),
    words("gateway", 100, index=True),
    words("mail_service", 100),
    Column("provider_evidence", JSONB),
    words("provider_confidence", 10),
    words("m365_state", 10, index=True),
    words("m365_confidence", 10),
    long_text("m365_reason"),
    Column("tenant", JSONB),
    Column("pending_change", JSONB),
    long_text("infrastructure_summary"),
    #: What the mail hosts say of the size, also while a better source is in force.
    words("estimated_size", 50),
    #: Why the last scan gave no score, in the words of the product; null where it gave one.
    long_text("unscored_reason"),
    #: Scans that were stored; judging again is none.
    number("scan_count", nullable=False, default=1),
    CheckConstraint("dmarc_coverage between 0 and 100", name="dmarc_coverage"),
    # Summaries of pages, because every scan changes the time: with an entry for each row, every scan would make new
    # entries in all ten indexes. The order by scan has its own table, `lead_scans`.
    Index(None, "scanned_at", postgresql_using="brin"),
)

evidence: Final = Table(
    "evidence",
    metadata,
    id_column(),
    company_domain(),
    moment("collected_at"),
    Column("codec_version", SmallInteger, nullable=False),
    #: True where a score was given by it. The newest such is kept, however many looks fail after it.
    Column("is_judged", Boolean, nullable=False),
    #: As `core.snapshot` wrote it; `json` and not `jsonb`, which refuses characters that DNS may hold.
    Column("evidence", JSON, nullable=False),
    Index(None, "domain", "collected_at"),
)

ip_enrichment: Final = Table(
    "ip_enrichment",
    metadata,
    id_column(),
    company_domain(index=True),
    words("ip_address", 45, nullable=False, index=True),
    Column("asn", BigInteger),
    words("asn_org", 255),
    words("isp", 255),
    Column("country", CHAR(2)),
    words("city", 255),
    words("usage_type", 32),
    Column("is_proxy", Boolean),
    words("proxy_type", 32),
    moment("created_at", is_now=True),
    moment("updated_at", is_now=True),
    UniqueConstraint("domain", "ip_address"),
)
