"""Rescoring: only what comes out otherwise is written, and what cannot be judged stays."""

from datetime import timedelta

import psycopg
from sqlalchemy.ext.asyncio import AsyncEngine

from hunter.services.rescore import Rescored, rescore
from hunter.storage.check import differences
from hunter.storage.unit_of_work import UnitOfWork
from tests.support.assessed import GOOGLE, intake, save, scan, strong_mail
from tests.support.builders import COLLECTED_AT, UNKNOWN, mail_evidence
from tests.support.rulebooks import rebuilt, rule_files, shipped_rulebook

DOMAINS = ("a.example", "b.example", "c.example")
#: When everything is judged again; the stored scans are older.
AS_OF = COLLECTED_AT + timedelta(hours=1)


async def rescored(engine: AsyncEngine, *, points: int | None = None) -> Rescored:
    rulebook = shipped_rulebook()
    if points is not None:
        files = rule_files()
        files["scoring.json"]["providers"]["Google"] = points  # type: ignore[index]  # the test knows the file
        rulebook = rebuilt(files)
    told: list[int] = []
    done = await rescore(
        engine, rulebook, as_of=AS_OF, reason=lambda assessment, _: assessment.reason_code, say=told.append
    )
    assert told[-1] == done.judged
    return done


async def stored(engine: AsyncEngine) -> dict[str, int | None]:
    async with UnitOfWork(engine) as unit:
        return {domain: (await unit.leads.get(domain)).readiness_score for domain in DOMAINS}


async def fill(engine: AsyncEngine) -> None:
    await intake(engine, *DOMAINS, *(f"nie{number}.example" for number in range(5)))
    await save(
        engine, scan("a.example", strong_mail(GOOGLE)), scan("b.example"), scan("c.example", strong_mail(GOOGLE))
    )
    await save(engine, scan("c.example", mail_evidence(mx=UNKNOWN), at=COLLECTED_AT + timedelta(days=1)))


async def test_the_same_rules_change_nothing(engine: AsyncEngine, database: str) -> None:
    await fill(engine)
    with psycopg.connect(database) as connection:
        before = connection.execute("select xmin::text, * from lead_scores order by domain").fetchall()
        assert await rescored(engine) == Rescored(judged=3, changed=0, undecided=1)
        connection.rollback()
        assert connection.execute("select xmin::text, * from lead_scores order by domain").fetchall() == before


async def test_other_rules_change_what_they_touch_and_leave_what_nobody_can_judge(engine: AsyncEngine) -> None:
    await fill(engine)
    before = await stored(engine)
    done = await rescored(engine, points=20)
    after = await stored(engine)
    assert (done.judged, done.undecided) == (3, 1)
    assert after["c.example"] == before["c.example"]
    assert (before["a.example"], after["a.example"]) == (90, 60)
    assert after["b.example"] == before["b.example"]
    async with UnitOfWork(engine) as unit:
        entries = await unit.history.list_changes("a.example")
        # The change came with the new rules, not with the old scan.
        assert [(entry.kind, entry.changed_at) for entry in entries] == [("score", AS_OF)]
        assert [one async for one in differences(unit.connection)] == []
        evidences = await unit.connection.exec_driver_sql("select count(*) from evidence")
        assert evidences.scalar_one() == 4


async def test_a_scan_that_came_in_meanwhile_stands(engine: AsyncEngine) -> None:
    await intake(engine, "a.example")
    old, new = scan("a.example", strong_mail(GOOGLE)), scan("a.example", at=COLLECTED_AT + timedelta(days=1))
    await save(engine, old)
    await save(engine, new)
    async with UnitOfWork(engine) as unit:
        assert await unit.leads.rejudge_many([old]) == ()
        assert (await unit.leads.get("a.example")).provider == new.assessment.classification.provider.value


async def test_every_page_is_judged_once(engine: AsyncEngine) -> None:
    domains = [f"firma{number:04}.example" for number in range(2001)]
    await intake(engine, *domains)
    await save(engine, *(scan(domain) for domain in domains))
    assert await rescored(engine) == Rescored(judged=2001, changed=0, undecided=0)
