"""URLs for PostgreSQL's own programs: no driver's name, and no password where others can read it."""

import pytest

from hunter.servers.backup import libpq_url, without_password


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("postgresql+psycopg://a@/b?host=%2Frun", "postgresql://a@/b?host=%2Frun"),
        ("postgresql://a@host:5432/b", "postgresql://a@host:5432/b"),
        ("postgres+asyncpg://host/b", "postgres://host/b"),
    ],
)
def test_the_name_of_the_driver_goes(url: str, expected: str) -> None:
    assert libpq_url(url) == expected


@pytest.mark.parametrize(
    ("url", "address", "password"),
    [
        ("postgresql://a:p%40ss@host/b", "postgresql://a@host/b", "p@ss"),
        ("postgresql+psycopg://a:x@host/b?sslmode=require", "postgresql://a@host/b?sslmode=require", "x"),
        ("postgresql://a@host/b?password=x&port=1", "postgresql://a@host/b?port=1", "x"),
        ("postgresql://a@/b?host=%2Frun%20x", "postgresql://a@/b?host=%2Frun%20x", None),
        ("postgresql://host/b", "postgresql://host/b", None),
    ],
)
def test_a_password_is_told_apart_from_the_address(url: str, address: str, password: str | None) -> None:
    assert without_password(url) == (address, password)
