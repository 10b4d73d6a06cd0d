"""One word, one thing: no public class or function of the product has the name of another."""

import ast
import tomllib
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path

from tests.support.house import ROOT

SOURCE = ROOT / "src" / "hunter"
KNOWN = Path(__file__).with_name("repeated_names.toml")
DEFINITIONS = (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)


def repeated(modules: Mapping[str, str]) -> dict[str, list[str]]:
    """Return the files that define a public name, for each that more than one defines."""
    found = defaultdict(set)
    for file, text in modules.items():
        for node in ast.parse(text).body:
            if isinstance(node, DEFINITIONS) and not node.name.startswith("_"):
                found[node.name].add(file)
    return {name: sorted(files) for name, files in sorted(found.items()) if len(files) > 1}


def test_a_public_name_means_one_thing() -> None:
    modules = {str(file.relative_to(SOURCE)): file.read_text(encoding="utf-8") for file in SOURCE.rglob("*.py")}
    known = tomllib.loads(KNOWN.read_text(encoding="utf-8"))
    listed = {name: reason for part in known.values() for name, reason in part.items()}
    found = repeated(modules)
    assert {name: files for name, files in found.items() if name not in listed} == {}
    assert sorted(listed.keys() - found.keys()) == []
    assert all(listed.values())


def test_a_repeat_is_found_and_private_names_are_free() -> None:
    modules = {
        "a.py": "class Guard: ...\ndef run(): ...\ndef _own(): ...\n",
        "b.py": "async def run(): ...\ndef _own(): ...\nclass Other:\n    def Guard(self): ...\n",
        "c.py": "class Guard: ...\nGuard = 1\n",
    }
    assert repeated(modules) == {"Guard": ["a.py", "c.py"], "run": ["a.py", "b.py"]}
