"""What stands behind `./hunter`: chores of the checkout, and the door to the real command line.

In: the arguments. Out: the exit code, or this process becomes the command. The first argument decides which packages
are needed; everything that is no chore belongs to `hunter.cli.main`.
"""

import os
import shlex
import subprocess
from collections.abc import Sequence
from pathlib import Path

from scripts.chores import CHORES, Chore, overview
from scripts.environment import Environment, choose
from scripts.install import SetupError, ensure, say, tool_environment

ROOT = Path(__file__).resolve().parent.parent
FAILED, USAGE, INTERRUPTED = 1, 2, 130
HELP = frozenset({"help", "-h", "--help"})


def main(arguments: Sequence[str]) -> int:
    """Run the chore or the product's command that the arguments name."""
    try:
        return _dispatch(arguments)
    except SetupError as error:
        for line in str(error).splitlines():
            say(line)
        return FAILED
    except KeyboardInterrupt:
        say("stopped; the next start carries on.")
        return INTERRUPTED


def _dispatch(arguments: Sequence[str]) -> int:
    first, rest = (arguments[0], arguments[1:]) if arguments else ("help", [])
    if first in HELP and not rest:
        print(overview(), flush=True)
        return _become(_prepared(["app"]), ["-m", "hunter.cli.main", "--help"])
    chore = CHORES.get(first)
    if chore is None:
        return _become(_prepared(["app"]), ["-m", "hunter.cli.main", *arguments])
    if rest and not chore.takes_arguments:
        say(f"`{first}` takes no arguments; `./hunter help` lists what there is.")
        return USAGE
    return _run_chore(chore, rest)


def _prepared(names: Sequence[str]) -> Environment:
    environment = choose(ROOT, names)
    ensure(environment, names)
    return environment


def _run_chore(chore: Chore, extra: Sequence[str]) -> int:
    """Run all steps, also after one has failed, so that one run shows everything; the code is the first failure's."""
    more = [name for argument, name in chore.needs_for.items() if argument in extra]
    environment = _prepared([*chore.needs, *more])
    variables = child_environment(environment) | chore_variables()
    if not chore.stays_in_folder:
        os.chdir(ROOT)
    steps = [chore.instead[argument] for argument in extra if argument in chore.instead] or chore.steps
    extra = [argument for argument in extra if argument not in chore.instead]
    if len(steps) == 1:
        return _become(environment, [*steps[0], *extra], variables)
    codes = [_call(environment, [*step, *extra], variables) for step in steps]
    return next((code for code in codes if code != 0), 0)


def _call(environment: Environment, arguments: Sequence[str], variables: dict[str, str]) -> int:
    say(f"python {shlex.join(arguments)}")
    return subprocess.call([str(environment.python), *arguments], env=variables)


def _become(environment: Environment, arguments: Sequence[str], variables: dict[str, str] | None = None) -> int:
    """Replace this process, so that signals and exit code are the command's own; Windows has no such call."""
    command, variables = [str(environment.python), *arguments], variables or child_environment(environment)
    if os.name == "nt":
        return subprocess.call(command, env=variables)
    os.execve(command[0], command, variables)


def child_environment(environment: Environment) -> dict[str, str]:
    """The caller's variables, made safe for the product: see the reason at each."""
    variables = tool_environment()
    # A file `email.py` in the folder where the command is started must not shadow the standard library.
    variables["PYTHONSAFEPATH"] = "1"
    # Nothing is downloaded behind the back of the pinned files.
    variables["UV_PYTHON_DOWNLOADS"] = "never"
    if not environment.is_in_checkout:
        variables.update(_caches_beside(environment))
    return variables


def chore_variables() -> dict[str, str]:
    """What a chore has beyond a command of the product: `bench` and `tests` are imported, also by its children."""
    return {"PYTHONPATH": str(ROOT)}


def _caches_beside(environment: Environment) -> dict[str, str]:
    """Where Python and the tools keep what they make, if not in the checkout, which is not ours to write."""
    caches = environment.folder / "caches"
    return {
        "PYTHONPYCACHEPREFIX": str(caches / "python"),
        "RUFF_CACHE_DIR": str(caches / "ruff"),
        "MYPY_CACHE_DIR": str(caches / "mypy"),
        "HYPOTHESIS_STORAGE_DIRECTORY": str(caches / "hypothesis"),
        "PYTEST_ADDOPTS": shlex.join(["-o", f"cache_dir={caches / 'pytest'}"]),
    }
