"""Intake: what taking in companies needs, by whichever door they come."""

from dataclasses import dataclass

from hunter.core.names.company_domain import NameFilter
from hunter.services.ports import OpenUnit


@dataclass(frozen=True, slots=True, kw_only=True)
class CompanyIntake:
    """What the use cases of intake are handed."""

    writes: OpenUnit
    #: Which names are mail services or shared hosts, and so no company's.
    names: NameFilter
    #: How long the first answer to an `Idempotency-Key` is given again.
    idempotency_hours: int = 24
