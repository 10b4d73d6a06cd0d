"""Companies: erasure (KVKK), by the admin only."""

from typing import Final

from hunter.api.endpoint import Endpoint, Served
from hunter.api.schemas.companies import ErasedAnswer
from hunter.edge.body_types import BodyType
from hunter.edge.dependencies import CatalogueContext, CompanyContext, DomainInPath
from hunter.edge.guards import RouteGuard
from hunter.services.companies import forget_company


async def delete_company(domain: DomainInPath, editing: CompanyContext, catalogues: CatalogueContext) -> ErasedAnswer:
    """Erase a company and all dependent data (KVKK, GDPR); Dynamics 365 is not changed."""
    erased = await forget_company(editing, domain)
    phrase = "api.forgotten_with_referrals" if erased.had_referrals else "api.forgotten"
    return ErasedAnswer(domain=domain, removed=dict(erased.counts), message=catalogues.default.gettext(phrase))


ENDPOINTS: Final = (
    Endpoint(
        method="DELETE",
        path="/companies/{domain}",
        handler=delete_company,
        guard=RouteGuard.ADMIN,
        takes=BodyType.NONE,
        tag="companies",
        summary="Erase a company",
        answer=ErasedAnswer,
        served=Served.V1,
        refusals=(400, 404, 503),
    ),
)
