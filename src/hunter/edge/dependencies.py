"""What routes of API and pages ask for by their parameters: the context of their subject, a domain from the path.

In: a request. Out: what `provide` put into the application before it served.
"""

from collections.abc import Awaitable, Callable
from typing import Annotated, Final, TypeAlias, TypeVar

from fastapi import Depends, FastAPI, Path, Request

from hunter.services.access import KeyAccess
from hunter.services.addresses import AddressLookup
from hunter.services.application import Application
from hunter.services.catalogues import Catalogues
from hunter.services.companies import CompanyEditing
from hunter.services.intake import CompanyIntake
from hunter.services.leads import LeadReading
from hunter.services.names import canonical
from hunter.services.operations import Operations
from hunter.services.ports import MailProbe
from hunter.services.scan.context import Scanning

T = TypeVar("T")

#: Attributes of `app.state`.
_APPLICATION: Final = "application"


def provide(app: FastAPI, application: Application) -> None:
    """Let the routes of an application work with what is open."""
    setattr(app.state, _APPLICATION, application)


def _context(pick: Callable[[Application], T]) -> Callable[[Request], Awaitable[T]]:
    """Return a dependency that gives one context and no more."""

    async def picked(request: Request) -> T:
        return pick(getattr(request.app.state, _APPLICATION))

    return picked


async def _domain_in_path(
    domain: Annotated[str, Path(description="The company's domain name", examples=["ornek-gida.example"])],
) -> str:
    """Return the canonical domain; raises `NoDomain`."""
    return canonical(domain)


AccessContext: TypeAlias = Annotated[KeyAccess, Depends(_context(lambda one: one.access))]
AddressContext: TypeAlias = Annotated[AddressLookup, Depends(_context(lambda one: one.addresses))]
CompanyContext: TypeAlias = Annotated[CompanyEditing, Depends(_context(lambda one: one.companies))]
IntakeContext: TypeAlias = Annotated[CompanyIntake, Depends(_context(lambda one: one.intake))]
LeadContext: TypeAlias = Annotated[LeadReading, Depends(_context(lambda one: one.leads))]
MailContext: TypeAlias = Annotated[MailProbe, Depends(_context(lambda one: one.mail_probe))]
OperationsContext: TypeAlias = Annotated[Operations, Depends(_context(lambda one: one.operations))]
ScanContext: TypeAlias = Annotated[Scanning, Depends(_context(lambda one: one.scanning))]
CatalogueContext: TypeAlias = Annotated[Catalogues, Depends(_context(lambda one: one.catalogues))]

DomainInPath: TypeAlias = Annotated[str, Depends(_domain_in_path)]
