"""Who keeps the mailboxes, and how sure we are: the closed vocabularies of the wire.

Gateways, mail services and local providers are open lists and live in the rulebook's data.
"""

from enum import StrEnum


class Provider(StrEnum):
    """Who keeps the mailboxes of a domain; never who filters in front of them."""

    M365 = "M365"
    GOOGLE = "Google"
    YANDEX = "Yandex"
    ZOHO = "Zoho"
    AMAZON = "Amazon"
    SENDGRID = "SendGrid"
    MAILGUN = "Mailgun"
    HOSTING = "Hosting"
    LOCAL = "Local"
    UNKNOWN = "Unknown"


class Confidence(StrEnum):
    """How sure a judgement is; on the wire always one of these words, never a percentage."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"

    def lowered(self) -> "Confidence":
        """Return the confidence one step down; low stays low."""
        return Confidence.MEDIUM if self is Confidence.HIGH else Confidence.LOW


class M365State(StrEnum):
    """Does the company use Microsoft 365 for its mail?"""

    YES = "yes"
    LIKELY = "likely"
    NO = "no"
    UNKNOWN = "unknown"
