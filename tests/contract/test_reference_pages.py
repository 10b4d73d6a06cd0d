"""The reference pages say what the code does: every setting, option, exit code and JSON key, and nothing else."""

import argparse
import json
import re
from dataclasses import fields

import pytest

from hunter.cli import (
    admin,
    company,
    database,
    demo,
    enrichment,
    exit_codes,
    ingest,
    lab,
    published_lists,
    rescore,
    scan,
    up,
)
from hunter.cli.main import COMMANDS
from hunter.cli.screen.json_lines import json_line
from hunter.collectors.gathering import FAILED
from hunter.collectors.microsoft import answers
from hunter.collectors.network import collect
from hunter.collectors.registration import registration
from hunter.core.evidence import MailEvidence, MicrosoftEvidence, NetworkEvidence, RegistrationEvidence
from hunter.core.surveyed import Timing
from hunter.settings.reading import describe_settings
from tests.support.builders import mail_evidence
from tests.support.cases import FAILURES, judged
from tests.support.house import ROOT

CLI = (ROOT / "docs" / "reference" / "cli.md").read_text(encoding="utf-8")
SETTINGS = (ROOT / "docs" / "reference" / "settings.md").read_text(encoding="utf-8")
SIGNALS = (ROOT / "docs" / "reference" / "signals.md").read_text(encoding="utf-8")
KINDS = {
    "mail": MailEvidence,
    "registration": RegistrationEvidence,
    "microsoft": MicrosoftEvidence,
    "network": NetworkEvidence,
}
PARSERS = {
    "scan": scan.build_parser(),
    "demo": demo.build_parser(),
    "up": up.build_parser(),
    "ingest": ingest.build_parser(),
    "rescore": rescore.build_parser(),
    "company": company.build_parser(),
    "db": database.build_parser(),
    "admin": admin.build_parser(),
    "data": published_lists.build_parser(),
    "enrichment": enrichment.build_parser(),
    "lab": lab.build_parser(),
}


def section(command: str) -> str:
    return CLI.split(f"## `hunter {command}")[1].split("\n## ")[0]


def options_of(parser: argparse.ArgumentParser) -> set[str]:
    return {name for action in parser._actions for name in action.option_strings} - {"-h", "--help"}


def test_the_settings_page_has_a_row_for_every_setting_and_no_other() -> None:
    rows = [
        f"| `{line.variable}` | {line.kind} | {line.default} | {line.unit} | {line.meaning} |"
        for line in describe_settings()
    ]
    assert [row for row in SETTINGS.splitlines() if row.startswith("| `")] == rows


def test_the_settings_page_has_every_second_name_and_no_other() -> None:
    rows = re.findall(r"^\| ([A-Z]\w+) \| (.+) \|$", SETTINGS, re.MULTILINE)
    also = {line.variable: list(line.also) for line in describe_settings() if line.also}
    assert {variable: re.findall(r"`(\w+)`", names) for variable, names in rows} == also


@pytest.mark.parametrize("command", PARSERS)
def test_the_page_has_every_option_of_a_command_and_no_other(command: str) -> None:
    rows = re.findall(r"^\| (`-.*?) \|", section(command), re.MULTILINE)
    documented = {name for row in rows for name in re.findall(r"(?<![\w-])--?[a-z][a-z0-9-]*", row)}
    assert documented == options_of(PARSERS[command])


def test_the_page_has_a_section_for_every_command_of_the_overview() -> None:
    assert set(re.findall(r"^## `hunter (\w+)", CLI, re.MULTILINE)) == {command.name for command in COMMANDS}
    assert set(PARSERS) == {command.name for command in COMMANDS}


def test_the_page_has_every_act_on_the_database_and_no_other() -> None:
    assert re.findall(r"^\| `([a-z]+)[ `]", section("db"), re.MULTILINE) == list(database.ACTS)


def test_the_page_has_every_exit_code() -> None:
    codes = {value for name, value in vars(exit_codes).items() if name.isupper()}
    assert set(map(int, re.findall(r"^\| (\d+) \|", CLI, re.MULTILINE))) == codes


def test_the_page_has_every_key_of_the_json_and_no_other() -> None:
    assessment, seen = judged(mail_evidence())
    keys = set(json.loads(json_line(assessment, seen, text="", reason="", elapsed_seconds=0, timing=Timing(0))))
    rows = re.findall(r"^\| (`[a-z].*?) \|", section("scan"), re.MULTILINE)
    documented = {key for row in rows for key in re.findall(r"`(\w+)(?:\[\])?`", row)}
    assert documented == keys


def test_the_page_of_signals_has_a_row_for_every_signal_in_order_and_no_other() -> None:
    names = [f"{kind}.{one.name}" for kind, shape in KINDS.items() for one in fields(shape)]
    assert re.findall(r"^\| `(\w+\.\w+)` \|", SIGNALS, re.MULTILINE) == names


def test_every_signal_has_its_source_and_what_found_and_absent_mean() -> None:
    for row in re.findall(r"^\| `\w+\.\w+` \|.*$", SIGNALS, re.MULTILINE):
        cells = [cell.strip() for cell in row.strip("|").split("|")]
        assert len(cells) == 5, row
        assert all(cells[:4]), row


@pytest.mark.parametrize(
    ("heading", "reasons"),
    [
        ("DNS: mail", FAILURES),
        ("The registry", (*registration.REASONS, registration.NOT_PUBLISHED, FAILED)),
        ("Microsoft", (*answers.REASONS, FAILED)),
        ("The network", (*collect.REASONS, FAILED)),
    ],
)
def test_every_reason_for_unknown_is_listed_under_its_source(heading: str, reasons: tuple[str, ...]) -> None:
    listed = (
        SIGNALS.split(f"## {heading}\n")[1].split("\n## ")[0].partition("any of these reasons:")[2].partition("|")[0]
    )
    assert set(re.findall(r"`(\w+)`", listed)) == set(reasons)
