"""The ledger of skipped tests: in CI a test that did not run is a failure, unless a file names it with its reason."""

from dataclasses import dataclass, field
from pathlib import Path

import pytest

SEPARATOR = " # "


class UnreadableLedgerError(Exception):
    """A line of the file of allowed skips has no reason."""


def read_allowed(path: Path) -> dict[str, str]:
    """The ids of tests that may be skipped, each with its reason. A line without a reason is refused."""
    allowed: dict[str, str] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        test, separator, reason = line.partition(SEPARATOR)
        if not separator or not reason.strip():
            raise UnreadableLedgerError(f"{path.name}: a reason is missing: {line}")
        allowed[test.strip()] = reason.strip()
    return allowed


# Compared by identity, because pytest keeps its plugins in sets.
@dataclass(eq=False)
class SkipLedger:
    """A pytest plugin that writes down what was skipped and makes the run fail for what is not allowed."""

    allowed_file: Path
    #: Test id to the reason the test gave.
    skipped: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.allowed = read_allowed(self.allowed_file)

    @property
    def unexpected(self) -> dict[str, str]:
        return {test: reason for test, reason in self.skipped.items() if test not in self.allowed}

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.skipped:
            self.skipped[report.nodeid] = _reason(report)

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.skipped:
            self.skipped[report.nodeid] = _reason(report)

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        if self.unexpected and session.exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        for test, reason in sorted(self.unexpected.items()):
            terminalreporter.line(f"skipped without leave: {test}: {reason}", red=True)
        terminalreporter.line(f"skipped: {len(self.skipped)}")


def _reason(report: pytest.TestReport | pytest.CollectReport) -> str:
    """What the test said: the mark's reason, or the last line of a skip raised while running."""
    if isinstance(report.longrepr, tuple):
        return str(report.longrepr[2])
    return str(getattr(report, "wasxfail", report.longrepr))
