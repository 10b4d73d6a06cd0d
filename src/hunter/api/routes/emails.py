"""E-mail tools: the usual mailboxes of a company, and what can be said of them."""

from typing import Annotated, Final

from fastapi import Query

from hunter.api.endpoint import Endpoint
from hunter.api.schemas.emails import CheckBody, Checked, CheckedEmail, DomainBody, Generated
from hunter.edge.dependencies import MailContext
from hunter.edge.guards import RouteGuard
from hunter.services.check_emails import check_usual_addresses, usual_addresses
from hunter.services.names import canonical

UseSMTP = Annotated[bool, Query(description="The same as in the body", examples=[False])]


async def generate_emails(body: DomainBody) -> Generated:
    """List common mailbox addresses of a domain; nothing is verified."""
    domain = canonical(body.domain or "")
    return Generated(domain=domain, emails=list(usual_addresses(domain)))


async def check_emails(body: CheckBody, probe: MailContext, use_smtp: UseSMTP = False) -> Checked:
    """List common mailbox addresses of a domain with a check of each; SMTP is used only where it is enabled."""
    domain = canonical(body.domain or "")
    checked = await check_usual_addresses(probe, domain, is_smtp_wanted=body.use_smtp or use_smtp)
    return Checked(domain=domain, emails=[CheckedEmail.model_validate(one) for one in checked])


ENDPOINTS: Final = (
    Endpoint(
        method="POST",
        path="/email/generate",
        handler=generate_emails,
        guard=RouteGuard.INTERNAL,
        tag="e-mail",
        summary="Generate common mailbox addresses",
        answer=Generated,
    ),
    Endpoint(
        method="POST",
        path="/email/generate-and-validate",
        handler=check_emails,
        guard=RouteGuard.INTERNAL,
        tag="e-mail",
        summary="Generate and verify common mailbox addresses",
        answer=Checked,
    ),
)
