"""Endpoint: one operation of the API as data. Tables of them stand in `routes/`, `router` mounts them.

Path, guard, answer and documentation stand together, so that none can be forgotten; v1 and legacy are one row.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from hunter.edge.body_types import BodyType
from hunter.edge.guards import RouteGuard


class Served(StrEnum):
    """Under which paths an operation is served."""

    #: Under `/api/v1` and, by the same handler, without it.
    BOTH = "both"
    #: Under `/api/v1` only.
    V1 = "v1"
    #: As it stands, without a version.
    PLAIN = "plain"


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """One operation."""

    method: str
    #: Without the version.
    path: str
    handler: Callable[..., Any]
    guard: RouteGuard
    #: What it takes as its body, where its method changes something.
    takes: BodyType = BodyType.JSON
    tag: str
    summary: str
    #: Schema of the answer; None where the answer is no JSON.
    answer: Any = None
    status: int = 200
    served: Served = Served.BOTH
    #: Statuses of this operation beside its own and those that every operation has.
    refusals: tuple[int, ...] = ()
    #: Media type of an answer that is no JSON.
    media_types: tuple[str, ...] = ()
    #: Response headers of the answer, by name, with their meaning.
    headers: Mapping[str, str] = field(default_factory=dict)
    #: Schemas of further statuses that are answers and no errors.
    also: Mapping[int, Any] = field(default_factory=dict)
    #: What can be done next with the answer: by name, an operation and where its parameters stand (OpenAPI links).
    links: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    is_in_schema: bool = True


def link(operation: str, *, parameters: Mapping[str, str] | None = None, body: Any = None) -> Mapping[str, Any]:
    """Describe a next step; values are runtime expressions such as `$response.body#/domain`."""
    described: dict[str, Any] = {"operationId": operation}
    if parameters:
        described["parameters"] = dict(parameters)
    if body is not None:
        described["requestBody"] = body
    return described
