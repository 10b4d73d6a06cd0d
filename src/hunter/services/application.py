"""Application: one process of Hunter as its doors see it, a context for each subject; wiring assembles it.

A use case is handed its own context and nothing else.
"""

from dataclasses import dataclass

from hunter.services.access import KeyAccess
from hunter.services.addresses import AddressLookup
from hunter.services.catalogues import Catalogues
from hunter.services.companies import CompanyEditing
from hunter.services.intake import CompanyIntake
from hunter.services.leads import LeadReading
from hunter.services.operations import Operations
from hunter.services.ports import MailProbe
from hunter.services.scan.context import Scanning


@dataclass(frozen=True, slots=True, kw_only=True)
class Application:
    """What one process of Hunter works with."""

    catalogues: Catalogues
    leads: LeadReading
    companies: CompanyEditing
    intake: CompanyIntake
    scanning: Scanning
    access: KeyAccess
    mail_probe: MailProbe
    addresses: AddressLookup
    operations: Operations
