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
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSON, JSONB

from hunter.storage.orm import (
    company_domain,
    id_column,
    integer_column,
    metadata,
    text_column,
    timestamptz_column,
    varchar_column,
)

domain_signals: Final = Table(
    "domain_signals",
    metadata,
    id_column(),
    company_domain(unique=True),
    Column("spf", Boolean),
    Column("dkim", Boolean),
    varchar_column("dmarc_policy", 50),
    integer_column("dmarc_coverage", index=True),
    varchar_column("mx_root", 255, index=True),
    varchar_column("local_provider", 255, index=True),
    varchar_column("registrar", 255),
    Column("expires_at", Date),
    Column("nameservers", ARRAY(Text)),
    Column("scan_status", String(50), nullable=False, index=True, server_default=text("'pending'")),
    timestamptz_column("scanned_at"),
    Column("mx_records", ARRAY(Text)),
    text_column("spf_record"),
    text_column("dmarc_record"),
    varchar_column("dmarc_domain", 255),
    Column("dmarc_testing", Boolean),
    Column("signal_states", JSONB),
    varchar_column("whois_status", 20),
    timestamptz_column("whois_checked_at", nullable=True),
    varchar_column("gateway", 100, index=True),
    varchar_column("mail_service", 100),
    Column("provider_evidence", JSONB),
    varchar_column("provider_confidence", 10),
    varchar_column("m365_state", 10, index=True),
    varchar_column("m365_confidence", 10),
    text_column("m365_reason"),
    Column("tenant", JSONB),
    Column("pending_change", JSONB),
    text_column("infrastructure_summary"),
    #: What the mail hosts say of the size, also while a better source is in force.
    varchar_column("estimated_size", 50),
    #: Why the last scan gave no score, in the words of the product; null where it gave one.
    text_column("unscored_reason"),
    #: Scans that were stored; judging again is none.
    integer_column("scan_count", nullable=False, default=1),
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
    timestamptz_column("collected_at"),
    Column("codec_version", SmallInteger, nullable=False),
    #: True where a score was given by it. The newest such is kept, however many looks fail after it.
    Column("is_judged", Boolean, nullable=False),
    #: As `core.snapshot.document` wrote it; `json` and not `jsonb`, which refuses characters that DNS may hold.
    Column("evidence", JSON, nullable=False),
    Index(None, "domain", "collected_at"),
)

ip_enrichment: Final = Table(
    "ip_enrichment",
    metadata,
    id_column(),
    company_domain(index=True),
    varchar_column("ip_address", 45, nullable=False, index=True),
    Column("asn", BigInteger),
    varchar_column("asn_org", 255),
    varchar_column("isp", 255),
    Column("country", CHAR(2)),
    varchar_column("city", 255),
    varchar_column("usage_type", 32),
    Column("is_proxy", Boolean),
    varchar_column("proxy_type", 32),
    timestamptz_column("created_at", is_now=True),
    timestamptz_column("updated_at", is_now=True),
    UniqueConstraint("domain", "ip_address"),
)
