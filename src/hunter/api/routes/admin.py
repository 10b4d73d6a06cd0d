"""Admin: API keys. Every path needs the admin token."""

from typing import Annotated, Any, Final

from fastapi import Path

from hunter.api.endpoint import Endpoint, link
from hunter.api.schemas.admin import KeyAnswer, Message, NewKeyAnswer, NewKeyBody
from hunter.edge.body_types import BodyType
from hunter.edge.dependencies import AccessContext, CatalogueContext
from hunter.edge.guards import RouteGuard
from hunter.services.access import create_key, list_keys, switch_key

_CREATED: Final = 201
_MOST: Final = 2**63 - 1

KeyNumber = Annotated[int, Path(description="Id of the key", examples=[3], ge=1, le=_MOST)]


async def create_api_key(body: NewKeyBody, access: AccessContext, catalogues: CatalogueContext) -> NewKeyAnswer:
    """Create an API key; its text is returned once, in this response."""
    key, text = await create_key(
        access, body.name, rate_limit_per_minute=body.rate_limit_per_minute, created_by=body.created_by
    )
    return NewKeyAnswer(
        id=key.id,
        name=key.name,
        api_key=text,
        rate_limit_per_minute=key.rate_limit_per_minute,
        is_active=key.is_active,
        created_at=key.created_at,
        created_by=key.created_by,
        message=catalogues.default.gettext("api.key_created"),
    )


async def list_api_keys(access: AccessContext) -> list[Any]:
    """List all keys, newest first; the key texts are not included."""
    return list(await list_keys(access))


async def deactivate_api_key(key_id: KeyNumber, access: AccessContext, catalogues: CatalogueContext) -> Message:
    """Deactivate a key; requests with it are refused from now on."""
    await switch_key(access, key_id, is_active=False)
    return Message(message=catalogues.default.gettext("api.key_deactivated"))


async def activate_api_key(key_id: KeyNumber, access: AccessContext, catalogues: CatalogueContext) -> Message:
    """Activate a key."""
    await switch_key(access, key_id, is_active=True)
    return Message(message=catalogues.default.gettext("api.key_activated"))


ENDPOINTS: Final = (
    Endpoint(
        method="POST",
        path="/admin/api-keys",
        handler=create_api_key,
        guard=RouteGuard.ADMIN,
        tag="admin",
        summary="Create an API key",
        answer=NewKeyAnswer,
        links={
            "off": link("deactivate_api_key", parameters={"key_id": "$response.body#/id"}),
            "on": link("activate_api_key", parameters={"key_id": "$response.body#/id"}),
        },
        status=_CREATED,
        refusals=(503,),
    ),
    Endpoint(
        method="GET",
        path="/admin/api-keys",
        handler=list_api_keys,
        guard=RouteGuard.ADMIN,
        tag="admin",
        summary="List API keys",
        answer=list[KeyAnswer],
        refusals=(503,),
    ),
    Endpoint(
        method="PATCH",
        path="/admin/api-keys/{key_id}/deactivate",
        handler=deactivate_api_key,
        guard=RouteGuard.ADMIN,
        takes=BodyType.NONE,
        tag="admin",
        summary="Deactivate an API key",
        answer=Message,
        refusals=(404, 503),
    ),
    Endpoint(
        method="PATCH",
        path="/admin/api-keys/{key_id}/activate",
        handler=activate_api_key,
        guard=RouteGuard.ADMIN,
        takes=BodyType.NONE,
        tag="admin",
        summary="Activate an API key",
        answer=Message,
        refusals=(404, 503),
    ),
)
