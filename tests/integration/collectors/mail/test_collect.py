"""One domain over real sockets: what its records become as evidence, whatever they and their server are like."""

import asyncio
import time
from collections import Counter
from dataclasses import fields

import pytest

from hunter.collectors.mail.collect import MailCollector
from hunter.collectors.mail.resolver import Resolver
from hunter.collectors.mail.upstream import Upstream
from hunter.core.evidence import DKIMTarget, MailEvidence
from hunter.core.provider.signatures import Signatures
from hunter.core.records.mx import MXHost
from hunter.core.signals import Absent, Found, Unknown, state_of
from hunter.lab.dns.faults import Behaviour, Fault, Faults, TCPService
from hunter.lab.dns.name_server import NameServer
from hunter.lab.dns.wire import to_ascii
from hunter.lab.dns.worlds import Records, World
from tests.integration.collectors.conftest import OpenResolver
from tests.integration.collectors.scripted import Asked, Sent, error, serve_script, texts
from tests.support.name_servers import Serve

KEY = "v=DKIM1; k=rsa; p=MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEA"
MICROSOFT = {"MX": ["0 firma-example.mail.protection.outlook.com"], "NS": ["ns1.firma.example"]}
OWN = {"MX": ["10 mail.firma.example"], "NS": ["ns1.firma.example"]}


def states(mail: MailEvidence) -> dict[str, str]:
    """The state of every signal."""
    return {field.name: state_of(getattr(mail, field.name)) for field in fields(mail)}


@pytest.fixture
def collect(serve: Serve, resolver_for: OpenResolver, signatures: Signatures) -> "Collect":
    """Collects the evidence of one domain from a world or from records."""
    return Collect(serve, resolver_for, signatures)


class Collect:
    """Call it with a world and a domain."""

    def __init__(self, serve: Serve, resolver_for: OpenResolver, signatures: Signatures) -> None:
        self._serve = serve
        self._resolver_for = resolver_for
        self._signatures = signatures

    async def __call__(
        self,
        world: World | Records,
        domain: str = "firma.example",
        *,
        faults: Faults | None = None,
        seconds: float = 10.0,
        randomises_case: bool = False,
    ) -> MailEvidence:
        server: NameServer = self._serve(world, faults or Faults())
        resolver = await self._resolver_for(server, randomises_case=randomises_case)
        return await MailCollector(resolver, self._signatures).collect(domain, seconds=seconds)


async def test_company_with_everything_in_order(collect: Collect) -> None:
    tenant = "selector1-firma-example._domainkey.firma.onmicrosoft.com"
    mail = await collect(
        {
            "firma.example": {**MICROSOFT, "TXT": ["v=spf1 include:spf.protection.outlook.com -all", "MS=ms12345678"]},
            "spf.protection.outlook.com": {"TXT": ["v=spf1 ip4:192.0.2.0/24 -all"]},
            "_dmarc.firma.example": {"TXT": ["v=DMARC1; p=reject"]},
            "autodiscover.firma.example": {"CNAME": ["autodiscover.outlook.com"]},
            "selector1._domainkey.firma.example": {"CNAME": [tenant]},
            tenant: {"TXT": [KEY]},
        }
    )
    assert mail.mx == Found(
        (MXHost(0, "firma-example.mail.protection.outlook.com"),), ("0 firma-example.mail.protection.outlook.com",)
    )
    assert isinstance(mail.spf, Found)
    assert (mail.spf.value.includes, mail.spf.value.lookups) == (("spf.protection.outlook.com",), 1)
    assert isinstance(mail.dmarc, Found)
    assert mail.dmarc.value.policy == "reject"
    assert isinstance(mail.dkim, Found)
    assert [key.selector for key in mail.dkim.value] == ["selector1"]
    assert mail.dkim_targets == Found((DKIMTarget("selector1", tenant),))
    assert mail.autodiscover_cname == Found("autodiscover.outlook.com")
    assert mail.verifications == Found(("microsoft",))
    assert mail.ns == Found(("ns1.firma.example",))


async def test_name_that_does_not_exist_has_nothing(collect: Collect) -> None:
    mail = await collect({"other.example": OWN}, "gone.example")
    assert set(states(mail).values()) == {"absent"}
    assert mail.mx == Absent("nxdomain")


@pytest.mark.parametrize(
    "domain", ["a..example", "x" * 64 + ".example", ".".join(["a" * 49] * 5), "", "şirket.example"]
)
async def test_what_cannot_be_asked_is_unknown(collect: Collect, domain: str) -> None:
    assert set(states(await collect({"firma.example": OWN}, domain)).values()) == {"unknown"}


async def test_name_in_other_letters_is_asked_in_its_ascii_form(collect: Collect) -> None:
    mail = await collect({"şirket.example": {"MX": ["10 posta.şirket.example"]}}, to_ascii("şirket.example"))
    assert isinstance(mail.mx, Found)


async def test_null_mx_and_root_service_are_absent(collect: Collect) -> None:
    mail = await collect(
        {
            "firma.example": {"MX": ["0 ."]},
            "_autodiscover._tcp.firma.example": {"SRV": ["0 0 0 ."]},
        }
    )
    assert isinstance(mail.mx, Absent)
    assert mail.mx.reason == "null_mx"
    assert isinstance(mail.autodiscover_srv, Absent)


async def test_service_record_is_asked_where_there_is_no_alias(collect: Collect) -> None:
    mail = await collect(
        {
            "firma.example": OWN,
            "_autodiscover._tcp.firma.example": {"SRV": ["10 0 443 second.example", "0 1 443 first.example"]},
        }
    )
    assert mail.autodiscover_srv == Found("first.example")


async def test_dangling_selector_is_kept_as_evidence(collect: Collect) -> None:
    tenant = "selector1-firma-example._domainkey.firma.onmicrosoft.com"
    mail = await collect({"firma.example": MICROSOFT, "selector1._domainkey.firma.example": {"CNAME": [tenant]}})
    assert mail.dkim_targets == Found((DKIMTarget("selector1", tenant),))
    assert state_of(mail.dkim) == "unknown"


async def test_alias_at_the_top_that_dangles_hides_nothing_below(collect: Collect) -> None:
    """The denial is about the alias's target, not about the domain."""
    mail = await collect(
        World.from_records(
            {
                "firma.example": {"CNAME": ["gone.elsewhere.example"]},
                "_dmarc.firma.example": {"TXT": ["v=DMARC1; p=reject"]},
            },
            domains=["firma.example"],
        )
    )
    assert state_of(mail.mx) == "absent"
    assert isinstance(mail.dmarc, Found)


async def test_sub_domain_that_is_denied_by_a_lying_server_keeps_what_stands_below(collect: Collect) -> None:
    mail = await collect(
        World.from_records(
            {"firma.example": OWN, "_dmarc.posta.firma.example": {"TXT": ["v=DMARC1; p=quarantine"]}},
            domains=["firma.example"],
            lying_ent=["firma.example"],
        ),
        "posta.firma.example",
    )
    assert isinstance(mail.dmarc, Found)
    assert (mail.dmarc.value.policy, mail.dmarc.value.is_inherited) == ("quarantine", False)


@pytest.mark.parametrize(
    ("records", "lying", "dkim"),
    [
        ({}, False, Absent("nxdomain")),
        ({}, True, Absent("nxdomain")),
        ({"mail._domainkey": KEY}, False, "mail"),
        ({"mail._domainkey": KEY}, True, "mail"),
        ({"pm._domainkey": KEY}, False, "pm"),
        ({"unguessable._domainkey": KEY}, False, Unknown("selector_not_known")),
        ({"default._domainkey": "v=DKIM1; p="}, False, Unknown("selector_not_known")),
        ({"default._domainkey": "v=DKIM1; p=", "mail._domainkey": KEY}, True, "mail"),
        ({"*": "v=spf1 -all"}, False, Unknown("wildcard")),
        ({"*._domainkey": KEY}, False, Unknown("wildcard")),
        ({"*": KEY}, False, Unknown("wildcard")),
        ({"*": "v=spf1 -all", "default._domainkey": KEY}, False, "default"),
    ],
)
async def test_dkim_is_what_the_names_prove(
    collect: Collect, records: dict[str, str], lying: bool, dkim: Absent | Unknown | str
) -> None:
    world = World.from_records(
        {"firma.example": OWN, **{f"{name}.firma.example": {"TXT": [text]} for name, text in records.items()}},
        domains=["firma.example"],
        lying_ent=["firma.example"] if lying else [],
    )
    signal = (await collect(world)).dkim
    if isinstance(dkim, str):
        assert isinstance(signal, Found)
        assert [key.selector for key in signal.value] == [dkim]
    else:
        assert signal == dkim


async def test_selector_with_capitals_is_found_through_a_server_that_flattens(
    resolver_for: OpenResolver, signatures: Signatures
) -> None:
    """The name is asked in small letters, for some servers write every question back so."""

    def flattening(asked: Asked) -> tuple[Sent, ...]:
        if asked.name == "mbo0001._domainkey.firma.example":
            packet = texts(asked, KEY.replace(";", "\\;")).to_wire()
        else:
            there = len(asked.name.split(".")) <= 3
            packet = (texts(asked) if there else error(asked, "NXDOMAIN")).to_wire()
        end = packet.index(0, 12)
        return (packet[:12] + packet[12:end].lower() + packet[end:],)

    async with serve_script(flattening) as server:
        mail = await MailCollector(await resolver_for(server), signatures).collect("firma.example", seconds=3)
    assert isinstance(mail.dkim, Found)
    assert [key.selector for key in mail.dkim.value] == ["MBO0001"]


@pytest.mark.parametrize("label", ["selector1._domainkey", "_domainkey"])
async def test_failing_dkim_name_is_unknown_not_absent(collect: Collect, label: str) -> None:
    world = World.from_records(
        {"firma.example": MICROSOFT},
        domains=["firma.example"],
        behaviours={f"{label}.firma.example": Behaviour(Fault.SERVFAIL)},
    )
    mail = await collect(world, seconds=1.2)
    assert mail.dkim == Unknown("servfail")
    assert isinstance(mail.mx, Found)


@pytest.mark.parametrize("lie", [Fault.NON_UTF8, Fault.ESCAPE_CODES, Fault.TXT_64K])
async def test_strange_texts_are_kept_and_do_no_harm(collect: Collect, lie: Fault) -> None:
    mail = await collect({"firma.example": OWN}, faults=Faults(lies=((lie, 1.0),)))
    assert isinstance(mail.mx, Found)
    assert state_of(mail.dkim) == "unknown"
    assert mail.spf.raw[0].startswith("v=spf1")
    if lie is Fault.NON_UTF8:
        assert "\\xff" in mail.spf.raw[0]


async def test_truncated_answers_without_tcp_are_unknown_never_absent(collect: Collect) -> None:
    mail = await collect({"firma.example": OWN}, faults=Faults(truncate=1.0, tcp=TCPService.REFUSE))
    assert set(states(mail).values()) == {"unknown"}


@pytest.mark.parametrize("fault", [Fault.SERVFAIL, Fault.REFUSED, Fault.OTHER_NAME, Fault.CNAME_LOOP])
async def test_domain_in_trouble_is_unknown_in_everything_but_its_alias(collect: Collect, fault: Fault) -> None:
    world = World.from_records({"firma.example": OWN}, behaviours={"firma.example": Behaviour(fault)})
    found = states(await collect(world, seconds=0.9))
    # A loop begins with an alias, and that one is there.
    expected = {"unknown", "found"} if fault is Fault.CNAME_LOOP else {"unknown"}
    assert set(found.values()) == expected
    assert [name for name, state in found.items() if state == "found"] == ["autodiscover_cname"] * (len(expected) - 1)


async def test_deep_tree_of_slow_names_ends_with_the_domain_s_time(serve: Serve, signatures: Signatures) -> None:
    """Each level is answered in time, all levels together are not."""
    levels = {f"n{level}.spf.example": {"TXT": [f"v=spf1 include:n{level + 1}.spf.example -all"]} for level in range(6)}
    world = World.from_records(
        {"firma.example": {**OWN, "TXT": ["v=spf1 include:n0.spf.example -all"]}, **levels},
        domains=["firma.example", "spf.example"],
        behaviours={"spf.example": Behaviour(slow_ms=250)},
    )
    server = serve(world)
    async with Resolver([Upstream(server.host, server.port)]) as resolver:
        since = time.monotonic()
        mail = await MailCollector(resolver, signatures).collect("firma.example", seconds=0.6)
        assert time.monotonic() - since < 5
    assert mail.spf == Unknown("timeout", ("v=spf1 include:n0.spf.example -all",))
    assert isinstance(mail.mx, Found)


async def test_domain_that_falls_silent_in_the_middle_ends_in_time(signatures: Signatures) -> None:
    """Every batch has to stay within what the ones before left over; none may hang for want of time."""

    def answers_first_wave(asked: Asked) -> tuple[Sent, ...]:
        return (texts(asked),) if len(server.asked) <= 4 else ()

    async with serve_script(answers_first_wave) as server, Resolver([Upstream(server.host, server.port)]) as resolver:
        collector = MailCollector(resolver, signatures)
        for seconds in (0.05, 0.2, 0.5):
            since = time.monotonic()
            async with asyncio.timeout(3):
                mail = await collector.collect("firma.example", seconds=seconds)
            assert time.monotonic() - since < seconds + 4
            assert state_of(mail.dkim) == "unknown"


async def test_failure_beside_answers_is_asked_once_more(resolver_for: OpenResolver, signatures: Signatures) -> None:
    seen: Counter[str] = Counter()

    def mx_fails_thrice(asked: Asked) -> tuple[Sent, ...]:
        if asked.query.question[0].rdtype.name != "MX":
            return (texts(asked),)
        seen["MX"] += 1
        return (error(asked, "SERVFAIL") if seen["MX"] <= 3 else texts(asked),)

    async with serve_script(mx_fails_thrice) as server:
        mail = await MailCollector(await resolver_for(server), signatures).collect("firma.example")
    assert mail.mx == Absent("nodata")
