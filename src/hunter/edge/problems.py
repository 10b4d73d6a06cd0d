"""Errors as answers, whoever writes them: status, stable code, a sentence from the catalogue, headers.

In: an error of ours, of FastAPI's, or the status of one that nobody foresaw. Out: `ProblemDetails`, which never carry
an exception's text. The API writes them as JSON, pages as HTML.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import ceil
from typing import Any, Final

from fastapi.exceptions import RequestValidationError

from hunter.core.errors import Conflict, HunterError, InvalidInput, NotFound, Unavailable
from hunter.edge.refusals import BodyTooLarge, Closing, ForeignHost, Refused, WrongMediaType
from hunter.sales.wording import Catalogue
from hunter.services.errors import KeyMissing, KeyRefused, OverRate, RefusedDelivery
from hunter.storage.lead_index.query import BadCursor, PageTooDeep

#: Status by kind of error; the first that fits, so the special ones stand before the general.
STATUSES: Final[tuple[tuple[type[HunterError], int], ...]] = (
    (PageTooDeep, 422),
    (BadCursor, 422),
    (KeyMissing, 401),
    (KeyRefused, 401),
    (RefusedDelivery, 422),
    (OverRate, 429),
    (ForeignHost, 421),
    (WrongMediaType, 415),
    (BodyTooLarge, 413),
    (Closing, 503),
    (Refused, 403),
    (InvalidInput, 400),
    (NotFound, 404),
    (Conflict, 409),
    (Unavailable, 503),
)
UNEXPECTED: Final = 500
#: Code of a request whose fields cannot be used.
VALIDATION: Final = "validation"
_UNPROCESSABLE: Final = 422
#: Codes of answers that no error of ours stands behind.
STATUS_CODES: Final[Mapping[int, str]] = {
    400: "bad_request",
    404: "no_such_path",
    405: "method_not_allowed",
    500: "unexpected",
}
#: Codes by which the database says that it cannot serve now.
DATABASE_CODES: Final = frozenset({"database_unavailable", "read_timeout", "storage_full", "write_contended"})
_TRY_AGAIN_SECONDS: Final = 5


@dataclass(frozen=True, slots=True)
class InvalidField:
    """One field that cannot be used."""

    #: Place and name: `query.min_score`, `body.domain`.
    place: str
    #: Why, as a stable code: `missing`, `less_than_equal`.
    code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProblemDetails:
    """What is answered about an error."""

    status: int
    #: Stable name for programs.
    code: str
    #: For people, in one language.
    sentence: str
    fields: tuple[InvalidField, ...] = ()
    #: Of a page that lies too deep: the cursor to go on with.
    after: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)


class Problems:
    """Describes errors in the words of one catalogue."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue

    def of_error(self, error: HunterError) -> ProblemDetails:
        """Describe an error of ours."""
        code = code_of(error)
        return ProblemDetails(
            status=status_of(error),
            code=code,
            sentence=self._sentence(code, error),
            after=error.after if isinstance(error, PageTooDeep) else None,
            headers=_headers(error),
        )

    def of_fields(self, error: RequestValidationError) -> ProblemDetails:
        """Describe which fields cannot be used, never what stood in them."""
        fields = tuple(InvalidField(_place(one), str(one["type"])) for one in error.errors())
        names = ", ".join(dict.fromkeys(field.place.rpartition(".")[2] for field in fields))
        sentence = self._catalogue.gettext(f"problem.{VALIDATION}").format_map({"fields": names})
        return ProblemDetails(status=_UNPROCESSABLE, code=VALIDATION, sentence=sentence, fields=fields)

    def of_status(self, status: int, headers: Mapping[str, str] | None = None) -> ProblemDetails:
        """Describe what the framework found, such as a path that nobody serves, or what nobody foresaw."""
        code = status_code(status)
        sentence = self._catalogue.gettext(f"problem.{code}")
        return ProblemDetails(status=status, code=code, sentence=sentence, headers=headers or {})

    def _sentence(self, code: str, error: HunterError) -> str:
        """Return the words for a code; a code without words of its own takes those of its kind."""
        for known in (code, *(kind.code for kind in type(error).__mro__ if issubclass(kind, HunterError))):
            sentence = self._catalogue.gettext(f"problem.{known.lower()}")
            if sentence != f"problem.{known.lower()}":
                return sentence
        return self._catalogue.gettext("problem.unexpected")


def status_of(error: HunterError) -> int:
    """Return the HTTP status of an error of ours; one that has none is our own fault."""
    return next((status for kind, status in STATUSES if isinstance(error, kind)), UNEXPECTED)


def code_of(error: HunterError) -> str:
    """Return the code of an error of ours as it is answered and logged."""
    return error.code if status_of(error) != UNEXPECTED else STATUS_CODES[UNEXPECTED]


def status_code(status: int) -> str:
    """Return the code of a status that no error of ours stands behind."""
    return STATUS_CODES.get(status, STATUS_CODES[400])


def _place(one: Mapping[str, Any]) -> str:
    """Name the field of a mistake; what is no JSON has none, only a place."""
    place = one["loc"][:1] if one["type"] == "json_invalid" else one["loc"][:2]
    return ".".join(map(str, place))


def _headers(error: HunterError) -> Mapping[str, str]:
    if isinstance(error, OverRate):
        return {"Retry-After": str(max(1, ceil(error.retry_after_seconds)))}
    if isinstance(error, Unavailable):
        return {"Retry-After": str(_TRY_AGAIN_SECONDS)}
    if isinstance(error, KeyMissing | KeyRefused):
        return {"WWW-Authenticate": "APIKey"}
    return {}
