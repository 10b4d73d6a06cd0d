"""What comes from Partner Center and what goes to Dynamics 365."""

from typing import Final

from sqlalchemy import BigInteger, Column, Numeric, Table, text
from sqlalchemy.dialects.postgresql import JSONB

from hunter.storage.orm import domain_column, id_column, long_text, metadata, moment, number, words

partner_center_referrals: Final = Table(
    "partner_center_referrals",
    metadata,
    id_column(),
    Column("referral_id", words("x", 255).type, nullable=False, unique=True),
    words("engagement_id", 255),
    words("external_reference_id", 255),
    words("referral_type", 50, index=True),
    words("type", 50),
    words("qualification", 50),
    words("direction", 50, index=True),
    words("company_name", 255),
    words("customer_name", 255),
    words("customer_country", 100),
    domain_column(index=True, nullable=True),
    words("raw_domain", 255),
    words("link_status", 50, index=True),
    Column("linked_lead_id", BigInteger, index=True),
    words("azure_tenant_id", 255, index=True),
    words("status", 50, index=True),
    words("substatus", 50, index=True),
    Column("deal_value", Numeric(15, 2)),
    words("currency", 10),
    Column("raw_data", JSONB),
    moment("synced_at", index=True, is_now=True),
    moment("created_at", is_now=True),
    moment("updated_at", is_now=True),
)

d365_push_jobs: Final = Table(
    "d365_push_jobs",
    metadata,
    id_column(),
    Column("lead_id", BigInteger, nullable=False, index=True),
    Column("status", words("x", 50).type, nullable=False, index=True, server_default=text("'pending'")),
    number("attempt_count", nullable=False, default=0),
    long_text("last_error"),
    words("d365_lead_id", 255),
    moment("created_at", is_now=True),
    moment("updated_at", is_now=True),
)
