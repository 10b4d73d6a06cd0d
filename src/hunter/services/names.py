"""Which domain is meant: what people and programs send, made canonical, or refused with a code."""

from typing import Final

from hunter.core.names.company_domain import CompanyDomain, NameFilter, find_company_domain
from hunter.core.names.domain_name import normalise_domain
from hunter.services.errors import NeverACompany, NoDomain

#: Refusals of a name that is one, but no company's.
_NEVER: Final = frozenset({"free_mail", "shared_host"})


def canonical(text: str) -> str:
    """Return the canonical domain of a text; raises `NoDomain`."""
    domain = normalise_domain(text)
    if not domain:
        raise NoDomain("the text names no domain")
    return domain


def choose_domain(names: NameFilter, domain: str, *, website: str = "", email: str = "") -> CompanyDomain:
    """Choose by trust: the domain, else the website's, else the e-mail's; the first of `domains` is it.

    Raises `NoDomain` where nothing names a domain, `NeverACompany` where only a mail service or a shared host is named.
    """
    chosen = find_company_domain(domain, website, email, names)
    if chosen.domains:
        return chosen
    if chosen.refusal in _NEVER:
        raise NeverACompany("mail services and shared hosts are no companies")
    raise NoDomain("nothing that was given names a domain")
