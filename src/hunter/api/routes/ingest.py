"""Intake: one domain by hand, one lead by a program with an API key."""

from typing import Annotated, Final

from fastapi import Depends, Header, Request

from hunter.api.endpoint import Endpoint, link
from hunter.api.schemas.ingest import IngestAnswer, IngestBody, WebhookAnswer, WebhookBody
from hunter.core.errors import InvalidInput
from hunter.edge.access_middleware import CLIENT
from hunter.edge.dependencies import AccessContext, CatalogueContext, IntakeContext
from hunter.edge.guards import RouteGuard
from hunter.services.access import admit
from hunter.services.ingest_domain import ingest_domain
from hunter.services.receive_webhook import Delivery, receive_webhook
from hunter.storage.access import ApiKey

_CREATED: Final = 201

Key = Annotated[str | None, Header(alias="X-API-Key", description="The API key", examples=["hk_example"])]
Repeat = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        description="A repeated key with the same body returns the first response, for 24 hours",
        examples=["b7a5f5a0-1"],
        max_length=255,
        pattern=r"^[\x21-\x7e]+$",
    ),
]


async def admitted_key(request: Request, access: AccessContext, key: Key = None) -> ApiKey:
    """Return the key of a program that may come in now; asked before the body is looked at."""
    return await admit(access, key, client=request.scope[CLIENT])


async def one_repeat_key(request: Request, repeat: Repeat = None) -> str | None:
    """Return the key of a repeated delivery; two of them would leave it open which one counts."""
    if len(request.headers.getlist("Idempotency-Key")) > 1:
        raise InvalidInput("there is more than one Idempotency-Key")
    return repeat


Admitted = Annotated[ApiKey, Depends(admitted_key)]
RepeatKey = Annotated[str | None, Depends(one_repeat_key)]


async def ingest_one(body: IngestBody, intake: IntakeContext, catalogues: CatalogueContext) -> IngestAnswer:
    """Create or update a company; it is not scanned."""
    kept = await ingest_domain(
        intake, body.domain, company_name=body.company_name, email=body.email, website=body.website
    )
    return IngestAnswer(
        domain=kept.domain,
        company_id=kept.company_id,
        message=catalogues.default.gettext("api.ingested"),
        domain_conflict=kept.is_conflict,
    )


async def receive_lead(
    body: WebhookBody, intake: IntakeContext, catalogues: CatalogueContext, *, key: Admitted, repeat: RepeatKey = None
) -> WebhookAnswer:
    """Accept a lead from another program. Use TLS: the API key is the only credential."""
    delivery = Delivery(
        domain=body.domain,
        company_name=body.company_name,
        contact_emails=tuple(body.contact_emails),
        idempotency_key=repeat,
    )
    received = await receive_webhook(intake, key, delivery)
    return WebhookAnswer(
        status="success",
        domain=received.domain,
        ingested=True,
        enriched=received.is_enriched,
        message=catalogues.default.gettext("api.received"),
    )


ENDPOINTS: Final = (
    Endpoint(
        method="POST",
        path="/ingest/domain",
        handler=ingest_one,
        guard=RouteGuard.INTERNAL,
        tag="intake",
        summary="Add a company",
        answer=IngestAnswer,
        links={
            "scan": link("scan_company", body={"domain": "$response.body#/domain"}),
            "lead": link("get_lead", parameters={"domain": "$response.body#/domain"}),
            "erasure": link("delete_company", parameters={"domain": "$response.body#/domain"}),
        },
        status=_CREATED,
        refusals=(409, 503),
    ),
    Endpoint(
        method="POST",
        path="/ingest/webhook",
        handler=receive_lead,
        guard=RouteGuard.API_KEY,
        tag="intake",
        summary="Webhook intake",
        answer=WebhookAnswer,
        status=_CREATED,
        refusals=(401, 409, 429, 503),
    ),
)
