"""Companies: marks, set by those who sell; erasure (KVKK), by the admin only."""

from typing import Final

from hunter.api.endpoint import Endpoint, Served
from hunter.api.parts import Application, DomainInPath
from hunter.api.schemas.companies import ErasedAnswer, MarksAnswer, MarksChange
from hunter.edge.guards import Guard
from hunter.services.forget_company import forget_company
from hunter.services.mark_company import mark_company


async def delete_company(domain: DomainInPath, hunter: Application) -> ErasedAnswer:
    """Remove a company and everything that hangs on it; Dynamics 365 is not touched."""
    erased = await forget_company(hunter, domain)
    phrases = ["api.forgotten_with_referrals" if erased.had_referrals else "api.forgotten"]
    if erased.is_name_refused:
        phrases.append("api.name_refused")
    message = " ".join(hunter.catalogue.gettext(phrase) for phrase in phrases)
    return ErasedAnswer(domain=domain, removed=dict(erased.counts), message=message)


async def change_marks(domain: DomainInPath, body: MarksChange, hunter: Application) -> MarksAnswer:
    """Set and take away marks. A name that is no company can be refused by `do_not_contact` alone."""
    return MarksAnswer(domain=domain, marks=sorted(await mark_company(hunter, domain, body.marks)))


ENDPOINTS: Final = (
    Endpoint(
        method="PATCH",
        path="/companies/{domain}",
        handler=change_marks,
        guard=Guard.INTERNAL,
        tag="companies",
        summary="Mark a company that stays out of lists",
        answer=MarksAnswer,
        served=Served.V1,
        refusals=(404, 503),
    ),
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
