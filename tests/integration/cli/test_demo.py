"""`hunter demo` and `hunter lab`: the invented world, scanned for real."""

import json
import re
import shlex
import signal
import subprocess
from pathlib import Path

import httpx
import pytest

from hunter.cli.demo import Demo
from hunter.demo import DemoWorld
from hunter.lab.world_sources.demo_world import demo_companies
from hunter.settings.fields import Settings
from tests.integration.cli.conftest import COMMAND, Hunter, environment
from tests.support.postgres import data_folder
from tests.support.words import shipped_rules, wording


def test_the_demo_shows_all_companies_the_best_lead_and_commands_to_try(hunter: Hunter) -> None:
    with data_folder() as kept:
        result = hunter("demo", "--once", HUNTER_DATA_DIR=str(kept))
    lines = result.output.splitlines()
    assert result.code == 0
    assert lines[0].startswith("60 uydurma firma bu makinedeki sunuculardan gerçekten taranıyor (127.0.0.1:")
    assert sum(".example" in line for line in lines[3:63]) == 60
    best = lines[3].split()[2]
    assert lines[lines.index("En iyi lead") + 1].startswith(f"{best} · Skor 90 · Öncelik 1/7")
    assert "Şimdi deneyin:" in lines
    assert result.errors == (
        "suskunbag-evleri.example değerlendirilemedi: MX okunamadı, ad sunucusu süresinde yanıt vermedi.\n"
    )


def test_with_the_port_closed_every_answer_is_unknown(closed_server: str, capsys: pytest.CaptureFixture[str]) -> None:
    """The demo asks for real: without its name server there is nothing that it could show."""
    names = tuple(company.display_domain for company in demo_companies())
    view = Demo(DemoWorld(closed_server, names), Settings(), shipped_rules(), wording()).scan()
    table = capsys.readouterr().out.splitlines()[1:]
    assert view.best is None
    assert len(table) == 60
    assert all(line.split()[:2] == ["–", "–"] and "Belirlenemedi" in line for line in table)


def test_the_commands_that_the_demo_prints_work_until_ctrl_c(tmp_path: Path) -> None:
    with data_folder() as kept:
        process = subprocess.Popen(
            [*COMMAND, "demo"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            env=environment(HUNTER_DATA_DIR=str(kept), HUNTER_API_PORT="0"),
            cwd=tmp_path,
        )
        assert process.stdout is not None
        shown = ""
        while "Kapatmak için Ctrl-C." not in shown:
            line = process.stdout.readline().decode()
            assert line, shown
            shown += line
        address = re.search(r"^API (\S+) adresinde", shown, re.MULTILINE)
        command = re.search(r"\((\. \S+; )\./hunter (scan \S+ --fresh --json)\)", shown)
        assert address is not None
        assert command is not None
        leads = httpx.get(f"{address[1]}/api/v1/leads?segment=Migration", timeout=30).json()
        scan = subprocess.run(
            f"{command[1]}{shlex.join(COMMAND)} {command[2]}",
            shell=True,
            capture_output=True,
            env=environment(),
            cwd=tmp_path,
            check=True,
        )
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=30) == 0
        process.stdout.close()
    assert leads["leads"][0]["domain"] in shown
    assert leads["total"] > 5
    assert json.loads(scan.stdout)["cached"] is False


def test_the_lab_serves_its_world_until_ctrl_c(hunter: Hunter) -> None:
    process = hunter.start("lab", "--demo", "--port", "0")
    assert process.stdout is not None
    address = process.stdout.readline().decode().strip().removeprefix("listening on ")
    assert hunter("scan", "anadolu-rulman.example", "--server", address).code == 0
    process.send_signal(signal.SIGINT)
    output, errors = process.communicate(timeout=10)
    assert (process.returncode, errors) == (0, b"")
    assert b"answered" in output


def test_the_lab_lists_the_names_of_a_generated_world(hunter: Hunter) -> None:
    assert hunter("lab", "--generate", "3", "--list").output == "f0000000.example\nf0000001.example\nf0000002.example\n"


@pytest.mark.parametrize(
    "arguments",
    [("--dead", "2"), ("--lie", "nonsense=0.1"), ("--world", "yok.toml"), ("--generate", "-1"), ("--tcp", "maybe")],
)
def test_the_lab_refuses_what_it_cannot_serve(hunter: Hunter, arguments: tuple[str, ...]) -> None:
    result = hunter("lab", *arguments, "--port", "0")
    assert (result.code, result.output) == (2, "")
    assert "Traceback" not in result.errors
