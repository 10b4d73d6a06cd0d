"""`hunter demo` and `hunter lab`: the invented world, scanned for real."""

import os
import pty
import re
import signal
import subprocess

import pytest

from hunter.cli.demo import scan_world
from hunter.cli.terminal import Terminal
from hunter.demo import DemoWorld
from hunter.lab.demo_world import demo_companies
from tests.integration.cli.conftest import COMMAND, Hunter, environment
from tests.support.words import shipped_rules, wording

PLAIN = Terminal(120, has_colour=False, is_live=False)


def test_the_demo_shows_all_companies_the_best_lead_and_commands_to_try(hunter: Hunter) -> None:
    result = hunter("demo", "--once")
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
    view = scan_world(DemoWorld(closed_server, names), shipped_rules(), wording(), PLAIN)
    table = capsys.readouterr().out.splitlines()[1:]
    assert view.best is None
    assert len(table) == 60
    assert all(line.split()[:2] == ["–", "–"] and "Belirlenemedi" in line for line in table)


def test_on_a_terminal_the_commands_that_the_demo_prints_work_until_ctrl_c(hunter: Hunter) -> None:
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [*COMMAND, "demo"], stdin=theirs, stdout=theirs, stderr=theirs, env=environment(TERM="dumb"), cwd=hunter.folder
    )
    os.close(theirs)
    shown = ""
    while "Kapatmak için Ctrl-C." not in shown:
        shown += os.read(ours, 65536).decode(errors="replace")
    command = re.search(r"\./hunter (scan \S+ --server \S+)", shown)
    assert command is not None
    assert hunter(*command[1].split()).code == 0
    process.send_signal(signal.SIGINT)
    assert process.wait(timeout=10) == 0
    os.close(ours)


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
