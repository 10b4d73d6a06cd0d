"""What a route takes as its body: every route declares one kind, and a request with any other is refused.

In: the declared kind and the raw scope. Out: nothing, or a refusal before a byte of the body was read.
"""

from enum import StrEnum
from typing import Final, assert_never

from starlette.types import Scope

from hunter.edge.access import AccessPolicy, is_same_origin
from hunter.edge.headers import header_values
from hunter.edge.refusals import CrossSite, NotJSON, WrongMediaType


# A browser sends forms, and requests without a content type, for pages of any site without asking us first; JSON it
# does not send without a permission that we never give. So JSON is what keeps foreign pages out of the API, and a route
# that takes forms asks instead for the proof that one of our own pages speaks.
class BodyType(StrEnum):
    """The kinds of bodies."""

    JSON = "application/json"
    #: Fields of a form of our own pages.
    FORM = "application/x-www-form-urlencoded"
    #: Files that come by a form of our own pages.
    FILES = "multipart/form-data"
    #: No body is read; what forms send is refused all the same, because the request itself does something.
    NONE = "none"
    #: Whatever comes is left unread and does nothing.
    IGNORED = "ignored"


#: Kinds that a browser sends without asking.
_OF_FORMS: Final = frozenset({BodyType.FORM, BodyType.FILES})


def check_body(declared: BodyType | None, policy: AccessPolicy, scope: Scope) -> None:
    """Raise `WrongMediaType` for a body of another kind, `CrossSite` for a form that is not of our own pages.

    A request with several content types has none: who reads the body might go by another than we do.
    """
    values = header_values(scope, "content-type")
    sent = values[0].partition(";")[0].strip().lower() if len(values) == 1 else None
    match declared:
        case BodyType.IGNORED:
            return
        case BodyType.NONE:
            if values and sent != BodyType.JSON:
                raise WrongMediaType("this route takes no body")
        case BodyType.JSON:
            if sent != declared:
                raise NotJSON("the body must be application/json")
        case BodyType.FORM | BodyType.FILES:
            if sent != declared:
                raise WrongMediaType(f"the body must be {declared}")
            if not _is_own_page(policy, scope):
                raise CrossSite("a form must come from a page of our own")
        case None:
            raise WrongMediaType("this route declares no body")
        case _ as unreachable:
            assert_never(unreachable)


def check_declaration(declared: BodyType, read_as: str | None, route: str) -> None:
    """Raise `ValueError` where a route declares another body than its handler reads; None: by no parameter."""
    if read_as is None and (declared in _OF_FORMS or declared in (BodyType.NONE, BodyType.IGNORED)):
        # Who takes forms may read the request as it is.
        return
    if read_as != declared:
        raise ValueError(f"{route} declares {declared} and reads {read_as or 'no body'}")


def _is_own_page(policy: AccessPolicy, scope: Scope) -> bool:
    return is_same_origin(
        policy,
        sites=header_values(scope, "sec-fetch-site"),
        origins=header_values(scope, "origin"),
        hosts=header_values(scope, "host"),
    )
