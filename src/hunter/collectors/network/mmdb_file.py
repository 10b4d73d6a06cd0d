"""A file in the MaxMind DB format, version 2.0: opened, checked, and its errors translated.

In: a path. Out: records as the file holds them, by address. Memory-mapped, so that all processes share one copy; safe
to read from many threads. A file must be replaced by renaming a new one over it, never be written in place.
"""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import maxminddb
from maxminddb.reader import Metadata

from hunter.collectors.network.address import Address
from hunter.collectors.network.address_file import AddressFileUnusable, FileContent, FileState

#: What the library raises for a file that is no longer, or never was, of this format.
_FOREIGN: Final = (maxminddb.InvalidDatabaseError, ValueError, OverflowError, IndexError, KeyError, TypeError, OSError)


class MMDBFile:
    """An open file. Raises `AddressFileUnusable` when made, and by `get` when it turns out to be broken."""

    def __init__(self, path: Path) -> None:
        self._name = path.name
        try:
            self._reader = maxminddb.open_database(path)
            metadata = self._reader.metadata()
            self.content = _content(metadata)
            self._has_ipv6 = self.content.has_ipv6
            # The library trusts the tree until it is walked; one walk tells a file that was cut in the middle.
            self._reader.get("192.0.2.1")
        except _FOREIGN as error:
            raise AddressFileUnusable(path.name, FileState.DAMAGED, f"is no whole MaxMind DB file: {error}") from error

    def get(self, address: Address) -> dict[str, Any] | None:
        """Return what the file says of an address; None where it says nothing."""
        if address.is_ipv6 and not self._has_ipv6:
            return None
        try:
            record = self._reader.get(address.text)
        except _FOREIGN as error:
            raise AddressFileUnusable(self._name, FileState.DAMAGED, f"is damaged inside: {error}") from error
        return record if isinstance(record, dict) else None

    def close(self) -> None:
        """Let go of the file."""
        self._reader.close()


def _content(metadata: Metadata) -> FileContent:
    built = datetime.fromtimestamp(metadata.build_epoch, UTC).date() if metadata.build_epoch else None
    return FileContent(str(metadata.database_type), built, metadata.node_count, metadata.ip_version == 6)
