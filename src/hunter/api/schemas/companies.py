"""Erasure of a company: what was removed."""

from pydantic import ConfigDict

from hunter.api.schemas.shapes import ResponseModel


class ErasedAnswer(ResponseModel):
    """Rows removed by table."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "domain": "ornek-gida.example",
                    "removed": {"companies": 1, "domain_signals": 1, "lead_scores": 1, "raw_leads": 2},
                    "message": "Firma ve ona bağlı her şey silindi.",
                }
            ]
        }
    )

    domain: str
    removed: dict[str, int]
    message: str
    """Warns if Partner Center will deliver referrals again."""
