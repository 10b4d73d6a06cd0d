"""Errors of the use cases, each with the code that programs and catalogues know it by."""

from hunter.core.errors import HunterError, InvalidInput


class NoDomain(InvalidInput):
    """What was given names no domain."""

    code = "invalid_domain"


class NeverACompany(InvalidInput):
    """The only domain that was given belongs to a mail service or a shared host."""

    code = "never_a_company"


class RefusedDelivery(InvalidInput):
    """A program delivered what names no company; its code says why."""

    def __init__(self, reason: HunterError) -> None:
        super().__init__(str(reason))
        self.code = reason.code


class NoContacts(InvalidInput):
    """Not one usable e-mail address was given."""

    code = "no_contacts"


class KeyMissing(HunterError):
    """A program came without an API key."""

    code = "api_key_missing"


class KeyRefused(HunterError):
    """The API key is unknown or inactive."""

    code = "api_key_refused"


class OverRate(HunterError):
    """More requests than agreed; `retry_after_seconds` says when the next one may come."""

    code = "over_rate"

    def __init__(self, retry_after_seconds: float) -> None:
        super().__init__(f"over the rate; the next request may come in {retry_after_seconds:.1f} s")
        #: Seconds until the next request will be taken.
        self.retry_after_seconds = retry_after_seconds
