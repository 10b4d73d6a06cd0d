"""What the API says of itself."""

from pydantic import ConfigDict

from hunter.api.schemas.shapes import ResponseModel


class Root(ResponseModel):
    """Name and version."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"name": "Hunter", "version": "0.1.0", "docs": "/docs", "api": "/api/v1"}]}
    )

    name: str
    version: str
    docs: str
    """Path of the documentation."""
    api: str
    """Path prefix of the current version."""


class Support(ResponseModel):
    """Support contact."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "message": "Hata kodunu ve istek numarasını iletin; numara her yanıtın X-Request-ID başlığındadır.",
                    "documentation": "/docs",
                    "api_version": "v1",
                    "contact": None,
                }
            ]
        }
    )

    message: str
    documentation: str
    api_version: str
    contact: str | None
    """Support contact of this installation; null if not set."""
