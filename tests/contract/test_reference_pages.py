"""The reference pages say what the code does: every setting, option, exit code and JSON key, and nothing else."""

import argparse
import json
import re

import pytest

from hunter.cli import bench, demo, exit_codes, lab, scan
from hunter.cli.json_lines import json_line
from hunter.collectors.gathering import Timing
from hunter.settings.reading import describe_settings
from tests.support.builders import mail_evidence
from tests.support.cases import judged
from tests.support.house import ROOT

CLI = (ROOT / "docs" / "reference" / "cli.md").read_text(encoding="utf-8")
SETTINGS = (ROOT / "docs" / "reference" / "settings.md").read_text(encoding="utf-8")
PARSERS = {
    "scan": scan.build_parser(),
    "demo": demo.build_parser(),
    "lab": lab.build_parser(),
    "bench": bench.build_parser(),
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


@pytest.mark.parametrize("command", PARSERS)
def test_the_page_has_every_option_of_a_command_and_no_other(command: str) -> None:
    rows = re.findall(r"^\| (`-.*?) \|", section(command), re.MULTILINE)
    documented = {name for row in rows for name in re.findall(r"(?<![\w-])--?[a-z][a-z0-9-]*", row)}
    assert documented == options_of(PARSERS[command])


def test_the_page_has_every_exit_code() -> None:
    codes = {value for name, value in vars(exit_codes).items() if name.isupper()}
    assert set(map(int, re.findall(r"^\| (\d+) \|", CLI, re.MULTILINE))) == codes


def test_the_page_has_every_key_of_the_json_and_no_other() -> None:
    assessment, seen = judged(mail_evidence())
    keys = set(json.loads(json_line(assessment, seen, text="", reason="", elapsed_seconds=0, timing=Timing(0))))
    rows = re.findall(r"^\| (`[a-z].*?) \|", section("scan"), re.MULTILINE)
    documented = {key for row in rows for key in re.findall(r"`(\w+)(?:\[\])?`", row)}
    assert documented == keys
