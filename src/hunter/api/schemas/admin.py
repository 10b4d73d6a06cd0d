"""API keys on the wire. The text of a key is in one answer and nowhere else."""

from datetime import datetime
from typing import Annotated, Any, Final

from pydantic import ConfigDict, Field

from hunter.api.schemas.shapes import NameText, PlainText, RequestModel, ResponseModel

_KEY: Final[dict[str, Any]] = {
    "id": 3,
    "name": "Web formu",
    "rate_limit_per_minute": 60,
    "is_active": True,
    "created_at": "2026-03-02T09:30:00Z",
    "last_used_at": None,
    "created_by": None,
}


class NewKeyBody(RequestModel):
    """Name and rate limit of a new API key."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"name": "Web formu", "rate_limit_per_minute": 60, "created_by": None}]}
    )

    name: NameText
    rate_limit_per_minute: Annotated[int, Field(ge=1, le=10_000)] = 60
    created_by: PlainText | None = None


class KeyAnswer(ResponseModel):
    """An API key without its text."""

    model_config = ConfigDict(json_schema_extra={"examples": [_KEY]})

    id: int
    name: str
    rate_limit_per_minute: int
    is_active: bool
    created_at: datetime
    last_used_at: datetime | None
    created_by: str | None


class NewKeyAnswer(ResponseModel):
    """A new API key with its text, which is shown once."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    **{name: value for name, value in _KEY.items() if name != "last_used_at"},
                    "api_key": "hk_example_only",
                    "message": "Anahtarı şimdi kopyalayın, bir daha gösterilmez.",
                }
            ]
        }
    )

    id: int
    name: str
    api_key: str
    rate_limit_per_minute: int
    is_active: bool
    created_at: datetime
    created_by: str | None
    message: str


class Message(ResponseModel):
    """A sentence for people."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"message": "Anahtar kapatıldı."}]})

    message: str
