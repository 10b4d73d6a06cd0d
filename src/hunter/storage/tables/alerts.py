"""Alerts, and who wants to hear of what by which way."""

from typing import Final

from sqlalchemy import Boolean, Column, String, Table, UniqueConstraint, text

from hunter.storage.orm import company_domain, id_column, metadata, text_column, timestamptz_column, varchar_column

alerts: Final = Table(
    "alerts",
    metadata,
    id_column(),
    company_domain(index=True),
    varchar_column("alert_type", 50, nullable=False, index=True),
    text_column("alert_message", nullable=False),
    Column("status", String(50), nullable=False, index=True, server_default=text("'pending'")),
    varchar_column("notification_method", 50),
    timestamptz_column("sent_at", nullable=True),
    timestamptz_column("created_at", index=True, is_now=True),
)

alert_config: Final = Table(
    "alert_config",
    metadata,
    id_column(),
    Column("user_id", String(255), nullable=False, index=True, server_default=text("'default'")),
    varchar_column("alert_type", 50, nullable=False, index=True),
    varchar_column("notification_method", 50, nullable=False),
    Column("enabled", Boolean, nullable=False, index=True, server_default=text("true")),
    Column("frequency", String(50), nullable=False, server_default=text("'immediate'")),
    text_column("webhook_url"),
    varchar_column("email_address", 255),
    timestamptz_column("created_at", is_now=True),
    timestamptz_column("updated_at", is_now=True),
    UniqueConstraint("user_id", "alert_type", "notification_method"),
)
