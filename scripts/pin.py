"""Write requirements/*.txt from pyproject.toml: every package pinned, with the hashes of all its files.

In: further arguments for the resolver, such as --upgrade. The pins hold for every platform and every Python from 3.11;
no header, no index address and no lock file is written, because those record where packages were fetched.
"""

import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Pins:
    """One file of pins: the product's packages and those of an extra, agreeing with a file made before."""

    name: str
    extra: str | None = None
    agrees_with: str | None = None


# In this order: each file takes the versions of the one it must agree with, for they share one environment.
FILES = (
    Pins("app"),
    Pins("dev", extra="dev", agrees_with="app"),
    Pins("peers", extra="peers", agrees_with="dev"),
    Pins("resolver", extra="resolver", agrees_with="dev"),
)


def command(pins: Pins, further: Sequence[str]) -> list[str]:
    """The resolver's command line for one file."""
    words = [sys.executable, "-m", "uv", "pip", "compile", "--quiet", "--universal", "--generate-hashes"]
    words += ["--no-annotate", "--no-header", "--python-version", "3.11"]
    if pins.extra:
        words += ["--extra", pins.extra]
    if pins.agrees_with:
        words += ["--constraint", f"requirements/{pins.agrees_with}.txt"]
    return [*words, *further, "--output-file", f"requirements/{pins.name}.txt", "pyproject.toml"]


def main(further: Sequence[str]) -> int:
    """Write all files; the first that cannot be resolved ends it."""
    for pins in FILES:
        print(f"requirements/{pins.name}.txt", flush=True)
        code = subprocess.call(command(pins, further))
        if code != 0:
            return code
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
