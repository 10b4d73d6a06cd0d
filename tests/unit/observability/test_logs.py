"""A log line says what the list allows, and nothing that names a person or a company."""

import io
import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
import structlog

from hunter.observability.logs import configure_logs, logger_of
from hunter.observability.masking import Masking

MASKING = Masking(b"a key for tests")


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    root = logging.getLogger()
    before, level = list(root.handlers), root.level
    stream = io.StringIO()
    configure_logs(level="INFO", is_json=True, masking=MASKING, stream=stream)
    yield stream
    root.handlers[:] = before
    root.setLevel(level)
    structlog.reset_defaults()
    structlog.contextvars.clear_contextvars()


def read(stream: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_an_event_is_one_line_of_json_with_its_fields(lines: io.StringIO) -> None:
    logger_of("scans").info("scan_finished", domain="firma.example", elapsed_ms=12)
    (line,) = read(lines)
    assert line["event"] == "scan_finished"
    assert line["level"] == "info"
    assert line["logger"] == "scans"
    assert line["domain"] == "firma.example"
    assert line["elapsed_ms"] == 12
    assert line["timestamp"].endswith("Z")


def test_a_field_that_is_not_allowed_does_not_get_out(lines: io.StringIO) -> None:
    logger_of("scans").info("scan_finished", payload={"name": "Örnek Gıda"}, api_key="hk_secret")
    assert "Örnek" not in lines.getvalue()
    assert "hk_secret" not in lines.getvalue()
    assert read(lines)[0]["dropped_fields"] == ["api_key", "payload"]


def test_names_of_companies_and_addresses_of_people_are_masked(lines: io.StringIO) -> None:
    logger_of("ingest").info("company_kept", company_name="Örnek Gıda A.Ş.", email="ali@firma.example")
    (line,) = read(lines)
    assert line["company_name"] == MASKING.reference("Örnek Gıda A.Ş.")
    assert line["email"] == MASKING.reference("ali@firma.example")


def test_an_address_inside_an_allowed_field_is_masked_too(lines: io.StringIO) -> None:
    logger_of("edge").info("request_finished", path="/leads/ali@firma.example")
    assert "ali@" not in lines.getvalue()


def test_controls_from_dns_are_written_out(lines: io.StringIO) -> None:
    logger_of("scans").info("scan_finished", value="\x1b]0;owned\x07\nfake line\u2028")
    (line,) = read(lines)
    assert line["value"] == "\\u001b]0;owned\\u0007\\u000afake line\\u2028"


def test_of_an_exception_kind_first_line_and_place_are_told(lines: io.StringIO) -> None:
    try:
        raise ValueError("no room for ali@firma.example\nDETAIL: row (Örnek Gıda)")
    except ValueError:
        logger_of("storage").exception("save_failed", component="db")
    (line,) = read(lines)
    assert line["error_type"] == "ValueError"
    assert line["error_text"].startswith("no room for [e-mail ")
    assert "Örnek" not in lines.getvalue()
    assert line["where"][-1].startswith("test_logs.py:")


def test_what_a_library_says_goes_the_same_way(lines: io.StringIO) -> None:
    logging.getLogger("uvicorn.error").warning("connection of %s lost", "ali@firma.example")
    (line,) = read(lines)
    assert line["event"].startswith("connection of [e-mail ")
    assert line["logger"] == "uvicorn.error"


def test_the_bound_request_id_is_on_every_line(lines: io.StringIO) -> None:
    with structlog.contextvars.bound_contextvars(request_id="5f0c"):
        logger_of("edge").info("request_finished")
        logging.getLogger("sqlalchemy.pool").warning("pool is full")
    assert [line["request_id"] for line in read(lines)] == ["5f0c", "5f0c"]


def test_below_the_level_nothing_is_written(lines: io.StringIO) -> None:
    logger_of("edge").debug("request_started")
    assert lines.getvalue() == ""


def test_development_lines_are_readable_and_keep_the_list(lines: io.StringIO) -> None:
    stream = io.StringIO()
    configure_logs(level="DEBUG", is_json=False, masking=MASKING, stream=stream)
    logger_of("edge").debug("request_finished", status=200, payload="x")
    assert "event=request_finished" in stream.getvalue()
    assert "status=200" in stream.getvalue()
    assert "payload=" not in stream.getvalue()
