"""Finding the servers' programs: what is missing is named, with what to do."""

from pathlib import Path

import pytest

from hunter.servers.errors import ServersUnavailable
from hunter.servers.programs import find_postgres, find_valkey


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An installed package without any program in it."""
    folder = tmp_path / "hollow_package"
    folder.mkdir()
    (folder / "__init__.py").write_text("raise RuntimeError('the package was imported')\n")
    monkeypatch.syspath_prepend(tmp_path)
    return folder


def test_the_programs_of_the_environment_are_found() -> None:
    assert find_postgres().major == 18
    assert find_valkey().path.name == "valkey-server"


def test_a_missing_package_is_named_with_what_to_do() -> None:
    with pytest.raises(ServersUnavailable, match=r"no_such_package, which brings PostgreSQL.*HUNTER_DATABASE_URL"):
        find_postgres("no_such_package")
    with pytest.raises(ServersUnavailable, match=r"no_such_package, which brings Valkey.*HUNTER_REDIS_URL"):
        find_valkey("no_such_package")


def test_a_platform_without_valkey_is_told(package: Path) -> None:
    with pytest.raises(ServersUnavailable, match=r"no Valkey in the package hollow_package for .* HUNTER_REDIS_URL"):
        find_valkey(package.name)


def test_a_package_without_the_programs_is_told(package: Path) -> None:
    with pytest.raises(ServersUnavailable, match=r"brings no postgres"):
        find_postgres(package.name)


def test_a_program_that_does_not_run_here_says_why(package: Path) -> None:
    program = package / "pginstall" / "bin" / "postgres"
    program.parent.mkdir(parents=True)
    program.write_text("#!/bin/sh\necho 'GLIBC_9.9 not found' >&2\nexit 1\n")
    program.chmod(0o755)
    with pytest.raises(ServersUnavailable, match=r"GLIBC_9\.9 not found"):
        find_postgres(package.name)


def test_a_program_of_another_machine_says_why(package: Path) -> None:
    program = package / "pginstall" / "bin" / "postgres"
    program.parent.mkdir(parents=True)
    program.write_bytes(b"\x7fELF of elsewhere")
    program.chmod(0o755)
    with pytest.raises(ServersUnavailable, match="cannot be started"):
        find_postgres(package.name)
