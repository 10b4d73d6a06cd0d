"""The rules of the house that no ready-made tool knows, each as a function from a source to its breaches.

In: a `Source`. Out: lines that say where and what; none if the rule is kept. Numbers and names are those of the
contributor's guide.
"""

import ast
import io
import re
import tokenize
from collections.abc import Callable, Iterator

from tests.support.house import Source

LONGEST_FILE, LONGEST_FUNCTION, MOST_POSITIONAL, LONGEST_DOCSTRING = 400, 60, 4, 5
SAYS_NOTHING = frozenset(
    {"util", "utils", "helper", "helpers", "common", "misc", "base", "manager", "handler", "data", "info"}
)
# Around one collector, at the top of a job, and at the top of the command line.
MAY_CATCH_ALL = re.compile(r"src/hunter/(collectors/gathering|jobs/\w+|cli/main)\.py")
MAY_READ_ENVIRONMENT = re.compile(r"src/hunter/settings/reading\.py")
PURE = re.compile(r"src/hunter/(core|sales)/")
# The whole tree of errors is drawn at the top of its module.
MAY_OPEN_AT_LENGTH = frozenset({"src/hunter/core/errors.py"})
# What most starts of a command do without, and what would cost them more than all the rest. Written as imports, so that
# the contracts see the arrow.
LATE_IMPORTS = frozenset(
    {
        ("src/hunter/cli/scan.py", "hunter.cli.stored_scan"),
        ("src/hunter/cli/scan.py", "hunter.cli.scan_stored"),
        ("src/hunter/cli/serving.py", "hunter.storage.schema"),
    }
)
IGNORE = re.compile(r"(?:type: ?ignore|noqa)\b(?P<codes>\[[^\]]*\]|: ?[A-Z]+[0-9]+(?:, ?[A-Z]+[0-9]+)*)?(?P<reason>.*)")

Function = ast.FunctionDef | ast.AsyncFunctionDef
Rule = Callable[[Source], Iterator[str]]


def functions(source: Source) -> Iterator[Function]:
    return (node for node in ast.walk(source.tree) if isinstance(node, Function))


def at(source: Source, node: ast.stmt | ast.expr | ast.excepthandler, what: str) -> str:
    return f"{source.name}:{node.lineno}: {what}"


def imports_inside_functions(source: Source) -> Iterator[str]:
    for function in functions(source):
        for node in ast.walk(function):
            is_late = isinstance(node, ast.ImportFrom) and (source.name, node.module) in LATE_IMPORTS
            if isinstance(node, ast.Import | ast.ImportFrom) and not is_late:
                yield at(source, node, f"import inside {function.name}")


def imports_for_types_only(source: Source) -> Iterator[str]:
    for node in ast.walk(source.tree):
        is_name = isinstance(node, ast.Name) and node.id == "TYPE_CHECKING"
        is_attribute = isinstance(node, ast.Attribute) and node.attr == "TYPE_CHECKING"
        if is_name or is_attribute:
            yield f"{source.name}: an import for types only"


def long_files(source: Source) -> Iterator[str]:
    lines = source.text.count("\n")
    if lines > LONGEST_FILE:
        yield f"{source.name}: {lines} lines"


def long_functions(source: Source) -> Iterator[str]:
    for function in functions(source):
        lines = (function.end_lineno or function.lineno) - function.lineno + 1
        if lines > LONGEST_FUNCTION:
            yield at(source, function, f"{function.name} has {lines} lines")


def many_positional_arguments(source: Source) -> Iterator[str]:
    for function in functions(source):
        names = [argument.arg for argument in function.args.posonlyargs + function.args.args]
        count = len([name for name in names if name not in {"self", "cls"}])
        if count > MOST_POSITIONAL:
            yield at(source, function, f"{function.name} takes {count} positional arguments")


def open_keyword_arguments(source: Source) -> Iterator[str]:
    for function in functions(source):
        if function.args.kwarg is not None:
            yield at(source, function, f"{function.name} takes **{function.args.kwarg.arg}")


def filled_package_files(source: Source) -> Iterator[str]:
    if source.name.endswith("__init__.py") and source.text:
        yield f"{source.name}: is not empty"


def modules_without_docstring(source: Source) -> Iterator[str]:
    if not source.text:
        return
    docstring = ast.get_docstring(source.tree)
    if docstring is None:
        yield f"{source.name}: no docstring"
    elif source.name not in MAY_OPEN_AT_LENGTH and len(docstring.splitlines()) > LONGEST_DOCSTRING:
        yield f"{source.name}: a docstring of {len(docstring.splitlines())} lines"


def names_that_say_nothing(source: Source) -> Iterator[str]:
    words = source.name.removesuffix(".py").split("/")
    for word in words:
        if word in SAYS_NOTHING or word.endswith(("_utils", "_helpers")):
            yield f"{source.name}: {word} says nothing"


def broad_catches(source: Source) -> Iterator[str]:
    for node in ast.walk(source.tree):
        if isinstance(node, ast.ExceptHandler) and _is_broad(node.type):
            if not MAY_CATCH_ALL.fullmatch(source.name):
                yield at(source, node, "a broad catch outside survey, jobs and the top of the command line")
            elif not _has_comment(source, node.lineno):
                yield at(source, node, "a broad catch without a comment")
        if isinstance(node, ast.Call) and _called(node) == "suppress" and any(map(_is_broad, node.args)):
            yield at(source, node, "everything suppressed")


def _is_broad(caught: ast.expr | None) -> bool:
    if isinstance(caught, ast.Tuple):
        return any(map(_is_broad, caught.elts))
    return caught is None or (isinstance(caught, ast.Name) and caught.id in {"Exception", "BaseException"})


def _called(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


def _has_comment(source: Source, line: int) -> bool:
    """True if the line, the one before or the one after carries a comment."""
    lines = source.text.splitlines()
    return any("#" in text for text in lines[max(line - 2, 0) : line + 1])


def environment_reads(source: Source) -> Iterator[str]:
    if MAY_READ_ENVIRONMENT.fullmatch(source.name):
        return
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Attribute) and node.attr in {"environ", "environb", "getenv"}:
            yield at(source, node, "reads the environment; settings do that")


def loose_shapes(source: Source) -> Iterator[str]:
    """Dataclasses of the pure rooms that are not frozen and slotted."""
    if not PURE.match(source.name):
        return
    for node in ast.walk(source.tree):
        if isinstance(node, ast.ClassDef):
            for decorator in node.decorator_list:
                if "dataclass" in ast.unparse(decorator) and not _is_frozen_and_slotted(decorator):
                    yield at(source, node, f"{node.name} is not frozen and slotted")


def _is_frozen_and_slotted(decorator: ast.expr) -> bool:
    keywords = decorator.keywords if isinstance(decorator, ast.Call) else []
    true = {word.arg for word in keywords if isinstance(word.value, ast.Constant) and word.value.value is True}
    return {"frozen", "slots"} <= true


def ignores_without_reason(source: Source) -> Iterator[str]:
    comments = {token.start[0]: token for token in _comments(source)}
    for line, comment in comments.items():
        found = IGNORE.search(comment.string)
        if found is None:
            continue
        if not found["codes"]:
            yield f"{source.name}:{line}: an ignore that names no rule"
        elif not re.search(r"\w", found["reason"]) and line - 1 not in comments:
            yield f"{source.name}:{line}: an ignore without its reason, on the line or on the one above"


def _comments(source: Source) -> Iterator[tokenize.TokenInfo]:
    tokens = tokenize.generate_tokens(io.StringIO(source.text).readline)
    return (token for token in tokens if token.type == tokenize.COMMENT)


def mocks(source: Source) -> Iterator[str]:
    for node in ast.walk(source.tree):
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom):
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        if any(name.startswith("unittest.mock") for name in names):
            yield f"{source.name}: a mock; use a builder, a fake of tests/support or the lab"
