"""Where mail goes is asked once an hour; a scan looks each time and tells the others what it saw."""

import asyncio

from hunter.collectors.mail.dns_cache import dns_cache
from hunter.core.evidence import MailEvidence
from hunter.core.signals import Absent, Unknown
from hunter.core.survey_request import SurveyRequest
from hunter.resilience.cache_store import CacheHit
from hunter.resilience.memory_cache import MemoryCache
from tests.integration.collectors.conftest import OpenResolver, survey_of
from tests.integration.collectors.scripted import Asked, Sent, serve_script, texts
from tests.support.builders import UNKNOWN, mail_evidence
from tests.unit.resilience.clock import Clock

DOMAIN = "firma.example"


def all_empty(asked: Asked) -> tuple[Sent, ...]:
    """The reaction of a server that knows every name and no record."""
    return (texts(asked),)


async def test_many_who_ask_where_mail_goes_ask_dns_once(resolver_for: OpenResolver) -> None:
    async with serve_script(all_empty) as server:
        survey = survey_of(await resolver_for(server))
        first = await survey.mail_hosts(DOMAIN)
        once = len(server.asked)
        again = await asyncio.gather(*(survey.mail_hosts(DOMAIN) for _ in range(10)))
    assert again == [first] * 10
    assert isinstance(first, Absent)
    assert len(server.asked) == once > 0


async def test_a_scan_looks_each_time_and_answers_who_asks_afterwards(resolver_for: OpenResolver) -> None:
    async with serve_script(all_empty) as server:
        survey = survey_of(await resolver_for(server))
        await survey.one(SurveyRequest(DOMAIN))
        once = len(server.asked)
        assert await survey.mail_hosts(DOMAIN) == Absent("nodata")
        assert len(server.asked) == once
        await survey.one(SurveyRequest(DOMAIN))
    assert len(server.asked) > once


async def test_a_complete_analysis_is_cached_an_hour_half_of_one_a_minute_and_no_mail_host_not_at_all() -> None:
    clock = Clock()
    store = MemoryCache[MailEvidence](clock=clock)
    cache = dns_cache(store)
    half = mail_evidence(dkim=UNKNOWN)
    for name, mail in {"whole": mail_evidence(), "half": half, "none": mail_evidence(mx=Unknown("timeout"))}.items():
        await cache.renew(name, mail)
    assert await cache.get("none") is None
    clock.now += 59
    assert await cache.get("half") == CacheHit(half)
    clock.now += 1
    assert await cache.get("half") is None
    clock.now += 3539
    assert await cache.get("whole") == CacheHit(mail_evidence())
    clock.now += 1
    assert await cache.get("whole") is None


async def test_half_an_analysis_does_not_push_out_a_whole_one() -> None:
    cache = dns_cache()
    await cache.renew(DOMAIN, mail_evidence())
    await cache.renew(DOMAIN, mail_evidence(dkim=UNKNOWN))
    assert await cache.get(DOMAIN) == CacheHit(mail_evidence())
