"""Reports leave production and staging only, with tags and without anything private."""

import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest
import sentry_sdk
from sentry_sdk.types import Event

from hunter.observability.masking import Masking
from hunter.observability.tracking import Component, Severity, report_error, start_tracking

DSN = "https://public@errors.example/1"
MASKING = Masking(b"a key for tests")


@pytest.fixture
def reports() -> Iterator[list[Any]]:
    kept: list[Event] = []
    yield kept
    sentry_sdk.init(default_integrations=False)


def start(reports: list[Any], environment: str = "production", dsn: str | None = DSN) -> bool:
    return start_tracking(dsn, environment, release="1.0", masking=MASKING, sink=reports.append)


#: Kept apart from where they are raised: a report quotes the lines of our own source.
PERSON, COMPANY = "@".join(("ali", "firma.example")), "Örnek Gıda A.Ş."


def failing() -> ValueError:
    held = (PERSON, COMPANY)
    try:
        raise ValueError(f"no mail for {held[0]}\n{held[1]}")
    except ValueError as error:
        return error


@pytest.mark.parametrize(("environment", "dsn"), [("development", DSN), ("test", DSN), ("production", None)])
def test_nothing_is_reported_without_dsn_or_outside_production(
    reports: list[Any], environment: str, dsn: str | None
) -> None:
    assert start(reports, environment, dsn) is False
    report_error(failing(), Component.DATABASE, Severity.ERROR)
    assert reports == []


def test_a_report_carries_the_tags_its_finder_gave(reports: list[Any]) -> None:
    assert start(reports, "staging") is True
    report_error(failing(), Component.DATABASE, Severity.CRITICAL)
    (report,) = reports
    assert report["tags"] == {"component": "db", "severity": "critical", "error_type": "ValueError"}
    assert report["level"] == "fatal"
    assert report["environment"] == "staging"


def test_the_fallback_of_a_limiter_and_enrichment_have_tags_of_their_own(reports: list[Any]) -> None:
    start(reports)
    report_error(failing(), Component.ENRICHMENT, Severity.WARNING, limiter_fallback="dns")
    assert reports[0]["tags"]["rate_limiter_fallback"] == "dns"
    assert reports[0]["tags"]["hunter_enrichment_error"] == "true"


def test_no_person_company_or_local_value_is_in_a_report(reports: list[Any]) -> None:
    start(reports)
    report_error(failing(), Component.UNKNOWN, Severity.ERROR)
    text = repr(reports)
    assert PERSON not in text
    assert COMPANY not in text
    assert "server_name" not in text
    assert "[e-mail " in text


STARTS_A_PROCESS = """
import os, subprocess, sys
import sentry_sdk
from hunter.observability.masking import Masking
from hunter.observability.tracking import start_tracking
start_tracking("https://public@errors.example/1", "production", release="1", masking=Masking(b"k"), sink=print)
with sentry_sdk.start_transaction(name="a request"):
    told = subprocess.run([sys.executable, "-c", "import os; print(sorted(os.environ))"], env={}, capture_output=True)
print(told.stdout.decode())
"""


def test_a_process_that_is_started_hears_nothing_of_the_request() -> None:
    done = subprocess.run([sys.executable, "-c", STARTS_A_PROCESS], capture_output=True, text=True, check=True)
    assert "SENTRY" not in done.stdout
    assert done.stdout.startswith("[")
