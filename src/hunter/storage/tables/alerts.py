"""Alerts, and who wants to hear of what by which way."""

from typing import Final

from sqlalchemy import Boolean, Column, Table, UniqueConstraint, text

from hunter.storage.orm import company_domain, id_column, long_text, metadata, moment, words

alerts: Final = Table(
    "alerts",
    metadata,
    id_column(),
    company_domain(index=True),
    words("alert_type", 50, nullable=False, index=True),
    long_text("alert_message", nullable=False),
    Column("status", words("x", 50).type, nullable=False, index=True, server_default=text("'pending'")),
    words("notification_method", 50),
    moment("sent_at", nullable=True),
    moment("created_at", index=True, is_now=True),
)

alert_config: Final = Table(
    "alert_config",
    metadata,
    id_column(),
    Column("user_id", words("x", 255).type, nullable=False, index=True, server_default=text("'default'")),
    words("alert_type", 50, nullable=False, index=True),
    words("notification_method", 50, nullable=False),
    Column("enabled", Boolean, nullable=False, index=True, server_default=text("true")),
    Column("frequency", words("x", 50).type, nullable=False, server_default=text("'immediate'")),
    long_text("webhook_url"),
    words("email_address", 255),
    moment("created_at", is_now=True),
    moment("updated_at", is_now=True),
    UniqueConstraint("user_id", "alert_type", "notification_method"),
)
