"""Which revision of the schema this release works with, and whether a database has it.

Known without Alembic, because every command asks this first, and starting that costs a quarter of a second.
"""

from typing import Final

from sqlalchemy import create_engine
from sqlalchemy.pool import NullPool

from hunter.storage.engine import psycopg_url, translated_errors

#: The newest revision; a test holds it against the migrations.
HEAD: Final = "m0006_lead_index"
_IS_MARKED: Final = "select to_regclass('alembic_version') is not null"


def at_head(url: str) -> bool:
    """Tell whether every migration of this release has been run, and none of a newer one; raises `Unavailable`."""
    return revisions_of(url) == {HEAD}


def revisions_of(url: str) -> frozenset[str]:
    """Return the revision that a database has, none where no migration was run; raises `Unavailable`."""
    engine = create_engine(psycopg_url(url), poolclass=NullPool)
    try:
        with translated_errors(), engine.connect() as connection:
            if not connection.exec_driver_sql(_IS_MARKED).scalar_one():
                return frozenset()
            return frozenset(connection.exec_driver_sql("select version_num from alembic_version").scalars())
    finally:
        engine.dispose()
