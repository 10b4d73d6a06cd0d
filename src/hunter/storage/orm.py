"""Metadata of all tables and the names of their constraints; what every table is made of.

Domains sort by plain bytes (`collate "C"`), so that prefixes use the index and every server agrees on the order.
"""

from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    DateTime,
    ForeignKey,
    Identity,
    Integer,
    MetaData,
    String,
    Text,
    text,
)

metadata: Final = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
    }
)


def id_column() -> Column[int]:
    """Return a bigint that the database counts up itself."""
    return Column("id", BigInteger, Identity(always=False), primary_key=True)


def domain_column(*, unique: bool = False, index: bool = False, nullable: bool = False) -> Column[str]:
    """Return a domain that names no company by itself."""
    return Column("domain", String(255, collation="C"), nullable=nullable, unique=unique, index=index)


def company_domain(*, unique: bool = False, index: bool = False, primary_key: bool = False) -> Column[str]:
    """Return the domain of a company, with which the row goes."""
    reference = ForeignKey("companies.domain", ondelete="CASCADE")
    kind = String(255, collation="C")
    return Column("domain", kind, reference, nullable=False, unique=unique, index=index, primary_key=primary_key)


def varchar_column(name: str, length: int, *, nullable: bool = True, index: bool = False) -> Column[str]:
    """Return a varchar of a length."""
    return Column(name, String(length), nullable=nullable, index=index)


def text_column(name: str, *, nullable: bool = True) -> Column[str]:
    """Return a text of any length."""
    return Column(name, Text, nullable=nullable)


def integer_column(name: str, *, nullable: bool = True, index: bool = False, default: int | None = None) -> Column[int]:
    """Return an integer."""
    written = None if default is None else text(str(default))
    return Column(name, Integer, nullable=nullable, index=index, server_default=written)


def boolean_column(name: str) -> Column[bool]:
    """Return a boolean that is false by default."""
    return Column(name, Boolean, nullable=False, server_default=text("false"))


def timestamptz_column(name: str, *, nullable: bool = False, index: bool = False, is_now: bool = False) -> Column[Any]:
    """Return a time with its zone, by default none or the time of the transaction."""
    now = text("now()") if is_now else None
    return Column(name, DateTime(timezone=True), nullable=nullable, index=index, server_default=now)
