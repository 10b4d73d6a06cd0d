"""What routes ask for by their parameters: the application, a canonical domain from the path."""

from typing import Annotated

from fastapi import Depends, Path, Request

from hunter.services import application
from hunter.services.names import canonical
from hunter.services.read_leads import D365Links

#: Name under which `create_app` keeps it.
APPLICATION = "application"


async def application_of(request: Request) -> application.Application:
    """Return what this process works with."""
    found: application.Application = getattr(request.app.state, APPLICATION)
    return found


async def domain_in_path(
    domain: Annotated[str, Path(description="The company's domain name", examples=["ornek-gida.example"])],
) -> str:
    """Return the canonical domain; raises `NoDomain`."""
    return canonical(domain)


def links_of(hunter: application.Application) -> D365Links:
    """Return how leads in Dynamics 365 are addressed."""
    return D365Links(hunter.d365_base_url, hunter.d365_app_id)


Application = Annotated[application.Application, Depends(application_of)]
DomainInPath = Annotated[str, Depends(domain_in_path)]
