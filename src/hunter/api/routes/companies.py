"""Companies: marks, set by those who sell; erasure (KVKK), by the admin only."""

from typing import Final

from hunter.api.endpoint import Endpoint, Served
from hunter.api.schemas.companies import ErasedAnswer, MarksAnswer, MarksChange
from hunter.edge.body_types import BodyType
from hunter.edge.dependencies import CatalogueContext, CompanyContext, DomainInPath
from hunter.edge.guards import RouteGuard
from hunter.services.companies import forget_company, mark_company


async def delete_company(domain: DomainInPath, editing: CompanyContext, catalogues: CatalogueContext) -> ErasedAnswer:
    """Erase a company and all dependent data (KVKK, GDPR); Dynamics 365 is not changed."""
    erased = await forget_company(editing, domain)
    phrases = ["api.forgotten_with_referrals" if erased.had_referrals else "api.forgotten"]
    if erased.is_name_refused:
        phrases.append("api.name_refused")
    message = " ".join(catalogues.default.gettext(phrase) for phrase in phrases)
    return ErasedAnswer(domain=domain, removed=dict(erased.counts), message=message)


async def change_marks(domain: DomainInPath, body: MarksChange, editing: CompanyContext) -> MarksAnswer:
    """Set or remove exclusion marks; `do_not_contact` also works for a name that is not a known company."""
    return MarksAnswer(domain=domain, marks=sorted(await mark_company(editing, domain, body.marks)))


ENDPOINTS: Final = (
    Endpoint(
        method="PATCH",
        path="/companies/{domain}",
        handler=change_marks,
        guard=RouteGuard.INTERNAL,
        tag="companies",
        summary="Change exclusion marks",
        answer=MarksAnswer,
        served=Served.V1,
        refusals=(404, 503),
    ),
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
