"""The survey over real sockets: every name comes back once, failures as unknown, and nothing stays behind."""

import asyncio
import gc
import time
from collections import Counter
from collections.abc import Iterator

import pytest

from hunter.collectors.mail.collect import MailCollector
from hunter.collectors.survey import is_wholly_unknown, requests_for
from hunter.core.assessment import assess
from hunter.core.errors import InvalidInput
from hunter.core.signals import Found
from hunter.core.survey_request import SurveyRequest
from hunter.core.surveyed import Surveyed
from hunter.lab.world_sources.demo_world import demo_companies, demo_world_file
from tests.integration.collectors.conftest import OpenResolver, survey_of
from tests.integration.collectors.mail.test_resolver_failures import closed_port
from tests.integration.collectors.scripted import Asked, Sent, serve_script, silence, texts
from tests.support.builders import COLLECTED_AT
from tests.support.name_servers import Serve
from tests.support.rulebooks import shipped_rulebook

NAMES = [f"n{number}.example" for number in range(300)]


def all_empty(asked: Asked) -> tuple[Sent, ...]:
    """The reaction of a server that knows every name and no record."""
    return (texts(asked),)


async def test_demo_world_is_surveyed_as_its_companies_are_written(serve: Serve, resolver_for: OpenResolver) -> None:
    companies = demo_companies()
    survey = survey_of(await resolver_for(serve(demo_world_file().world())))
    surveyed = [
        one async for one in survey.many(requests_for([company.domain for company in companies]), concurrency=40)
    ]
    assert Counter(one.evidence.domain for one in surveyed) == dict.fromkeys([one.domain for one in companies], 1)
    assert {one.evidence.collected_at for one in surveyed} == {COLLECTED_AT}
    alone = await survey.one(SurveyRequest(companies[0].domain))
    together = {one.evidence.domain: one.evidence for one in surveyed}
    assert alone.evidence == together[companies[0].domain]
    rulebook = shipped_rulebook()
    scored = [assess(one.evidence, rulebook, COLLECTED_AT).score for one in surveyed]
    assert sum(score is not None and score.points > 0 for score in scored) > len(companies) // 2


async def test_more_names_than_workers_all_come_back_once(resolver_for: OpenResolver) -> None:
    async with serve_script(all_empty) as server:
        survey = survey_of(await resolver_for(server))
        got = Counter([one.evidence.domain async for one in survey.many(requests_for(iter(NAMES)), concurrency=7)])
    assert got == dict.fromkeys(NAMES, 1)


async def test_silent_name_is_tried_once_more_when_others_were_answered(resolver_for: OpenResolver) -> None:
    """It is answered from the sixth question about it on: the first batch of the first try is lost as a whole."""
    is_awake = False

    def react(asked: Asked) -> tuple[Sent, ...]:
        return (texts(asked),) if is_awake or "late" not in asked.name else ()

    async with serve_script(react) as server:
        resolver = await resolver_for(server)
        collector = MailCollector(resolver, shipped_rulebook().signatures)
        assert is_unknown(await collector.collect("late.example", seconds=0.4))
        survey = survey_of(resolver)
        order: list[Surveyed] = []
        async for one in survey.many(requests_for(["late.example", *NAMES[:20]]), concurrency=30):
            order.append(one)
            is_awake = True
    assert order[-1].evidence.domain == "late.example"
    assert not is_wholly_unknown(order[-1].evidence)
    assert len(order) == 21


def is_unknown(mail: object) -> bool:
    """Whether no signal of mail evidence was answered."""
    return "Found" not in repr(mail) and "Absent" not in repr(mail)


async def test_closed_port_makes_every_name_unknown_soon(resolver_for: OpenResolver) -> None:
    survey = survey_of(await resolver_for(closed_port()))
    since = time.monotonic()
    surveyed = [one async for one in survey.many(requests_for(NAMES[:20]), concurrency=20)]
    assert time.monotonic() - since < 6
    assert len(surveyed) == 20
    assert all(is_wholly_unknown(one.evidence) for one in surveyed)


async def test_dead_name_takes_no_longer_than_it_may(resolver_for: OpenResolver) -> None:
    async with serve_script(silence) as server:
        collector = MailCollector(await resolver_for(server), shipped_rulebook().signatures)
        since = time.monotonic()
        mail = await collector.collect("firma.example", seconds=0.6)
        assert time.monotonic() - since < 5
    assert is_unknown(mail)


async def test_reader_who_leaves_early_leaves_nothing_running(resolver_for: OpenResolver) -> None:
    thresholds, frozen = gc.get_threshold(), gc.get_freeze_count()
    async with serve_script(all_empty) as server:
        survey = survey_of(await resolver_for(server))
        stream = survey.many(requests_for(NAMES), concurrency=10)
        first = await anext(stream)
        assert gc.get_threshold() != thresholds
        await stream.aclose()
    assert first.evidence.domain in NAMES
    assert (gc.get_threshold(), gc.get_freeze_count()) == (thresholds, frozen)
    await until_alone()


async def test_error_of_the_names_reaches_the_reader_after_what_was_under_way(resolver_for: OpenResolver) -> None:
    def names() -> Iterator[str]:
        yield from NAMES[:5]
        raise InvalidInput("the list cannot be read on")

    got = []
    async with serve_script(all_empty) as server:
        survey = survey_of(await resolver_for(server))

        async def read() -> None:
            async for one in survey.many(requests_for(names()), concurrency=3):
                got.append(one.evidence.domain)

        with pytest.raises(InvalidInput, match="read on"):
            await read()
    assert sorted(got) == NAMES[:5]
    await until_alone()


async def test_reader_who_takes_his_time_holds_back_the_workers(resolver_for: OpenResolver) -> None:
    """Names are not read much further ahead than results are taken."""
    names = iter(NAMES)
    async with serve_script(all_empty) as server:
        survey = survey_of(await resolver_for(server))
        stream = survey.many(requests_for(names), concurrency=5)
        await anext(stream)
        for _ in range(100):
            await asyncio.sleep(0.005)
        left = len(list(names))
        await stream.aclose()
    assert left >= len(NAMES) - 1 - 2 * 5 - 5


async def test_no_names_are_no_results(resolver_for: OpenResolver) -> None:
    async with serve_script(all_empty) as server:
        survey = survey_of(await resolver_for(server))
        assert [one async for one in survey.many(requests_for([]), concurrency=5)] == []


async def test_cancelled_survey_leaves_nothing_running(resolver_for: OpenResolver) -> None:
    """The resolver's fixture sees that no place and no id is left."""
    thresholds = gc.get_threshold()

    async with serve_script(silence) as server:
        survey = survey_of(await resolver_for(server))

        async def read() -> None:
            async for _ in survey.many(requests_for(NAMES), concurrency=100):
                pass

        reader = asyncio.ensure_future(read())
        await server.until_asked(100)
        reader.cancel()
        await asyncio.wait([reader])
    assert reader.cancelled()
    assert gc.get_threshold() == thresholds
    await until_alone()


async def until_alone() -> None:
    """Return when this test is the only task of its loop; fails after a second."""
    async with asyncio.timeout(1):
        while len(asyncio.all_tasks()) > 1:
            await asyncio.sleep(0)


async def test_survey_keeps_its_pace(resolver_for: OpenResolver) -> None:
    async with serve_script(all_empty) as server:
        survey = survey_of(await resolver_for(server), per_second=50)
        since = time.monotonic()
        surveyed = [one async for one in survey.many(requests_for(NAMES[:70]), concurrency=70)]
    # Fifty may begin at once, the other twenty at fifty a second.
    assert time.monotonic() - since >= 0.35
    assert len(surveyed) == 70


async def test_answers_of_a_found_company_reach_its_evidence(serve: Serve, resolver_for: OpenResolver) -> None:
    server = serve({"firma.example": {"MX": ["10 mx.firma.example"], "TXT": ["v=spf1 mx -all"]}})
    surveyed = await survey_of(await resolver_for(server)).one(SurveyRequest("firma.example"))
    assert isinstance(surveyed.evidence.mail.mx, Found)
    assert isinstance(surveyed.evidence.mail.spf, Found)
    assert 0 < surveyed.elapsed_seconds < 2
