"""Companies: erasure (KVKK), by the admin only."""

from typing import Final

from hunter.api.endpoint import Endpoint, Served
from hunter.api.parts import Application, DomainInPath
from hunter.api.schemas.companies import ErasedAnswer
from hunter.edge.guards import Guard
from hunter.services.forget_company import forget_company


async def delete_company(domain: DomainInPath, hunter: Application) -> ErasedAnswer:
    """Remove a company and everything that hangs on it; Dynamics 365 is not touched."""
    erased = await forget_company(hunter, domain)
    phrase = "api.forgotten_with_referrals" if erased.had_referrals else "api.forgotten"
    return ErasedAnswer(domain=domain, removed=dict(erased.counts), message=hunter.catalogue.gettext(phrase))


ENDPOINTS: Final = (
    Endpoint(
        method="DELETE",
        path="/companies/{domain}",
        handler=delete_company,
        guard=Guard.ADMIN,
        tag="companies",
        summary="Erase a company and all that hangs on it",
        answer=ErasedAnswer,
        served=Served.V1,
        refusals=(400, 404, 503),
    ),
)
