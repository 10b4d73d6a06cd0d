"""Intake on the wire: one domain, and what programs send."""

from typing import Annotated

from pydantic import ConfigDict, Field

from hunter.api.schemas.shapes import DomainText, MaybeDomainText, PlainText, RequestModel, ResponseModel


class IngestBody(RequestModel):
    """A company by its domain, or else by its website or e-mail address."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"domain": "ornek-gida.example", "company_name": "Örnek Gıda A.Ş.", "email": None}]
        }
    )

    domain: MaybeDomainText
    company_name: PlainText | None = None
    email: PlainText | None = None
    website: PlainText | None = None


class IngestAnswer(ResponseModel):
    """The stored company."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "domain": "ornek-gida.example",
                    "company_id": 17,
                    "message": "Firma kaydedildi. Sonuç için tarayın.",
                    "domain_conflict": False,
                }
            ]
        }
    )

    domain: str
    company_id: int
    message: str
    domain_conflict: bool
    """Whether domain, website and e-mail address name different companies; the first valid one is used."""


class WebhookBody(RequestModel):
    """A lead from another program."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "domain": "ornek-gida.example",
                    "company_name": "Örnek Gıda A.Ş.",
                    "contact_emails": ["ayse.yilmaz@ornek-gida.example"],
                }
            ]
        }
    )

    domain: DomainText
    company_name: PlainText | None = None
    contact_emails: Annotated[list[PlainText], Field(max_length=500)] = Field(default_factory=list)


class WebhookAnswer(ResponseModel):
    """Result of the delivery."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "status": "success",
                    "domain": "ornek-gida.example",
                    "ingested": True,
                    "enriched": True,
                    "message": "Kayıt alındı.",
                }
            ]
        }
    )

    status: str
    domain: str
    ingested: bool
    enriched: bool
    message: str
