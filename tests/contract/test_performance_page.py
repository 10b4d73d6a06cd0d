"""The page of figures has a row for everything that is measured, and nothing else."""

import re

import pytest

from bench import (
    addresses,
    core,
    dead_registry,
    dkim_questions,
    faulty_world,
    files,
    memory,
    packets_read,
    registration,
    scan,
    single_command,
    throughput,
)
from bench import at_distance as distance
from bench import cpu_per_domain as cpu
from bench.command import build_parser
from tests.support.house import read

PAGE = read("docs/reference/performance.md") or ""
MODULES = {
    "dns": (cpu, distance, throughput, memory, faulty_world, dkim_questions, packets_read, single_command),
    "core": (core,),
    "scan": (scan,),
    "registration": (registration, dead_registry),
    "addresses": (addresses,),
    "files": (files,),
}


def names_of_rows(subject: str) -> set[str]:
    """In the modules that measure, each public text of several words is the name of a row."""
    texts = {
        value
        for module in MODULES[subject]
        for name, value in vars(module).items()
        if name.isupper() and not name.startswith("_") and isinstance(value, str) and " " in value
    }
    assert len(texts) >= 2
    return texts


def rows_of_page(subject: str) -> set[str]:
    table = PAGE.split(f"<!-- begin: ./hunter bench {subject} ")[1].split("<!-- end -->")[0]
    return set(re.findall(r"^\| (.+?) \| ", table, re.MULTILINE)) - {"measure"}


@pytest.mark.parametrize("subject", MODULES)
def test_the_page_has_every_row_and_no_other(subject: str) -> None:
    assert rows_of_page(subject) == names_of_rows(subject)


def test_the_page_has_every_option_and_no_other() -> None:
    rows = re.findall(r"^\| (`--.*?) \|", PAGE, re.MULTILINE)
    documented = {name for row in rows for name in re.findall(r"(?<![\w-])--[a-z][a-z0-9-]*", row)}
    options = {name for action in build_parser()._actions for name in action.option_strings}
    assert documented == options - {"-h", "--help"}
