"""Companies: erasure (KVKK), by the admin only."""

from typing import Final

from hunter.api.endpoint import Endpoint, Served
from hunter.api.schemas.companies import ErasedAnswer
from hunter.edge.body_types import BodyType
from hunter.edge.dependencies import CompanyContext, DomainInPath, TextContext
from hunter.edge.guards import Guard
from hunter.services.companies import erase_company


async def delete_company(domain: DomainInPath, editing: CompanyContext, texts: TextContext) -> ErasedAnswer:
    """Remove a company and everything that hangs on it; Dynamics 365 is not touched."""
    erased = await erase_company(editing, domain)
    phrase = "api.forgotten_with_referrals" if erased.had_referrals else "api.forgotten"
    return ErasedAnswer(domain=domain, removed=dict(erased.counts), message=texts.catalogue.gettext(phrase))


ENDPOINTS: Final = (
    Endpoint(
        method="DELETE",
        path="/companies/{domain}",
        handler=delete_company,
        guard=Guard.ADMIN,
        takes=BodyType.NONE,
        tag="companies",
        summary="Erase a company and all that hangs on it",
        answer=ErasedAnswer,
        served=Served.V1,
        refusals=(400, 404, 503),
    ),
)
