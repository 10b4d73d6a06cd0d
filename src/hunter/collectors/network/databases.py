"""All address files of this process together: opened once, read by many threads, each missing one costing its facts.

In: the paths that are set, and addresses. Out: facts, warnings, and how old each file is. A file that turns out to be
damaged while it is read is put aside with a warning that names it; the others go on.
"""

from collections.abc import Callable, Mapping
from datetime import date
from ipaddress import IPv4Address, IPv6Address
from pathlib import Path
from typing import Final

from hunter.collectors.network.address import parse_address
from hunter.collectors.network.address_file import AddressFile, AddressFileUnusable, FileState, FileStatus
from hunter.collectors.network.vendor_files import FileFacts, FileSource, open_file
from hunter.core.evidence import AddressFacts

#: In this order files add their facts: what an earlier one says of a place stands.
_ORDER: Final = tuple(AddressFile)
_NOTHING: Final = FileFacts()
#: Addresses of each kind that are looked up to see whether a file is whole.
_TRIED: Final = 4096


class AddressDatabases:
    """The files of this process; make one and share it."""

    def __init__(
        self, paths: Mapping[AddressFile, Path | None], *, tell: Callable[[str], None] = lambda sentence: None
    ) -> None:
        """`tell` hears of a file that turns out to be damaged later, once, in a sentence that names it."""
        self._tell = tell
        self._paths = {file: path for file in _ORDER if (path := paths.get(file)) is not None}
        self._sources: dict[AddressFile, FileSource] = {}
        self._troubles: dict[AddressFile, AddressFileUnusable] = {}
        for file, path in self._paths.items():
            try:
                self._sources[file] = open_file(file, path)
            except AddressFileUnusable as trouble:
                self._troubles[file] = trouble

    @property
    def is_empty(self) -> bool:
        """True when no file can be asked."""
        return not self._sources

    @property
    def is_damaged(self) -> bool:
        """True when a file cannot tell what it holds, so that nobody can say that it does not list an address."""
        return any(trouble.state is FileState.DAMAGED for trouble in self._troubles.values())

    def try_out(self) -> None:
        """Look up addresses all over the range, so that damage shows; what they are is of no interest."""
        for number in range(_TRIED):
            self.facts(str(IPv4Address(number * (1 << 32) // _TRIED + 1)))
            self.facts(str(IPv6Address((0x2000 << 112) + (number << 112))))

    def warnings(self) -> tuple[str, ...]:
        """Return a sentence for each file that is set and cannot be used; each names its file."""
        return tuple(f"{file.value}: {trouble}" for file, trouble in sorted(self._troubles.items()))

    def facts(self, address: str) -> AddressFacts | None:
        """Return what the files say of an IPv4 or IPv6 address; None where none of them says anything."""
        asked = parse_address(address)
        if asked is None:
            return None
        gathered = FileFacts()
        # Other threads may put a file aside meanwhile: the mapping is replaced then, never changed.
        for file, source in self._sources.items():
            try:
                source.add(asked, gathered)
            except AddressFileUnusable as trouble:
                self._put_aside(file, trouble)
        return None if gathered == _NOTHING else _facts(asked.text, gathered)

    def status(self, today: date) -> tuple[FileStatus, ...]:
        """Return a line for each of the five files: loaded and how old, or what is the matter."""
        return tuple(self._status(file, today) for file in _ORDER)

    def _put_aside(self, file: AddressFile, trouble: AddressFileUnusable) -> None:
        if file not in self._troubles:
            self._tell(f"{file.value}: {trouble}")
        self._troubles[file] = trouble
        # Another thread may still be reading: the file stays open, nobody asks it again.
        self._sources = {one: source for one, source in self._sources.items() if one is not file}

    def _status(self, file: AddressFile, today: date) -> FileStatus:
        path = self._paths.get(file)
        if path is None:
            return FileStatus(file, FileState.NOT_SET)
        trouble, source = self._troubles.get(file), self._sources.get(file)
        if trouble is not None or source is None:
            state = trouble.state if trouble is not None else FileState.DAMAGED
            return FileStatus(file, state, str(path), str(trouble or ""))
        built = source.content.built_on
        age = (today - built).days if built is not None else None
        return FileStatus(file, FileState.LOADED, str(path), "", source.content, age)


def _facts(address: str, gathered: FileFacts) -> AddressFacts:
    return AddressFacts(
        address,
        gathered.asn,
        gathered.asn_org,
        gathered.isp,
        gathered.country,
        gathered.city,
        gathered.usage_type,
        gathered.is_proxy,
        gathered.proxy_type,
    )
