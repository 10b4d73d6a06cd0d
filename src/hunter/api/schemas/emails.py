"""E-mail tools on the wire."""

from pydantic import ConfigDict

from hunter.api.schemas.shapes import MaybeDomainText, RequestModel, ResponseModel


class DomainBody(RequestModel):
    """A domain, a web address, or what else names one."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"domain": "ornek-gida.example"}]})

    domain: MaybeDomainText | None = None
    """Empty or no domain name: 400."""


class CheckBody(DomainBody):
    """A domain, and whether its mail server may be asked."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"domain": "ornek-gida.example", "use_smtp": False}]})

    use_smtp: bool = False


class Generated(ResponseModel):
    """The usual mailboxes of a company."""

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
    """One address with what was found out."""

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
    """The usual mailboxes with what was found out of each."""

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
