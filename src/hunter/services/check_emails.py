"""E-mail tools: the usual mailboxes of a company, and what can be said of each without writing to it (engine 9.5)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from hunter.core.names.contacts import generic_emails
from hunter.services.names import canonical
from hunter.services.ports import MailProbe

#: The local parts that we ourselves propose all fit; those of people may have more (RFC 5321 §4.1.2, dot-string).
_SYNTAX: Final = re.compile(r"[a-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*@[a-z0-9.-]+", re.ASCII)
_LONGEST: Final = 254


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedAddress:
    """One address with what was found out."""

    email: str
    #: `valid`, `invalid` or `unknown`.
    status: str
    confidence: str
    #: `syntax`, `mx`, `smtp`, each `ok`, `failed`, `unknown` or `skipped`.
    checks: Mapping[str, str]
    #: Stable code of the step that decided.
    reason: str


def usual_addresses(domain: str) -> tuple[str, ...]:
    """Return the usual mailboxes at a domain, sorted; raises `NoDomain`."""
    return generic_emails(canonical(domain))


async def check_usual_addresses(probe: MailProbe, domain: str, *, is_smtp_wanted: bool) -> tuple[CheckedAddress, ...]:
    """Check the usual mailboxes; mail hosts are asked for once, and SMTP only where the operator allows it."""
    addresses = usual_addresses(domain)
    name = canonical(domain)
    has_host = await probe.has_mail_host(name)
    accepted: Mapping[str, bool | None] | None = None
    if has_host and is_smtp_wanted and probe.is_smtp_enabled:
        accepted = await probe.accepts(name, addresses)
    return tuple(judge_address(address, has_host=has_host, accepted=accepted) for address in addresses)


def judge_address(address: str, *, has_host: bool | None, accepted: Mapping[str, bool | None] | None) -> CheckedAddress:
    """Go down the ladder: syntax, mail host, and, where it was asked, the server's own answer."""
    if len(address) > _LONGEST or not _SYNTAX.fullmatch(address):
        return _judged(address, "invalid", "high", syntax="failed", mx="skipped", smtp="skipped", reason="bad_syntax")
    if has_host is None:
        return _judged(address, "unknown", "low", syntax="ok", mx="unknown", smtp="skipped", reason="mx_unknown")
    if not has_host:
        return _judged(address, "invalid", "high", syntax="ok", mx="failed", smtp="skipped", reason="no_mx")
    if accepted is None:
        return _judged(address, "valid", "medium", syntax="ok", mx="ok", smtp="skipped", reason="mx_found")
    match accepted.get(address):
        case True:
            return _judged(address, "valid", "high", syntax="ok", mx="ok", smtp="ok", reason="accepted")
        case False:
            return _judged(address, "invalid", "high", syntax="ok", mx="ok", smtp="failed", reason="refused")
        case None:
            return _judged(address, "unknown", "medium", syntax="ok", mx="ok", smtp="unknown", reason="smtp_unknown")


def _judged(
    address: str, status: str, confidence: str, *, syntax: str, mx: str, smtp: str, reason: str
) -> CheckedAddress:
    checks = {"syntax": syntax, "mx": mx, "smtp": smtp}
    return CheckedAddress(email=address, status=status, confidence=confidence, checks=checks, reason=reason)
