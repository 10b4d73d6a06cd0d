"""The import contracts of pyproject.toml, held against a skeleton of the house, whole and with faults."""

import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.support.house import ROOT

ROOMS = (
    "cache",
    "cli",
    "core",
    "demo",
    "documents",
    "lab",
    "resilience",
    "rules",
    "sales",
    "servers",
    "services",
)
COLLECTORS = ("gathering", "mail", "survey")
# The contract that must break, the module at fault, and what it imports.
FAULTS = [
    ("floors", "hunter/rules/load.py", "import hunter.wiring"),
    ("floors", "hunter/rules/load.py", "import hunter.sales"),
    ("floors", "hunter/novelty/room.py", ""),
    ("no circles", "hunter/core/judgement/scoring.py", "import hunter.core.judgement.segmentation"),
    ("core and sales are pure", "hunter/core/judgement/scoring.py", "import socket"),
    ("core and sales are pure", "hunter/sales/wording.py", "import pydantic"),
    ("collectors are strangers", "hunter/collectors/mail.py", "import hunter.collectors.gathering"),
    ("collectors are strangers", "hunter/collectors/fax.py", ""),
    ("only wiring reads settings", "hunter/cli/main.py", "import hunter.settings.reading"),
    ("settings end at the commands", "hunter/services/scan.py", "import hunter.settings.fields"),
    ("the product does not know its lab", "hunter/wiring.py", "import hunter.lab.door"),
    ("the product does not know its lab", "hunter/wiring.py", "import hunter.servers.door"),
    ("services are handed a survey", "hunter/services/scan.py", "import hunter.documents.door"),
    ("services are handed a survey", "hunter/services/scan.py", "import hunter.cache.door"),
    ("the toolbox calls nobody", "hunter/resilience/door.py", "import httpx"),
    ("the lead index has one door", "hunter/storage/leads.py", "import hunter.storage.lead_index.writing"),
    ("Redis lives in cache", "hunter/services/scan.py", "import redis"),
    ("the product does not know its benchmarks", "hunter/cli/main.py", "import bench.door"),
    ("no circles", "bench/door.py", "import bench.report"),
    ("the lab is a stranger", "hunter/lab/dns/worlds.py", "import hunter.collectors.mail"),
]


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    for folder in path.parents:
        if folder.name == "source":
            break
        (folder / "__init__.py").touch()
    path.write_text(f"{text}\n", encoding="utf-8")


@pytest.fixture
def skeleton(tmp_path: Path) -> Path:
    """The rooms of the house with next to nothing in them, and the real contracts."""
    source = tmp_path / "source"
    for room in ROOMS:
        write(source / "hunter" / room / "door.py", "")
    write(source / "bench" / "door.py", "import hunter.lab.door")
    write(source / "bench" / "report.py", "import bench.door")
    for kind in COLLECTORS:
        write(source / "hunter" / "collectors" / f"{kind}.py", "")
    for module in ("fields", "kinds", "reading"):
        write(source / "hunter" / "settings" / f"{module}.py", "")
    write(source / "hunter" / "wiring.py", "import hunter.settings.reading\nimport hunter.collectors.survey")
    write(source / "hunter" / "cache" / "connection.py", "import redis")
    write(source / "hunter" / "core" / "judgement" / "segmentation.py", "import hunter.core.judgement.scoring")
    write(source / "hunter" / "core" / "judgement" / "scoring.py", "")
    write(source / "hunter" / "cli" / "main.py", "import hunter.wiring\nimport hunter.lab.door")
    for file in sorted((ROOT / "src" / "hunter" / "storage" / "lead_index").glob("[a-z]*.py")):
        write(source / "hunter" / "storage" / "lead_index" / file.name, "")
    for module in ("check", "migrations", "tidy"):
        write(source / "hunter" / "storage" / f"{module}.py", "import hunter.storage.lead_index.facet_key")
    (tmp_path / "pyproject.toml").write_bytes((ROOT / "pyproject.toml").read_bytes())
    return tmp_path


def verdicts(skeleton: Path) -> dict[str, str]:
    """Each contract's verdict, as the tool prints it."""
    code = "from importlinter.cli import lint_imports_command as main; main(['--no-cache', '--no-logo'])"
    variables = os.environ | {"PYTHONPATH": str(skeleton / "source"), "COLUMNS": "200", "PYTHONSAFEPATH": "1"}
    ended = subprocess.run(
        [sys.executable, "-c", code], cwd=skeleton, env=variables, capture_output=True, text=True, check=False
    )
    return dict(re.findall(r"^(.+?) (KEPT|BROKEN)", ended.stdout, re.MULTILINE))


def test_a_house_without_faults_keeps_every_contract(skeleton: Path) -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"][
        "contracts"
    ]
    assert verdicts(skeleton) == {contract["name"]: "KEPT" for contract in contracts}


@pytest.mark.parametrize(("contract", "module", "text"), FAULTS)
def test_a_fault_breaks_its_contract(skeleton: Path, contract: str, module: str, text: str) -> None:
    write(skeleton / "source" / module, text)
    assert verdicts(skeleton)[contract] == "BROKEN"


def test_every_contract_is_held_against_a_fault(skeleton: Path) -> None:
    assert {contract for contract, _, _ in FAULTS} == verdicts(skeleton).keys()
