"""What comes from Partner Center and what goes to Dynamics 365."""

from typing import Final

from sqlalchemy import BigInteger, Column, Numeric, String, Table, text
from sqlalchemy.dialects.postgresql import JSONB

from hunter.storage.orm import (
    domain_column,
    id_column,
    integer_column,
    metadata,
    text_column,
    timestamptz_column,
    varchar_column,
)

partner_center_referrals: Final = Table(
    "partner_center_referrals",
    metadata,
    id_column(),
    Column("referral_id", String(255), nullable=False, unique=True),
    varchar_column("engagement_id", 255),
    varchar_column("external_reference_id", 255),
    varchar_column("referral_type", 50, index=True),
    varchar_column("type", 50),
    varchar_column("qualification", 50),
    varchar_column("direction", 50, index=True),
    varchar_column("company_name", 255),
    varchar_column("customer_name", 255),
    varchar_column("customer_country", 100),
    domain_column(index=True, nullable=True),
    varchar_column("raw_domain", 255),
    varchar_column("link_status", 50, index=True),
    Column("linked_lead_id", BigInteger, index=True),
    varchar_column("azure_tenant_id", 255, index=True),
    varchar_column("status", 50, index=True),
    varchar_column("substatus", 50, index=True),
    Column("deal_value", Numeric(15, 2)),
    varchar_column("currency", 10),
    Column("raw_data", JSONB),
    timestamptz_column("synced_at", index=True, is_now=True),
    timestamptz_column("created_at", is_now=True),
    timestamptz_column("updated_at", is_now=True),
)

d365_push_jobs: Final = Table(
    "d365_push_jobs",
    metadata,
    id_column(),
    Column("lead_id", BigInteger, nullable=False, index=True),
    Column("status", String(50), nullable=False, index=True, server_default=text("'pending'")),
    integer_column("attempt_count", nullable=False, default=0),
    text_column("last_error"),
    varchar_column("d365_lead_id", 255),
    timestamptz_column("created_at", is_now=True),
    timestamptz_column("updated_at", is_now=True),
)
