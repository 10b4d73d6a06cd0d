"""The scan use case on real servers: who waits for whom, what is answered from memory, what travels, what is kept."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from hunter.cache.connection import RedisConnection
from hunter.cache.locks import SharedLocks
from hunter.core.evidence import Evidence
from hunter.core.new_company import NewCompany
from hunter.core.signals import Absent
from hunter.core.survey_request import RegistryLookUp, SurveyRequest
from hunter.core.surveyed import Surveyed, Timing
from hunter.services.scan.context import Scanning
from hunter.services.scan.locks import NoLocks
from hunter.services.scan.memory import NoMemory
from hunter.services.scan.policy import BY_HAND, FRESH, RegistryByAge, ScanPolicy
from hunter.services.scan.scan_many import scan_many
from hunter.services.scan.scan_one import scan_one
from hunter.services.scan.shapes import ScanItem, Scanned
from hunter.services.scan.stored_leads import StoredLeads
from hunter.storage.leads import NotIngested
from hunter.storage.unit_of_work import UnitOfWork
from tests.support.assessed import GOOGLE, intake, save, scan, strong_mail
from tests.support.builders import COLLECTED_AT, mail_evidence
from tests.support.rulebooks import shipped_rulebook
from tests.support.words import wording

DOMAIN: Final = "firma.example"


@dataclass
class World:
    """Stands for the network: it says what was asked, and answers when it may."""

    asked: list[SurveyRequest] = field(default_factory=list)
    may_answer: asyncio.Event = field(default_factory=asyncio.Event)
    now: datetime = COLLECTED_AT

    async def one(self, request: SurveyRequest) -> Surveyed:
        """Answer with Google's records, one second later."""
        self.asked.append(request)
        await self.may_answer.wait()
        self.now += timedelta(seconds=1)
        return Surveyed(Evidence(request.domain, self.now, mail_evidence(mx=GOOGLE)), 0.0, Timing(0.0))

    async def many(
        self, batches: AsyncIterator[Sequence[SurveyRequest]], *, concurrency: int
    ) -> AsyncGenerator[Surveyed, None]:
        """Answer one after the other."""
        async for batch in batches:
            for request in batch:
                yield await self.one(request)


@pytest.fixture
async def world() -> World:
    """A world that answers at once."""
    opened = World()
    opened.may_answer.set()
    return opened


def scanning_in(world: World, engine: AsyncEngine, locks: SharedLocks | NoLocks) -> Scanning:
    """What one process scans with."""
    return Scanning(
        survey=world,
        memory=StoredLeads(lambda: UnitOfWork(engine), lambda: UnitOfWork(engine), wording("tr")),
        locks=locks,
        rulebook=shipped_rulebook(),
        clock=lambda: world.now,
    )


async def scanned_by(scanning: Scanning, items: Sequence[ScanItem], policy: ScanPolicy) -> list[Scanned]:
    """All scans of a run, in the order in which they were handed on."""
    taken: list[Scanned] = []

    async def take(scanned: Scanned) -> None:
        taken.append(scanned)

    await scan_many(scanning, items, policy, take=take, concurrency=4)
    return taken


async def test_the_second_scan_of_a_domain_waits_for_the_first_and_takes_its_answer(
    world: World, engine: AsyncEngine, redis: RedisConnection
) -> None:
    await intake(engine, DOMAIN)
    world.may_answer.clear()
    first, second = [
        asyncio.create_task(scan_one(scanning_in(world, engine, SharedLocks(redis)), DOMAIN, FRESH)) for _ in range(2)
    ]
    while not world.asked:
        await asyncio.sleep(0)
    world.may_answer.set()
    scans = await asyncio.gather(first, second)
    assert sorted(one.cached for one in scans) == [False, True]
    assert len(world.asked) == 1
    assert scans[0].record == scans[1].record


async def test_a_list_waits_for_whoever_scans_one_of_its_domains(
    world: World, engine: AsyncEngine, redis: RedisConnection
) -> None:
    await intake(engine, DOMAIN, "baska.example")
    world.may_answer.clear()
    by_hand = asyncio.create_task(scan_one(scanning_in(world, engine, SharedLocks(redis)), DOMAIN, FRESH))
    while not world.asked:
        await asyncio.sleep(0)
    items = [ScanItem(DOMAIN), ScanItem("baska.example")]
    listed = asyncio.create_task(scanned_by(scanning_in(world, engine, SharedLocks(redis)), items, ScanPolicy()))
    while len(world.asked) < 2:
        await asyncio.sleep(0)
    world.may_answer.set()
    await by_hand
    assert {one.domain: one.cached for one in await listed} == {DOMAIN: True, "baska.example": False}
    assert [one.domain for one in world.asked] == [DOMAIN, "baska.example"]


async def test_without_redis_a_scan_goes_on(world: World, engine: AsyncEngine) -> None:
    await intake(engine, DOMAIN)
    async with RedisConnection("unix:///nowhere/redis.sock") as nobody:
        scanned = await scan_one(scanning_in(world, engine, SharedLocks(nobody)), DOMAIN, FRESH)
    assert scanned.record is not None
    assert (scanned.cached, scanned.record.company.provider) == (False, "Google")


async def test_a_company_that_nobody_brought_in_is_not_asked_about(world: World, engine: AsyncEngine) -> None:
    with pytest.raises(NotIngested):
        await scan_one(scanning_in(world, engine, NoLocks()), DOMAIN, BY_HAND)
    assert world.asked == []


async def test_a_scan_by_hand_asks_the_registry_again(world: World, engine: AsyncEngine) -> None:
    await intake(engine, DOMAIN)
    await scan_one(scanning_in(world, engine, NoLocks()), DOMAIN, BY_HAND)
    assert [one.registry for one in world.asked] == [RegistryLookUp.AGAIN]


async def test_what_a_list_says_of_a_company_travels_with_it(world: World, engine: AsyncEngine) -> None:
    named = ScanItem(DOMAIN, NewCompany(domain=DOMAIN, name="Firma Çelik A.Ş."))
    scans = await scanned_by(scanning_in(world, engine, NoLocks()), [named, ScanItem("yabanci.example")], ScanPolicy())
    assert {one.domain: one.not_stored and one.not_stored.code for one in scans} == {
        DOMAIN: None,
        "yabanci.example": "not_ingested",
    }
    async with UnitOfWork(engine) as unit:
        company = await unit.companies.find(DOMAIN)
    assert company is not None
    assert company.canonical_name == "Firma Çelik A.Ş."


async def test_a_list_longer_than_a_batch_is_kept_whole_and_answered_from_memory_next_time(
    world: World, engine: AsyncEngine
) -> None:
    names = [f"f{number:04}.example" for number in range(450)]
    items = [ScanItem(name, NewCompany(domain=name)) for name in names]
    scanning, policy = scanning_in(world, engine, NoLocks()), ScanPolicy(accepts_stored=True)
    for cached in (False, True):
        scans = await scanned_by(scanning, items, policy)
        assert sorted(one.domain for one in scans) == names
        assert {one.cached for one in scans} == {cached}
    assert len(world.asked) == len(names)


async def test_an_answer_from_memory_is_the_stored_verdict_with_its_version(world: World, engine: AsyncEngine) -> None:
    await intake(engine, DOMAIN)
    stored = scan(DOMAIN, strong_mail())
    score = stored.assessment.score
    assert score is not None
    old = replace(stored.assessment, rulebook_version="1999-1", score=replace(score, points=7), priority=6)
    await save(engine, replace(stored, assessment=old))
    answer = await scan_one(scanning_in(world, engine, NoLocks()), DOMAIN, BY_HAND)
    assert answer.cached
    assert answer.assessment.score is not None
    shown = (answer.assessment.rulebook_version, answer.assessment.score.points, answer.assessment.priority)
    assert shown == ("1999-1", 7, 6)
    # Points of today's rules do not sum to a score of yesterday's.
    assert answer.assessment.score.contributions == ()


@pytest.mark.parametrize(
    ("days", "ends_in", "look_up"),
    [
        (6, 300, RegistryLookUp.LEFT_OUT),
        (8, 300, RegistryLookUp.AGAIN),
        (6, 59, RegistryLookUp.AGAIN),
        (6, None, RegistryLookUp.LEFT_OUT),
    ],
)
async def test_by_age_the_registry_is_asked_where_its_answer_is_old_or_about_to_end(
    world: World, engine: AsyncEngine, days: int, ends_in: int | None, look_up: RegistryLookUp
) -> None:
    await intake(engine, DOMAIN)
    ends = Absent("not_told") if ends_in is None else (COLLECTED_AT + timedelta(days=ends_in)).date()
    await save(engine, scan(DOMAIN, strong_mail(), at=COLLECTED_AT - timedelta(days=days), expires_at=ends))
    await scanned_by(scanning_in(world, engine, NoLocks()), [ScanItem(DOMAIN)], ScanPolicy(registry=RegistryByAge()))
    assert [one.registry for one in world.asked] == [look_up]


async def test_without_a_memory_nothing_is_kept_and_nothing_is_said_of_it(world: World, engine: AsyncEngine) -> None:
    scanning = replace(scanning_in(world, engine, NoLocks()), memory=NoMemory())
    (scanned,) = await scanned_by(scanning, [ScanItem(DOMAIN, NewCompany(domain=DOMAIN))], BY_HAND)
    assert (scanned.not_stored, scanned.record) == (None, None)
    async with UnitOfWork(engine) as unit:
        assert await unit.companies.find(DOMAIN) is None
