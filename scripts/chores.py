"""The chores of a checkout, one short command each. `./hunter help` prints this table.

Adding a chore is one row here; a step is what the environment's Python is given.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

Step = tuple[str, ...]

FORMAT: Step = ("-m", "ruff", "format", ".")
MEND: Step = ("-m", "ruff", "check", "--fix", "--exit-zero", "--quiet", ".")
FORMAT_CHECK: Step = ("-m", "ruff", "format", "--check", ".")
LINT: Step = ("-m", "ruff", "check", ".")
TYPES: Step = ("-m", "mypy")
# A name without suffix is no module, so mypy takes the launcher as a program of its own.
TYPES_OF_LAUNCHER: Step = ("-m", "mypy", "hunter")
CONTRACTS: Step = ("-c", "from importlinter.cli import lint_imports_command as main; main(['--no-logo', '--no-cache'])")
BENCH: Step = ("-m", "bench")
# How many at a time: tests/conftest.py.
TESTS: Step = ("-m", "pytest", "-n", "auto", "--dist", "loadfile")
LONG_TESTS: Step = ("-m", "scripts.long_tests")
UNIT_TESTS: Step = ("-m", "pytest", "-q", "tests/unit")


@dataclass(frozen=True, slots=True)
class Chore:
    """One chore: what it is for, what must be installed, and what is run."""

    summary: str
    group: str
    #: Names of files under requirements/.
    needs: tuple[str, ...]
    steps: tuple[Step, ...]
    takes_arguments: bool = False
    #: Arguments that need one requirement file more, each with its name.
    needs_for: Mapping[str, str] = field(default_factory=dict)
    #: Arguments that stand for other steps, each with its step.
    instead: Mapping[str, Step] = field(default_factory=dict)
    #: True where paths among the arguments are the caller's; else the steps run in the checkout's folder.
    stays_in_folder: bool = False


SETTING_UP, CHECKING, KEEPING = "set up", "check", "keep"
PRODUCT, TOOLS = ("app",), ("app", "dev")

CHORES = {
    "setup": Chore("make the environment with the tools for work on Hunter", SETTING_UP, TOOLS, ()),
    "test": Chore(
        "run the tests; arguments go to pytest; --long runs what takes long instead",
        CHECKING,
        TOOLS,
        (TESTS,),
        takes_arguments=True,
        instead={"--long": LONG_TESTS},
    ),
    "check": Chore(
        "format, lint, types, contracts and unit tests, before each commit",
        CHECKING,
        TOOLS,
        (FORMAT_CHECK, LINT, TYPES, TYPES_OF_LAUNCHER, CONTRACTS, UNIT_TESTS),
    ),
    "lint": Chore("check format and lint rules", CHECKING, TOOLS, (FORMAT_CHECK, LINT)),
    "types": Chore("check types, strictly", CHECKING, TOOLS, (TYPES, TYPES_OF_LAUNCHER)),
    "contracts": Chore("check which room imports which", CHECKING, TOOLS, (CONTRACTS,)),
    "bench": Chore(
        "measure the goals of the project on this machine (--help tells more)",
        CHECKING,
        PRODUCT,
        (BENCH,),
        takes_arguments=True,
        needs_for={"--peers": "peers"},
        stays_in_folder=True,
    ),
    "format": Chore("mend what lint can mend, and format the code", KEEPING, TOOLS, (MEND, FORMAT)),
    "lock": Chore(
        "pin the packages of pyproject.toml anew; arguments go to the resolver (--upgrade)",
        KEEPING,
        ("app", "resolver"),
        (("scripts/pin.py",),),
        takes_arguments=True,
    ),
}


def overview() -> str:
    """The chores by group, for a terminal."""
    lines = ["Chores of this checkout (set up what they need by themselves):"]
    for group in (SETTING_UP, CHECKING, KEEPING):
        lines.append(f"  {group}")
        lines += [f"    ./hunter {name:<10} {chore.summary}" for name, chore in CHORES.items() if chore.group == group]
    return "\n".join(lines) + "\n"
