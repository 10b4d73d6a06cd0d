"""Rules for every test run: repeatable properties, and no skipped test that nobody knows of."""

import os
import signal
from typing import Final

import hypothesis
import pytest

from tests.support.skips import SkipLedger

IN_CI = os.environ.get("CI", "").lower() not in {"", "0", "false"}

#: Tests under way for each core: half of their time they wait, for a server to start or a time-out to pass.
WORKERS_PER_CORE: Final = 2

# A busy machine is no failure of the code, hence no deadline for one example.
hypothesis.settings.register_profile("laptop", deadline=None)
hypothesis.settings.register_profile("ci", deadline=None, derandomize=True, print_blob=True)
hypothesis.settings.load_profile("ci" if IN_CI else "laptop")


def pytest_configure(config: pytest.Config) -> None:
    """Let Ctrl-C reach what the tests start, and keep the ledger of skipped tests where skips are failures."""
    # A run in the background inherits that interrupts are ignored, and so would every command that a test interrupts.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    if IN_CI and not hasattr(config, "workerinput"):
        config.pluginmanager.register(SkipLedger(config.rootpath / "tests" / "allowed_skips.txt"), "skip-ledger")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """Return the workers of `-n auto`: none for tests that are named, which are few and whose output is wanted."""
    is_named = config.args_source is pytest.Config.ArgsSource.ARGS
    return 0 if is_named else WORKERS_PER_CORE * (os.cpu_count() or 1)
