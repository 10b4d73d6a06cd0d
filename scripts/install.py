"""Make an environment, or what is missing in it: the interpreter, hash-pinned packages, compiled catalogues.

In: an `Environment` and the names of requirement files. Out: the environment is ready, or a `SetupError` says what to
do. One start at a time works on an environment; one that was killed half-way is made anew by the next.
"""

import importlib.util
import os
import shutil
import subprocess
import sys
import sysconfig
import time
from collections.abc import Sequence
from pathlib import Path

from scripts.environment import (
    TEXTS,
    Environment,
    catalogues,
    compiled,
    has_texts,
    is_ready,
    missing,
    requirements,
    wanted_stamp,
    wanted_texts_stamp,
)
from scripts.locking import locked

# pip's own variables that say how the index is reached. All others would change what is installed and where.
PIP_NETWORK = frozenset(
    {
        "PIP_CACHE_DIR",
        "PIP_CERT",
        "PIP_CLIENT_CERT",
        "PIP_CONFIG_FILE",
        "PIP_DEFAULT_TIMEOUT",
        "PIP_EXTRA_INDEX_URL",
        "PIP_FIND_LINKS",
        "PIP_INDEX_URL",
        "PIP_KEYRING_PROVIDER",
        "PIP_NO_CACHE_DIR",
        "PIP_NO_INDEX",
        "PIP_PROXY",
        "PIP_RETRIES",
        "PIP_TIMEOUT",
        "PIP_TRUSTED_HOST",
    }
)
LINES_SHOWN = 15


class SetupError(Exception):
    """The environment cannot be made; the message says why and what to do."""


def ensure(environment: Environment, names: Sequence[str]) -> None:
    """Make the environment ready for the named requirement files, unless it is."""
    if is_ready(environment, names):
        return
    try:
        if not environment.is_in_checkout:
            environment.folder.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with locked(environment.lock, while_waiting=lambda: say("another start is setting up; waiting for it ...")):
            # The start that held the lock may have done it.
            if not is_ready(environment, names):
                _make_ready(environment, names)
    except OSError as error:
        raise SetupError(_cannot_write(environment, error)) from error


def say(line: str) -> None:
    """One line to the person who waits; standard output belongs to the command."""
    print(f"hunter: {line}", file=sys.stderr, flush=True)


def _make_ready(environment: Environment, names: Sequence[str]) -> None:
    if lacking := missing(environment, names):
        started = time.monotonic()
        say(f"setting up {environment.folder} ({', '.join(lacking)}; once, usually well under a minute) ...")
        if _must_start_anew(environment, lacking):
            _make_folder(environment)
            environment.unfinished.touch()
            _make_interpreter(environment)
            _link_source(environment)
            lacking = list(names)
        environment.unfinished.touch()
        _install(environment, lacking)
        for name in lacking:
            environment.stamp(name).write_text(wanted_stamp(environment, name), encoding="ascii")
        environment.unfinished.unlink()
        say(f"ready after {time.monotonic() - started:.0f} s")
    if not has_texts(environment):
        _compile_texts(environment)


def _must_start_anew(environment: Environment, lacking: Sequence[str]) -> bool:
    """True unless packages are only to be added: not to a half-made environment, nor to outdated packages."""
    return (
        "app" in lacking or environment.unfinished.exists() or any(environment.stamp(name).exists() for name in lacking)
    )


def _make_folder(environment: Environment) -> None:
    """Leave an empty folder with a fresh log; the log goes last, so that a killed clearing stays recognisable."""
    folder = environment.folder
    folder.mkdir(mode=0o755, exist_ok=True)
    entries = [entry for entry in folder.iterdir() if entry != environment.log]
    if entries and not environment.log.exists():
        raise SetupError(f"{folder} was not made by hunter. Remove or rename it, then start again.")
    for entry in entries:
        if entry.is_dir() and not entry.is_symlink():
            shutil.rmtree(entry)
        else:
            entry.unlink()
    environment.log.write_text("", encoding="utf-8")


def _make_interpreter(environment: Environment) -> None:
    """The virtual environment itself, with pip as this Python ships it."""
    if importlib.util.find_spec("venv") is None or importlib.util.find_spec("ensurepip") is None:
        raise SetupError(venv_is_missing(sys.version_info[:2], sys.executable))
    # Started from a virtual environment (perhaps the very one to be made anew): the Python behind it.
    python = getattr(sys, "_base_executable", None) or sys.executable
    _run(environment, [python, "-I", "-m", "venv", str(environment.folder)], "the virtual environment was not made")


def venv_is_missing(version: tuple[int, int], python: str) -> str:
    """What to install where a distribution ships Python without `venv`."""
    dotted = "{}.{}".format(*version)
    return (
        f"{python} comes without venv and ensurepip, which make the environment.\n"
        f"On Debian and Ubuntu: sudo apt install python3-venv (or python{dotted}-venv), then start again.\n"
        "Elsewhere: install a complete Python, then start again with it."
    )


def _link_source(environment: Environment) -> None:
    """Put the checkout's `src` on the environment's path, where possible relative, so that any folder name works."""
    folder = str(environment.folder)
    packages = Path(sysconfig.get_path("purelib", "venv", {"base": folder, "platbase": folder}))
    source = environment.root / "src"
    line = os.path.relpath(source, packages) if environment.is_in_checkout else str(source)
    (packages / "hunter.pth").write_text(line + "\n", encoding="utf-8")


def _install(environment: Environment, names: Sequence[str]) -> None:
    # Wheels only: building from source would run code that no hash covers, and would need a compiler.
    command = [str(environment.python), "-I", "-m", "pip", "install", "--no-input", "--disable-pip-version-check"]
    command += ["--no-user", "--progress-bar", "off", "--no-warn-script-location", "--require-hashes"]
    command += ["--only-binary", ":all:"]
    for name in names:
        command += ["-r", str(requirements(environment, name))]
    _run(
        environment,
        command,
        "the packages were not installed. They come from the index that pip is configured for;\n"
        "behind a proxy set HTTPS_PROXY, offline point PIP_FIND_LINKS to a folder of wheels and set PIP_NO_INDEX=1",
    )


def _compile_texts(environment: Environment) -> None:
    """Compile every catalogue with the environment's own Babel; the stamp is written last."""
    wanted = wanted_texts_stamp(environment)
    if sources := catalogues(environment):
        pairs = [str(path) for source in sources for path in (source, compiled(environment, source))]
        script = environment.root / "scripts" / "compile_catalogues.py"
        _run(environment, [str(environment.python), "-I", str(script), *pairs], "the texts were not compiled")
    environment.stamp(TEXTS).write_text(wanted, encoding="ascii")


def _run(environment: Environment, command: Sequence[str], failure: str) -> None:
    """Run one step of the set-up, its words in the log; if it fails, the last of them in the error."""
    with environment.log.open("ab") as log:
        log.write(f"$ {' '.join(command)}\n".encode())
        log.flush()
        code = subprocess.call(
            command,
            env=tool_environment(),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            # The step inherits the lock: if only this process is killed, the next start waits for the step to end.
            close_fds=False,
        )
    if code != 0:
        lines = environment.log.read_text(encoding="utf-8", errors="replace").splitlines()[-LINES_SHOWN:]
        said = "\n".join(f"  | {line}" for line in lines)
        raise SetupError(f"{failure}.\n{said}\nThe whole record: {environment.log}")


def tool_environment() -> dict[str, str]:
    """The caller's variables without those that would lead a Python or pip of ours astray."""
    return {
        name: value
        for name, value in os.environ.items()
        if name not in {"PYTHONHOME", "PYTHONPATH", "VIRTUAL_ENV", "__PYVENV_LAUNCHER__"}
        and (not name.startswith("PIP_") or name in PIP_NETWORK)
    }


def _cannot_write(environment: Environment, error: OSError) -> str:
    if environment.is_in_checkout:
        return f"{environment.folder} cannot be made: {error}."
    return (
        f"{environment.root} belongs to somebody else or is read-only, and the cache cannot take the environment:\n"
        f"{error}.\nSet XDG_CACHE_HOME to a folder of your own, or clone the project into one, then start again."
    )
