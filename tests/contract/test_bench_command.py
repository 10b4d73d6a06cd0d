"""`./hunter bench` as people call it: forms of the report, exit codes, what is refused."""

import json
from pathlib import Path

import pytest

from bench.command import main
from hunter.cli.exit_codes import FAILED, SUCCESS, USAGE

#: One part that takes no time and whose floors no machine misses.
PACKETS = ["dns", "--quick", "--part", "packets", "--packets", "200"]


def row(name: str, provider: str, host: str) -> str:
    fields = {
        "domain": f"{name}.example",
        "mx": [{"host": host, "pref": None}],
        "truth_provider": provider,
        "truth_confidence": 0.97,
        "truth_basis": ["mx_direct"],
    }
    return json.dumps(fields) + "\n"


@pytest.fixture
def mislabelled(tmp_path: Path) -> Path:
    path = tmp_path / "rows.jsonl"
    path.write_text(row("bir", "M365", "aspmx.l.google.com") + row("iki", "Google", "aspmx.l.google.com"), "utf-8")
    return path


def test_a_table_is_printed_and_reached_floors_are_success(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(PACKETS) == SUCCESS

    said = capsys.readouterr()
    assert said.out.startswith("./hunter bench dns --quick --part packets --packets 200: ")
    assert "3 of 3 floors reached, 3 of them at their aim." in said.out
    assert "packets: 200 valid and mutated ones" in said.err


def test_json_is_one_text_with_one_report_a_subject(capsys: pytest.CaptureFixture[str]) -> None:
    main([*PACKETS, "core", "--json"])

    dns, core = json.loads(capsys.readouterr().out)
    assert [measure["standing"] for measure in dns["measures"]] == ["aim"] * 3
    assert core["measures"][0]["floor"] == 10_000


def test_markdown_is_a_table(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*PACKETS, "--markdown"]) == SUCCESS

    assert "| measure | figure | floor | aim | reached | what was done |" in capsys.readouterr().out.splitlines()


def test_a_missed_floor_is_exit_code_1(mislabelled: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["providers", "--data", str(mislabelled)]) == FAILED

    said = capsys.readouterr().out
    assert said.startswith("./hunter bench providers --data rows.jsonl: ")
    assert "missed: M365, by provider: recall" in said


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["providers"], "providers needs --data PATH"),
        (["core", "--part", "cpu"], "--part names a part of dns"),
        (["dns", "--part", "speed"], "'speed' is no part of the benchmark; parts: cpu, distance"),
    ],
)
def test_what_cannot_be_measured_is_said_before_anything_is(
    arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments) == USAGE

    said = capsys.readouterr()
    assert message in said.err
    assert said.out == ""


@pytest.mark.parametrize("number", ["0", "-1", "many", "1.5"])
def test_a_number_of_packets_that_is_none_is_refused(number: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["dns", f"--packets={number}"])

    assert stopped.value.code == USAGE
    assert "argument --packets: must be a whole number above 0" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["core", "--rows", "1000"], "--rows and --draws are of leads"),
        (["dns", "--draws", "3"], "--rows and --draws are of leads"),
        (["providers", "leads", "--data", "somewhere"], "--data means another thing for providers"),
        (["leads", "--rows", "10"], "leads needs at least 500 rows"),
    ],
)
def test_options_of_leads_stand_beside_leads_only(
    arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments) == USAGE

    assert message in capsys.readouterr().err
