"""The form of every error: a sentence for people under `detail`, a stable code for programs, the id of the request."""

from pydantic import ConfigDict, Field

from hunter.api.schemas.shapes import ResponseModel

_REQUEST_ID = "1b671a64-40d5-491e-99b0-da01ff1f3341"


class Problem(ResponseModel):
    """An error."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "detail": "Bu alan adı kayıtlı değil. Önce ekleyin, sonra tarayın.",
                    "code": "not_ingested",
                    "request_id": _REQUEST_ID,
                }
            ]
        }
    )

    detail: str
    """A sentence for people."""
    code: str
    """Stable name of the error."""
    request_id: str
    """Request id, as in the log and in `X-Request-ID`."""


class FieldProblem(ResponseModel):
    """One invalid field."""

    field: str
    """Place and name, for example `query.min_score` or `body.domain`."""
    problem: str
    """Why, as a stable code: `missing`, `less_than_equal`, `string_too_long` ..."""


class Unprocessable(Problem):
    """Invalid fields; or, with the code `PAGE_TOO_DEEP`, the cursor to continue with."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "detail": "Bazı değerler kullanılamıyor: page_size.",
                    "code": "validation",
                    "request_id": _REQUEST_ID,
                    "errors": [{"field": "query.min_score", "problem": "less_than_equal"}],
                    "after": None,
                }
            ]
        }
    )

    errors: list[FieldProblem] = Field(default_factory=list)
    after: str | None = None
    """Only with `PAGE_TOO_DEEP`: cursor of the last row that page numbers can reach."""


class Moved(ResponseModel):
    """Where a retired function moved to."""

    error: str
    """Which function was retired."""
    reason: str
    """Why."""
    alternative: str
    """What to use instead."""
    migration_guide: str
    """Path of the guide."""


class Gone(ResponseModel):
    """A function that has moved to Dynamics 365."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "detail": {
                        "error": "Not eklenemiyor.",
                        "reason": "Notlar artık Dynamics 365'te tutuluyor.",
                        "alternative": "Notu Dynamics 365'teki müşteri adayına ekleyin.",
                        "migration_guide": "/docs/migration/notes-to-dynamics",
                    },
                    "code": "gone",
                    "request_id": _REQUEST_ID,
                }
            ]
        }
    )

    detail: Moved
    code: str
    request_id: str
