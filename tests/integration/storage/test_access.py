"""API keys and the first answers to requests that may be repeated."""

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from hunter.core.errors import Conflict, NotFound
from hunter.storage.access import KeptAnswer
from hunter.storage.unit_of_work import UnitOfWork


async def test_a_key_opens_by_its_text_alone(engine: AsyncEngine) -> None:
    async with UnitOfWork(engine) as unit:
        key, text = await unit.access.create("Form", rate_limit_per_minute=10, created_by="ops")
        other, _ = await unit.access.create("CRM")
        assert len(text) == 43
        assert await unit.access.verify(text[:-1] + ("A" if text[-1] != "A" else "B")) is None
        assert await unit.access.verify("ş\0") is None
        opened = await unit.access.verify(text)
        assert opened is not None
        assert (opened.id, opened.rate_limit_per_minute) == (key.id, 10)
        assert [listed.id for listed in await unit.access.list_keys()] == [other.id, key.id]


async def test_the_text_of_a_key_is_not_in_the_database(engine: AsyncEngine) -> None:
    async with UnitOfWork(engine) as unit:
        _, text = await unit.access.create("Form")
        row = (await unit.connection.exec_driver_sql("select * from api_keys")).one()
    assert text not in str(row)


async def test_a_key_that_is_switched_off_opens_nothing(engine: AsyncEngine) -> None:
    async with UnitOfWork(engine) as unit:
        key, text = await unit.access.create("Form")
        await unit.access.set_active(key.id, False)
        assert await unit.access.verify(text) is None
        await unit.access.set_active(key.id, True)
        assert await unit.access.verify(text) is not None
        with pytest.raises(NotFound):
            await unit.access.set_active(key.id + 1, True)


async def test_the_use_of_a_key_is_noted_at_most_once_a_minute(engine: AsyncEngine) -> None:
    async with UnitOfWork(engine) as unit:
        _, text = await unit.access.create("Form")
        await unit.access.verify(text)
        (first,) = await unit.access.list_keys()
    async with UnitOfWork(engine) as unit:
        await unit.access.verify(text)
        (second,) = await unit.access.list_keys()
    assert first.last_used_at is not None
    assert second.last_used_at == first.last_used_at


async def test_a_repeated_request_gets_its_first_answer(engine: AsyncEngine) -> None:
    async with UnitOfWork(engine) as unit:
        key, _ = await unit.access.create("Form")
        assert await unit.access.find_answer(key.id, "k1", "body1") is None
        answer = KeptAnswer(201, {"domain": "firma.example"})
        await unit.access.keep_answer(key.id, "k1", "body1", domain="firma.example", answer=answer)
        await unit.access.keep_answer(key.id, "k1", "body1", domain="firma.example", answer=KeptAnswer(500, {}))
        assert await unit.access.find_answer(key.id, "k1", "body1") == answer
        with pytest.raises(Conflict):
            await unit.access.find_answer(key.id, "k1", "body2")
