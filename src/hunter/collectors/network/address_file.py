"""Address files: which there are, and what may become of one. A file that cannot be used costs its own facts only."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from hunter.core.errors import Unavailable


class AddressFile(StrEnum):
    """A file of facts about addresses that an operator may give; each is optional."""

    MAXMIND_ASN = "maxmind_asn"
    MAXMIND_CITY = "maxmind_city"
    MAXMIND_COUNTRY = "maxmind_country"
    IP2LOCATION = "ip2location"
    IP2PROXY = "ip2proxy"


class FileState(StrEnum):
    """What became of a file."""

    NOT_SET = "not_set"
    MISSING = "missing"
    #: Cannot be read, is cut short, or turned out to be broken while it was used.
    DAMAGED = "damaged"
    #: Whole, and of another kind than its setting says.
    WRONG_KIND = "wrong_kind"
    LOADED = "loaded"


class AddressFileUnusable(Unavailable):
    """A file cannot be used; `state` says why in one word, the message in a sentence that names the file."""

    code = "address_file_unusable"

    def __init__(self, name: str, state: FileState, problem: str) -> None:
        super().__init__(f"{name}: {problem}")
        self.name = name
        self.state = state
        self.problem = problem


@dataclass(frozen=True, slots=True)
class FileContent:
    """What a file says of itself."""

    #: Product and edition: `GeoLite2-City`, `IP2Location DB24`.
    edition: str
    built_on: date | None
    #: Rows or search nodes: an order of magnitude, for people.
    entries: int
    has_ipv6: bool


@dataclass(frozen=True, slots=True)
class FileStatus:
    """One line of `hunter enrichment status`."""

    file: AddressFile
    state: FileState
    #: Path as it was set; None where it was not.
    path: str | None = None
    #: What is wrong, in a sentence that names the file; empty where nothing is.
    problem: str = ""
    content: FileContent | None = None
    #: Days since the file was built; None where it does not say.
    age_days: int | None = None
