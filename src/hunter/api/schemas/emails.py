"""E-mail tools on the wire."""

from pydantic import ConfigDict

from hunter.api.schemas.shapes import MaybeDomainText, RequestModel, ResponseModel


class DomainBody(RequestModel):
    """A domain name, URL or e-mail address."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"domain": "ornek-gida.example"}]})

    domain: MaybeDomainText | None = None
    """Domain name, URL or e-mail address; anything else is answered with 400."""


class CheckBody(DomainBody):
    """A domain, and whether SMTP may be used."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"domain": "ornek-gida.example", "use_smtp": False}]})

    use_smtp: bool = False


class Generated(ResponseModel):
    """Common mailbox addresses of a company."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "domain": "ornek-gida.example",
                    "emails": ["admin@ornek-gida.example", "info@ornek-gida.example"],
                }
            ]
        }
    )

    domain: str
    emails: list[str]


class CheckedEmail(ResponseModel):
    """One address with the result of its checks."""

    email: str
    status: str
    """`valid`, `invalid` or `unknown`."""
    confidence: str
    """`high`, `medium` or `low`."""
    checks: dict[str, str]
    """`syntax`, `mx`, `smtp`: `ok`, `failed`, `unknown` or `skipped`."""
    reason: str
    """Stable code of the step that decided."""


class Checked(ResponseModel):
    """Common mailbox addresses with the result of their checks."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "domain": "ornek-gida.example",
                    "emails": [
                        {
                            "email": "info@ornek-gida.example",
                            "status": "valid",
                            "confidence": "medium",
                            "checks": {"syntax": "ok", "mx": "ok", "smtp": "skipped"},
                            "reason": "mx_found",
                        }
                    ],
                }
            ]
        }
    )

    domain: str
    emails: list[CheckedEmail]
