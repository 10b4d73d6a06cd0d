"""A data folder for each test, and nothing of it left running."""

import os
import signal
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from tests.integration.servers.watching import eventually, leftovers_of
from tests.support.postgres import data_folder


@pytest.fixture
def folder() -> Iterator[Path]:
    """An empty data folder."""
    with data_folder() as made:
        try:
            yield made
        finally:
            # Also where a test has failed half-way; by number, and only what was started for this folder.
            for pid in leftovers_of(made):
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            eventually(lambda: leftovers_of(made) == [])
