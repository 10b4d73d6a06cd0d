"""The demo world holds sixty invented companies, and among them every kind that a demonstration must show."""

import re
from collections.abc import Callable

import pytest

from hunter.lab.dns.faults import Fault
from hunter.lab.world_sources.companies import SimulatedCompany
from hunter.lab.world_sources.demo_world import demo_companies

Shows = Callable[[SimulatedCompany], bool]


def _records(company: SimulatedCompany, relative: str, rdtype: str) -> tuple[str, ...]:
    name = company.domain if relative == "@" else f"{relative}.{company.domain}"
    return tuple(company.records.get(name, {}).get(rdtype, ()))


def _hosts(company: SimulatedCompany) -> tuple[str, ...]:
    return tuple(text.split()[1] for text in _records(company, "@", "MX"))


def _is_at(*suffixes: str) -> Shows:
    """Shows at least one mail host below one of the suffixes."""
    return lambda company: any(host == one or host.endswith(f".{one}") for host in _hosts(company) for one in suffixes)


def _is_all_at(*suffixes: str) -> Shows:
    return lambda company: bool(_hosts(company)) and all(host.endswith(suffixes) for host in _hosts(company))


def _has_own_mail_host(company: SimulatedCompany) -> bool:
    return any(host.endswith(company.domain) for host in _hosts(company))


def _spf(company: SimulatedCompany) -> tuple[str, ...]:
    return tuple(text for text in _records(company, "@", "TXT") if text.strip('"').startswith("v=spf1"))


def _has_in_spf(text: str) -> Shows:
    return lambda company: any(text in spf for spf in _spf(company))


def _is_at_outlook_by_autodiscover(company: SimulatedCompany) -> bool:
    cname = _records(company, "autodiscover", "CNAME")
    srv = _records(company, "_autodiscover._tcp", "SRV")
    return any(text.endswith("autodiscover.outlook.com") for text in cname + srv)


def _is_signed_by_microsoft(company: SimulatedCompany) -> bool:
    targets = [text for types in company.records.values() for text in types.get("CNAME", ())]
    living = [text for text in targets if text in company.records]
    return any(text.endswith(".onmicrosoft.com") for text in living)


def _has_dmarc(pattern: str) -> Shows:
    return lambda company: any(re.search(pattern, text) for text in _records(company, "_dmarc", "TXT"))


def _has_text_under_selectors(pattern: str) -> Shows:
    return lambda company: any(
        re.search(pattern, text)
        for owner, types in company.records.items()
        if "._domainkey." in owner
        for text in types.get("TXT", ())
    )


def _both(*shows: Shows) -> Shows:
    return lambda company: all(one(company) for one in shows)


def _not(shows: Shows) -> Shows:
    return lambda company: not shows(company)


OUTLOOK = ".mail.protection.outlook.com"
EXCHANGE_ONLINE = _is_at("mail.protection.outlook.com", "mx.microsoft")

COVERAGE: dict[str, Shows] = {
    "M365 with the classic MX and every signal": _both(
        _is_all_at(OUTLOOK), _is_at_outlook_by_autodiscover, _is_signed_by_microsoft, _has_dmarc("p=reject")
    ),
    "M365 with the newer MX": _is_all_at(".mx.microsoft"),
    "M365 behind Proofpoint": _both(_is_all_at(".pphosted.com"), _is_signed_by_microsoft),
    "M365 behind Mimecast": _both(_is_all_at(".mimecast.com"), _is_signed_by_microsoft),
    "M365 behind Barracuda": _both(_is_all_at(".barracudanetworks.com"), _is_signed_by_microsoft),
    "M365 behind Trend Micro": _both(_is_all_at(".trendmicro.eu"), _is_signed_by_microsoft),
    "M365 behind an own-name filter": _both(
        _has_own_mail_host, _not(EXCHANGE_ONLINE), _is_at_outlook_by_autodiscover, _is_signed_by_microsoft
    ),
    "M365 with split MX": _both(_is_at("mail.protection.outlook.com"), _has_own_mail_host),
    "M365 next to a gateway": _both(_is_at("mail.protection.outlook.com"), _is_at("sophos.com")),
    "left-over SPF of M365": _both(
        _has_in_spf("include:spf.protection.outlook.com"),
        _is_all_at(".natrohost.com"),
        _not(_is_at_outlook_by_autodiscover),
        _not(_is_signed_by_microsoft),
    ),
    "tenant traces only": _both(
        lambda company: any(text.startswith("MS=") for text in _records(company, "@", "TXT")),
        _not(EXCHANGE_ONLINE),
        _not(_is_at_outlook_by_autodiscover),
        _not(_is_signed_by_microsoft),
        _not(_has_in_spf("outlook")),
    ),
    "migration half done": _both(_has_own_mail_host, _is_at_outlook_by_autodiscover, _not(_is_signed_by_microsoft)),
    "DKIM alias at a tenant that is gone": lambda company: any(
        text.endswith(".onmicrosoft.com") and text not in company.records
        for types in company.records.values()
        for text in types.get("CNAME", ())
    ),
    "Google with the classic MX": _is_at("aspmx.l.google.com"),
    "Google with the single MX": _is_all_at("smtp.google.com"),
    "Google behind a gateway": _both(_is_all_at(".iphmx.com"), _has_in_spf("include:_spf.google.com")),
    "Yandex": _is_all_at("mx.yandex.net"),
    "Yandex with SPF by redirect": _has_in_spf("redirect=_spf.yandex.net"),
    "Zoho": _is_all_at(".zoho.eu"),
    "Amazon": _is_all_at(".amazonaws.com"),
    "SendGrid": _is_all_at("mx.sendgrid.net"),
    "Mailgun": _is_all_at(".mailgun.org"),
    "Proton Mail": _is_all_at(".protonmail.ch"),
    "Titan": _is_all_at(".titan.email"),
    "Uzman Posta": _is_all_at(".uzmanposta.com"),
    "Yaani Mail": _is_all_at(".yaanimail.com"),
    "iCloud": _is_all_at(".mail.icloud.com"),
    "Fastmail": _is_all_at(".messagingengine.com"),
    "Turkish host Natro": _is_all_at(".natrohost.com"),
    "Turkish host Natro, company mail": _is_all_at(".kurumsaleposta.com"),
    "Turkish host Turkticaret.net": _is_all_at(".turkticaret.net"),
    "Turkish host Güzel Hosting": _is_all_at(".guzel.net.tr"),
    "Turkish host IHS": _is_all_at(".ihs.com.tr"),
    "Turkish host DorukNet": _is_all_at(".doruk.net.tr"),
    "Turkish host Vargonen": _is_all_at(".vargonen.net"),
    "foreign hoster": _is_all_at(".hostinger.com"),
    "own server with its own autodiscover": _both(
        _has_own_mail_host,
        lambda company: _records(company, "autodiscover", "CNAME") == (f"mail.{company.domain}",),
    ),
    "own name on a shared server": lambda company: any(
        "cpanelemaildiscovery" in text for text in _records(company, "_autodiscover._tcp", "SRV")
    ),
    "only a gateway is seen": _both(
        _is_all_at(".messagelabs.com"), _not(_is_at_outlook_by_autodiscover), _not(_is_signed_by_microsoft)
    ),
    "forwarder Cloudflare": _is_all_at(".mx.cloudflare.net"),
    "forwarder ImprovMX": _is_all_at(".improvmx.com"),
    "no MX": lambda company: not _records(company, "@", "MX"),
    "null MX": lambda company: _records(company, "@", "MX") == ("0 .",),
    "no SPF": lambda company: bool(_hosts(company)) and not _spf(company),
    "SPF multiple": lambda company: len(_spf(company)) > 1,
    "SPF syntax": _has_in_spf("203.0.113.300"),
    "SPF loop": lambda company: any(f"include:{company.domain}" in text for text in _records(company, "_spf", "TXT")),
    "SPF missing target": _has_in_spf("outlok.com"),
    "SPF limit": _both(_has_in_spf("_spf.google.com"), _has_in_spf("_spf.yandex.net"), _has_in_spf("mailgun.org")),
    "SPF with more than three includes": lambda company: any(text.count("include:") > 3 for text in _spf(company)),
    "SPF that lets everybody send": _has_in_spf("+all"),
    "SPF that cannot be looked up": lambda company: any(
        one.fault is Fault.SERVFAIL and name.startswith("_spf.") for name, one in company.behaviours.items()
    ),
    "DMARC none": _has_dmarc("p=none"),
    "DMARC quarantine": _has_dmarc("p=quarantine"),
    "DMARC reject": _has_dmarc("p=reject"),
    "DMARC pct": _has_dmarc("pct=25"),
    "DMARC t=y": _has_dmarc("t=y"),
    "DMARC absent": lambda company: bool(_hosts(company)) and not _records(company, "_dmarc", "TXT"),
    "DMARC multiple": lambda company: len(_records(company, "_dmarc", "TXT")) > 1,
    "DMARC without p but with rua": _has_dmarc(r"^v=DMARC1; rua="),
    "DMARC inherited by a sub-domain": lambda company: (
        company.domain.count(".") == 2 and f"_dmarc.{company.domain.split('.', 1)[1]}" in company.records
    ),
    "DMARC that cannot be looked up": lambda company: f"_dmarc.{company.domain}" in company.behaviours,
    "DKIM revoked": _has_text_under_selectors(r"p=$"),
    "DKIM being tested": _has_text_under_selectors("t=y"),
    "DKIM by wildcard": lambda company: f"*._domainkey.{company.domain}" in company.records,
    "everything by wildcard": lambda company: f"*.{company.domain}" in company.records,
    "DKIM under a lying name server": lambda company: company.lying_ent,
    "nothing but something else below _domainkey": lambda company: (
        f"_adsp._domainkey.{company.domain}" in company.records
    ),
    "dead": lambda company: (
        company.behaviours.get(company.domain) is not None and company.behaviours[company.domain].fault is Fault.DEAD
    ),
    "slow": lambda company: any(one.slow_ms >= 500 for one in company.behaviours.values()),
    "a name in Turkish letters": lambda company: not company.display_domain.isascii(),
    "texts that would not let a terminal alone": lambda company: any(
        r"\027[2J" in text for text in _records(company, "@", "TXT")
    ),
    # Each record takes 12 bytes around its text, and one for the length of each string.
    "texts larger than a UDP answer": lambda company: (
        sum(len(text) + 13 for text in _records(company, "@", "TXT")) > 1232
    ),
}


def test_there_are_sixty_companies_with_names_of_their_own() -> None:
    companies = demo_companies()
    assert len(companies) == 60
    assert len({company.name for company in companies}) == 60
    assert len({company.domain for company in companies}) == 60
    assert len({company.note for company in companies}) == 60


def test_every_company_lives_under_example() -> None:
    assert [company.domain for company in demo_companies() if not company.domain.endswith(".example")] == []


@pytest.mark.parametrize("kind", COVERAGE)
def test_demo_world_shows(kind: str) -> None:
    assert [company.name for company in demo_companies() if COVERAGE[kind](company)] != []


def test_more_than_one_name_is_in_turkish_letters() -> None:
    assert sum(not company.display_domain.isascii() for company in demo_companies()) >= 2
