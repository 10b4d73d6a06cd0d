"""Compile gettext catalogues. In: pairs of paths, source (.po) and target (.mo). Runs under the environment's Python.

The standard library reads compiled catalogues but cannot make them, hence Babel. A target is replaced whole, so that a
running program never reads half of one.
"""

import os
import sys
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po


def compile_catalogue(source: Path, target: Path) -> None:
    """Write the compiled form; fuzzy entries stay out, a malformed source raises."""
    with source.open("rb") as lines:
        catalogue = read_po(lines, abort_invalid=True)
    target.parent.mkdir(parents=True, exist_ok=True)
    unfinished = target.with_name(f"{target.name}.{os.getpid()}")
    with unfinished.open("wb") as file:
        write_mo(file, catalogue)
    unfinished.replace(target)


def main(paths: list[str]) -> None:
    """Compile each pair."""
    for source, target in zip(paths[::2], paths[1::2], strict=True):
        compile_catalogue(Path(source), Path(target))


if __name__ == "__main__":
    main(sys.argv[1:])
