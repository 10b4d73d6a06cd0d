"""The collector against registries over real sockets: every outcome, every trouble, and the clock."""

import asyncio
from time import monotonic

import pytest

from hunter.collectors.registration.registration import Outcome, Registration, evidence_of
from hunter.core.signals import Absent, Found, Unknown
from hunter.lab.registry.running import RunningRegistry
from hunter.resilience.memory_cache import MemoryCache
from tests.integration.registration.conftest import EXPIRES, RDAP_FAULTS, WHOIS_FAULTS, OpenCollector

REGISTRAR = "Örnek Kayıt Şirketi A.Ş."
#: What the troubles of an RDAP server are called; the others are harmless.
RDAP_REASONS = {
    **{
        "dead": "timeout",
        "drip": "timeout",
        "quota": "rate_limited",
        "server-error": "server_error",
        "huge": "too_large",
    },
    **dict.fromkeys(("cut", "html", "garbage", "longer", "shorter", "wrong-name", "nowhere", "octal"), "malformed"),
    **dict.fromkeys(
        ("private", "mapped", "nat64", "metadata", "number", "bad", "file", "down", "user"), "refused_by_guard"
    ),
    "empty": "malformed",
    "no-label": "malformed",
}
WHOIS_REASONS = {
    **{"dead": "timeout", "quota": "rate_limited", "server-error": "server_error"},
    **dict.fromkeys(("html", "garbage", "empty", "wrong-name"), "malformed"),
    **dict.fromkeys(("private", "loopback", "mapped", "local"), "refused_by_guard"),
}

#: Troubles in the middle of a record, and what they leave of the fields behind.
WHOIS_GAPS = {"cut": "malformed", "drip": "timeout"}


def is_right(registration: Registration, domain: str) -> bool:
    return (registration.outcome, registration.registrar, registration.expires_at, registration.nameservers) == (
        Outcome.FOUND,
        REGISTRAR,
        EXPIRES,
        (f"ns1.{domain}", f"ns2.{domain}"),
    )


@pytest.mark.parametrize("by_tls", [True, False], ids=["tls", "plain"])
async def test_a_registered_name_is_found_by_rdap(open_collector: OpenCollector, by_tls: bool) -> None:
    async with open_collector(by_tls=by_tls) as collector:
        evidence = await collector.collect("www.posta.well.example")
    assert evidence.registrar == Found(REGISTRAR, (REGISTRAR,))
    assert evidence.expires_at == Found(EXPIRES, (f"expiration: {EXPIRES}T09:30:00Z",))
    assert evidence.nameservers == Found(
        ("ns1.well.example", "ns2.well.example"), ("ns1.well.example", "ns2.well.example")
    )


async def test_a_name_that_nobody_has_is_absent(open_collector: OpenCollector) -> None:
    async with open_collector() as collector:
        by_rdap = await collector.collect("nobody.example")
        by_whois = await collector.collect("nobody-hunter.com.tr")
    absent = Absent("not_registered")
    assert {by_rdap.registrar, by_rdap.expires_at, by_whois.registrar, by_whois.nameservers} == {absent}


async def test_turkish_names_go_straight_to_whois(open_collector: OpenCollector, registry: RunningRegistry) -> None:
    before = registry.arrivals()
    async with open_collector() as collector:
        old = await collector.look_up("posta.latin-hunter.com.tr")
        idn = await collector.look_up("xn--trke-2oa7j.com.tr")
    after = registry.arrivals()
    assert is_right(old, "latin-hunter.com.tr")
    assert is_right(idn, "xn--trke-2oa7j.com.tr")
    assert (old.tried, idn.tried) == (("whois: found",), ("whois: found",))
    assert (len(after.rdap) - len(before.rdap), len(after.whois) - len(before.whois)) == (0, 2)


@pytest.mark.parametrize("name", RDAP_FAULTS)
async def test_whatever_rdap_does_whois_answers(open_collector: OpenCollector, name: str) -> None:
    domain = f"rdap-{name}.example"
    since = monotonic()
    async with open_collector() as collector:
        registration = await collector.look_up(domain)
    assert is_right(registration, domain)
    tried = (f"rdap: {RDAP_REASONS[name]}", "whois: found") if name in RDAP_REASONS else ("rdap: found",)
    assert registration.tried == tried
    assert monotonic() - since < 4.0


@pytest.mark.parametrize("name", [*WHOIS_FAULTS, "drip"])
async def test_a_whois_in_trouble_is_unavailable_and_never_not_registered(
    open_collector: OpenCollector, name: str
) -> None:
    async with open_collector() as collector:
        registration = await collector.look_up(f"whois-{name}.example")
    if name in WHOIS_REASONS:
        assert (registration.outcome, registration.reason) == (Outcome.UNAVAILABLE, WHOIS_REASONS[name])
        assert registration.tried == ("rdap: server_error", f"whois: {WHOIS_REASONS[name]}")
    else:
        # What came is a record with a gap; half a day is no day.
        evidence = evidence_of(registration)
        assert isinstance(evidence.registrar, Found)
        assert evidence.expires_at == Unknown(WHOIS_GAPS[name])


@pytest.mark.parametrize("layout", ["trabis", "trabis-old", "icann", "rpsl"])
async def test_every_layout_is_read_over_the_wire(open_collector: OpenCollector, layout: str) -> None:
    async with open_collector() as collector:
        assert is_right(await collector.look_up(f"whois-{layout}.example"), f"whois-{layout}.example")


async def test_megabytes_of_text_are_cut_short_and_the_record_is_read(open_collector: OpenCollector) -> None:
    async with open_collector() as collector:
        assert is_right(await collector.look_up("whois-huge.example"), "whois-huge.example")


async def test_two_dead_servers_cost_three_and_five_seconds_together(open_collector: OpenCollector) -> None:
    since = monotonic()
    async with open_collector() as collector:
        registration = await collector.look_up("both-dead.example")
    assert registration.tried == ("rdap: timeout", "whois: timeout")
    assert 7.9 < monotonic() - since < 8.6


async def test_the_callers_deadline_is_kept(open_collector: OpenCollector) -> None:
    since = monotonic()
    async with open_collector() as collector:
        evidence = await collector.collect("both-dead.example", seconds=0.5)
    assert evidence.registrar == Unknown("timeout", ("rdap: timeout",))
    assert monotonic() - since < 1.0


async def test_a_cancelled_look_up_leaves_nothing_behind(open_collector: OpenCollector) -> None:
    async with open_collector() as collector:
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.2):
                await collector.collect("both-dead.example")
        assert is_right(await collector.look_up("well.example"), "well.example")


@pytest.mark.parametrize("domain", ["com.tr", "example", "", "not a name", "a..b", "127.0.0.1", "ş" * 300])
async def test_what_cannot_be_registered_is_asked_of_nobody(
    open_collector: OpenCollector, registry: RunningRegistry, domain: str
) -> None:
    before = registry.arrivals()
    async with open_collector() as collector:
        registration = await collector.look_up(domain)
    assert registration.reason == "not_registrable"
    assert registry.arrivals() == before


async def test_reserved_names_are_asked_of_no_public_server(open_collector: OpenCollector) -> None:
    async with open_collector(rdap_base=None, whois_server=None) as collector:
        assert (await collector.look_up("ornek.example")).reason == "no_server"


async def test_what_is_known_is_not_asked_again(open_collector: OpenCollector, registry: RunningRegistry) -> None:
    before = registry.arrivals()
    async with open_collector() as collector:
        first = await collector.look_up("well.example")
        again = await collector.look_up("sub.well.example")
        fresh = await collector.look_up("well.example", is_fresh=True)
    assert (first.cached, again.cached, fresh.cached) == (False, True, False)
    assert again.expires_at == first.expires_at
    assert len(registry.arrivals().rdap) - len(before.rdap) == 2


async def test_a_failure_is_remembered_briefly_and_as_a_failure(open_collector: OpenCollector) -> None:
    now = [1000.0]
    cache = MemoryCache[Registration](clock=lambda: now[0])
    async with open_collector(cache=cache) as collector:
        await collector.look_up("whois-quota.example")
        known = await collector.look_up("whois-quota.example")
        now[0] += 601
        again = await collector.look_up("whois-quota.example")
    assert (known.outcome, known.reason, known.cached) == (Outcome.UNAVAILABLE, "rate_limited", True)
    assert again.cached is False


async def test_half_a_record_is_remembered_as_briefly_as_a_failure(open_collector: OpenCollector) -> None:
    now = [1000.0]
    async with open_collector(cache=MemoryCache[Registration](clock=lambda: now[0])) as collector:
        await collector.look_up("whois-cut.example")
        now[0] += 599
        assert (await collector.look_up("whois-cut.example")).cached
        now[0] += 2
        assert not (await collector.look_up("whois-cut.example")).cached


async def test_a_fresh_failure_does_not_push_out_what_is_known(open_collector: OpenCollector) -> None:
    cache = MemoryCache[Registration]()
    known = Registration(Outcome.FOUND, registrar="Bilinen")
    await cache.put("whois-quota.example", known, 600)
    async with open_collector(cache=cache) as collector:
        fresh = await collector.look_up("whois-quota.example", is_fresh=True)
        later = await collector.look_up("whois-quota.example")
    assert (fresh.reason, later.registrar) == ("rate_limited", "Bilinen")
