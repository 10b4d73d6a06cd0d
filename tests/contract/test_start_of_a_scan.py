"""A scan that stores nothing starts without the packages of the database, which take longer than all the rest."""

import json
import subprocess
import sys

HEAVY = ("alembic", "fastapi", "psycopg", "pydantic", "redis", "sentry_sdk", "sqlalchemy", "structlog", "uvicorn")
CODE = f"import hunter.cli.scan, json, sys; print(json.dumps([name for name in {HEAVY} if name in sys.modules]))"


def test_a_scan_that_stores_nothing_loads_nothing_of_the_database() -> None:
    done = subprocess.run([sys.executable, "-c", CODE], capture_output=True, text=True, check=True)
    assert json.loads(done.stdout) == []


def test_a_scan_that_stores_loads_nothing_that_only_migrations_and_the_api_need() -> None:
    code = CODE.replace("hunter.cli.scan,", "hunter.cli.scan, hunter.cli.stored_scan,")
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert {"alembic", "fastapi", "uvicorn"}.isdisjoint(json.loads(done.stdout))
