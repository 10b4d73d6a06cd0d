"""The public suffix list (https://publicsuffix.org), renewed between releases of the package that brings it.

In: the list as published. Out: the newer of the package's and the data folder's, for `core.names.public_suffix`.
"""

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from publicsuffixlist import PSLFILE

from hunter.collectors.registration.published import Refreshed, fetch_published, replace_file
from hunter.core.errors import InvalidInput
from hunter.outbound.guard import Guard

SUFFIX_FILE: Final = "public_suffix_list.dat"
SUFFIX_ADDRESS: Final = "https://publicsuffix.org/list/public_suffix_list.dat"
_VERSION: Final = re.compile(r"^// VERSION: (\d{4}-\d\d-\d\d_\d\d-\d\d-\d\d)_UTC$", re.MULTILINE)
_END: Final = "// ===END PRIVATE DOMAINS==="
#: The list has some 10,000 rules; one much shorter is something else.
_FEWEST_RULES: Final = 5_000


async def refresh_suffixes(folder: Path, guard: Guard, *, address: str = SUFFIX_ADDRESS) -> Refreshed:
    """Fetch the list and keep it in the folder if it is newer than what we have.

    Raises `Unavailable` when it cannot be fetched, `InvalidInput` when it is not what it should be or cannot be
    written; the list that was there stays in both cases. A damaged copy counts as older than
    anything.
    """
    content = await fetch_published(guard, address)
    fetched, rules = _checked(content, address)
    renewed = folder / SUFFIX_FILE
    try:
        is_newer = fetched > max(_published(path) for path in (Path(PSLFILE), renewed) if path.exists())
    except InvalidInput:
        # Even an older list is better than one that no scan can begin with.
        is_newer = True
    if is_newer:
        replace_file(renewed, content)
    return Refreshed(fetched, rules, is_newer)


def renewed_suffixes(folder: Path) -> str | None:
    """Return the folder's list where it is newer than the package's, else None.

    Raises `InvalidInput` naming the file when it is there and cannot be used.
    """
    path = folder / SUFFIX_FILE
    if not path.exists() or _published(path) <= _published(Path(PSLFILE)):
        return None
    return path.read_text(encoding="utf-8")


def _published(path: Path) -> datetime:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise InvalidInput(f"{path} cannot be read: {error}") from error
    return _checked(content, str(path))[0]


def _checked(content: bytes, name: str) -> tuple[datetime, int]:
    """Return when a list was published and how many rules it has; raises `InvalidInput` for anything else."""
    text = content.decode("utf-8", errors="replace")
    version = _VERSION.search(text)
    rules = sum(1 for line in text.splitlines() if line.strip() and not line.startswith("//"))
    if version is None or rules < _FEWEST_RULES or _END not in text:
        raise InvalidInput(f"{name} is no whole public suffix list: {rules} rules")
    try:
        return datetime.strptime(version[1], "%Y-%m-%d_%H-%M-%S").replace(tzinfo=UTC), rules
    except ValueError as error:
        raise InvalidInput(f"{name} is no public suffix list: its version is {version[1]}") from error
