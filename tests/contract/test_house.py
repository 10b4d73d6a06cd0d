"""The house rules, held against every Python file; and every rule held against a fault made on purpose."""

import pytest

from tests.support import house_rules as rules
from tests.support.house import Source, parse, sources

EVERYWHERE: dict[str, rules.Rule] = {
    "imports stand at the top": rules.imports_inside_functions,
    "no import is for types only": rules.imports_for_types_only,
    "files stay short": rules.long_files,
    "functions stay short": rules.long_functions,
    "package files are empty": rules.filled_package_files,
    "modules say what lives in them": rules.modules_without_docstring,
    "ignores name rule and reason": rules.ignores_without_reason,
    "names say something": rules.names_that_say_nothing,
    "nothing is mocked": rules.mocks,
}
PRODUCT: dict[str, rules.Rule] = {
    "few arguments are positional": rules.many_positional_arguments,
    "keyword arguments are named": rules.open_keyword_arguments,
    "broad catches have their places": rules.broad_catches,
    "only settings read the environment": rules.environment_reads,
    "shapes of pure rooms are frozen": rules.loose_shapes,
}

LONG_BODY = "\n".join("    x = 1" for _ in range(60))
FAULTS = [
    (rules.imports_inside_functions, "src/hunter/a.py", "def f():\n    import os\n"),
    (rules.imports_inside_functions, "src/hunter/a.py", "async def f():\n    if x:\n        from os import path\n"),
    (
        rules.imports_for_types_only,
        "src/hunter/a.py",
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import os\n",
    ),
    (rules.imports_for_types_only, "src/hunter/a.py", "import typing\nif typing.TYPE_CHECKING:\n    import os\n"),
    (rules.long_files, "src/hunter/a.py", "x = 1\n" * 401),
    (rules.long_functions, "src/hunter/a.py", f"def f():\n{LONG_BODY}\n"),
    (rules.filled_package_files, "src/hunter/core/__init__.py", '"""Words."""\n'),
    (rules.modules_without_docstring, "src/hunter/a.py", "x = 1\n"),
    (rules.modules_without_docstring, "src/hunter/a.py", '"""1\n2\n3\n4\n5\n6\n"""\n'),
    (rules.ignores_without_reason, "src/hunter/a.py", "x = 1  # type: ignore[assignment]\n"),
    (rules.ignores_without_reason, "src/hunter/a.py", "x = 1  # noqa  because\n"),
    (rules.names_that_say_nothing, "src/hunter/core/utils.py", ""),
    (rules.names_that_say_nothing, "src/hunter/common/spf.py", ""),
    (rules.mocks, "tests/unit/test_a.py", "from unittest.mock import Mock\n"),
    (rules.mocks, "tests/unit/test_a.py", "from unittest import mock\n"),
    (rules.many_positional_arguments, "src/hunter/a.py", "def f(a, b, c, d, e): ...\n"),
    (rules.open_keyword_arguments, "src/hunter/a.py", "def f(**extra): ...\n"),
    (rules.broad_catches, "src/hunter/a.py", "try:\n    f()\nexcept Exception:\n    # Said why.\n    pass\n"),
    (rules.broad_catches, "src/hunter/a.py", "try:\n    f()\nexcept:\n    pass\n"),
    (rules.broad_catches, "src/hunter/a.py", "try:\n    f()\nexcept (OSError, BaseException):\n    pass\n"),
    (rules.broad_catches, "src/hunter/collectors/gathering.py", "try:\n    f()\nexcept Exception:\n    pass\n"),
    (rules.broad_catches, "src/hunter/a.py", "with contextlib.suppress(Exception):\n    f()\n"),
    (rules.environment_reads, "src/hunter/cli/main.py", "import os\nx = os.environ['A']\n"),
    (rules.environment_reads, "src/hunter/cli/main.py", "import os\nx = os.getenv('A')\n"),
    (rules.loose_shapes, "src/hunter/core/a.py", "@dataclass\nclass A: ...\n"),
    (rules.loose_shapes, "src/hunter/sales/a.py", "@dataclasses.dataclass(frozen=True)\nclass A: ...\n"),
]
KEPT = [
    (rules.long_functions, "src/hunter/a.py", "def f():\n" + LONG_BODY.removesuffix("\n    x = 1") + "\n"),
    (rules.long_files, "src/hunter/a.py", "x = 1\n" * 400),
    (rules.many_positional_arguments, "src/hunter/a.py", "class A:\n    def f(self, a, b, c, d, *, e): ...\n"),
    (rules.ignores_without_reason, "src/hunter/a.py", "x = 1  # type: ignore[assignment]  The stub is wrong.\n"),
    (rules.ignores_without_reason, "src/hunter/a.py", "# The stub is wrong.\nx = 1  # type: ignore[assignment]\n"),
    (rules.broad_catches, "src/hunter/collectors/gathering.py", "try:\n    f()\nexcept Exception:  # Why.\n    pass\n"),
    (rules.broad_catches, "src/hunter/a.py", "try:\n    f()\nexcept OSError:\n    pass\n"),
    (rules.names_that_say_nothing, "src/hunter/cli/database.py", ""),
    (rules.loose_shapes, "src/hunter/core/a.py", "@dataclass(frozen=True, slots=True)\nclass A: ...\n"),
]


def breaches(rule: rules.Rule, of: tuple[Source, ...]) -> list[str]:
    return [breach for source in of for breach in rule(source)]


@pytest.mark.parametrize("rule", EVERYWHERE.values(), ids=EVERYWHERE)
def test_all_python_keeps_the_rule(rule: rules.Rule) -> None:
    found = breaches(rule, sources())
    assert not found, "\n".join(found)


@pytest.mark.parametrize("rule", PRODUCT.values(), ids=PRODUCT)
def test_the_product_keeps_the_rule(rule: rules.Rule) -> None:
    product = tuple(source for source in sources() if source.name.startswith(("src/", "bench/")))
    found = breaches(rule, product)
    assert not found, "\n".join(found)


@pytest.mark.parametrize(("rule", "name", "text"), FAULTS)
def test_a_fault_made_on_purpose_is_found(rule: rules.Rule, name: str, text: str) -> None:
    assert len(breaches(rule, (parse(name, text),))) == 1


@pytest.mark.parametrize(("rule", "name", "text"), KEPT)
def test_what_the_rule_allows_is_not_found(rule: rules.Rule, name: str, text: str) -> None:
    assert breaches(rule, (parse(name, text),)) == []


def test_every_rule_is_held_against_a_fault() -> None:
    assert {rule for rule, _, _ in FAULTS} == {*EVERYWHERE.values(), *PRODUCT.values()}


def test_the_sources_are_seen() -> None:
    names = {source.name for source in sources()}
    assert {"hunter", "scripts/launcher.py", "src/hunter/core/errors.py", "tests/contract/test_house.py"} <= names
