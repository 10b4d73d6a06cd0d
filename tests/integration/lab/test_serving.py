"""A world served in the foreground, as the command line does it, until Ctrl-C."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import dns.message
import dns.query

ROOT = Path(__file__).parents[3]
PROGRAM = """
from hunter.lab.serving import serve
from hunter.lab.world_sources.choosing import GeneratedWorldSource
serve(GeneratedWorldSource(10), say=lambda line: print(line, flush=True), port=0)
"""


def test_address_is_told_at_the_start_and_the_count_at_ctrl_c() -> None:
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
    with subprocess.Popen(
        [sys.executable, "-c", PROGRAM], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment
    ) as server:
        assert server.stdout is not None
        said = server.stdout.readline()
        host, _, port = said.removeprefix("listening on ").strip().partition(":")
        assert host == "127.0.0.1"
        dns.query.udp(dns.message.make_query("f0000001.example", "NS"), host, port=int(port), timeout=5)
        dns.query.tcp(dns.message.make_query("f0000001.example", "NS"), host, port=int(port), timeout=5)
        server.send_signal(signal.SIGINT)
        rest, errors = server.communicate(timeout=10)
    assert (rest, errors, server.returncode) == ("2 questions (1 by TCP), 2 answered, 0 dropped\n", "", 0)
