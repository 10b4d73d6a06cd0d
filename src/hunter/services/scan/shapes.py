"""What goes into a scan and what comes out of it: shapes that every door and the memory share."""

from dataclasses import dataclass
from typing import Final

from hunter.core.assessment import Assessment
from hunter.core.changes import Change
from hunter.core.evidence import Evidence
from hunter.core.lead_record import LeadRecord
from hunter.core.new_company import NewCompany
from hunter.core.surveyed import Timing

#: Nobody was asked.
NO_TIME: Final = Timing(0.0)


@dataclass(frozen=True, slots=True)
class ScanItem:
    """One domain to scan."""

    #: Canonical form.
    domain: str
    #: What its list says of the company, brought in with the scan; without it the domain has to be a company already.
    company: NewCompany | None = None


@dataclass(frozen=True, slots=True)
class StoredScan:
    """What is stored of a domain before it is scanned."""

    record: LeadRecord
    #: The newest look, where it may be the answer; else None.
    evidence: Evidence | None = None


@dataclass(frozen=True, slots=True)
class Kept:
    """What storing a scan came to."""

    #: What stands of the domain now.
    record: LeadRecord
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class NotStored:
    """Why a scan is not in the database."""

    #: Stable code of the error.
    code: str
    #: What it said.
    said: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Scanned:
    """One domain after its scan."""

    item: ScanItem
    evidence: Evidence
    assessment: Assessment
    #: What is different since the scan before; empty where that is not known.
    changes: tuple[Change, ...] = ()
    #: What stands of the domain now; None where nothing is stored.
    record: LeadRecord | None = None
    elapsed_seconds: float = 0.0
    timing: Timing = NO_TIME
    #: A line for each collector that broke.
    faults: tuple[str, ...] = ()
    #: Whether the last scan was young enough to be the answer.
    cached: bool = False
    #: None where it is stored, and where nothing shall be.
    not_stored: NotStored | None = None

    @property
    def domain(self) -> str:
        """Return its domain."""
        return self.item.domain
