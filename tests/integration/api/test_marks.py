"""Marks of companies over the API, doors that stay closed for names not to be contacted, and where a lead is from."""

from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from hunter.core.company_marks import CompanyOrigin, ExclusionMark
from hunter.core.new_company import NewCompany
from hunter.storage.engine import open_engine
from hunter.storage.unit_of_work import UnitOfWork
from tests.support.api_application import StandingWorld
from tests.support.api_server import ADMIN, RunningAPI

pytestmark = pytest.mark.asyncio(loop_scope="module")

Stored = tuple[RunningAPI, StandingWorld]


async def bring_in(api: RunningAPI, domain: str) -> httpx.Response:
    return await api.client.post("/api/v1/ingest/domain", json={"domain": domain, "email": f"ali@{domain}"})


async def mark(api: RunningAPI, domain: str, **marks: Any) -> httpx.Response:
    return await api.client.patch(f"/api/v1/companies/{domain}", json=marks)


async def test_marks_are_set_and_taken_away(stored: Stored) -> None:
    api, _ = stored
    await bring_in(api, "isaretli.example")
    answer = await mark(api, "WWW.Isaretli.example", own_customer=True, demo=True)
    assert (answer.status_code, answer.json()) == (
        200,
        {"domain": "isaretli.example", "marks": ["demo", "own_customer"]},
    )
    assert (await mark(api, "isaretli.example", demo=False)).json()["marks"] == ["own_customer"]
    assert (await mark(api, "isaretli.example", own_customer=None, demo=False)).json()["marks"] == ["own_customer"]


@pytest.mark.parametrize("body", [{}, {"own_customer": None}, {"own_customer": "yes"}, {"favourite": True}])
async def test_a_change_of_nothing_is_refused(stored: Stored, body: dict[str, Any]) -> None:
    api, _ = stored
    await bring_in(api, "degismez.example")
    assert (await mark(api, "degismez.example", **body)).status_code == 422


async def test_only_a_company_has_marks(stored: Stored) -> None:
    api, _ = stored
    answer = await mark(api, "hic-yok.example", own_customer=True)
    assert (answer.status_code, answer.json()["code"]) == (404, "not_ingested")
    assert (await mark(api, "hic-yok.example", do_not_contact=False)).status_code == 404


async def test_who_must_not_be_contacted_meets_closed_doors_also_when_erased(stored: Stored) -> None:
    api, _ = stored
    made = await api.client.post("/api/v1/admin/api-keys", json={"name": "Web formu"}, headers=ADMIN)
    key = {"X-API-Key": made.json()["api_key"]}

    async def doors() -> list[tuple[int, str]]:
        by_form = await bring_in(api, "arama.example")
        by_hook = await api.client.post("/ingest/webhook", json={"domain": "arama.example"}, headers=key)
        return [(answer.status_code, answer.json()["code"]) for answer in (by_form, by_hook)]

    await bring_in(api, "arama.example")
    assert (await mark(api, "arama.example", do_not_contact=True)).json()["marks"] == ["do_not_contact"]
    assert await doors() == [(409, "DO_NOT_CONTACT")] * 2
    assert "istemiyor" in (await bring_in(api, "arama.example")).json()["detail"]
    erased = (await api.client.delete("/api/v1/companies/arama.example", headers=ADMIN)).json()
    assert "yeniden alınmayacak" in erased["message"]
    assert erased["removed"]["raw_leads"] == 1, "what was refused left no raw record"
    assert await doors() == [(409, "DO_NOT_CONTACT")] * 2
    assert (await api.client.post("/scan/domain", json={"domain": "arama.example"})).status_code == 404
    assert (await mark(api, "arama.example", do_not_contact=False)).json()["marks"] == []
    assert (await bring_in(api, "arama.example")).status_code == 201


async def test_a_name_that_is_no_company_can_be_refused(stored: Stored) -> None:
    api, _ = stored
    assert (await mark(api, "hic-gelmesin.example", do_not_contact=True)).json()["marks"] == ["do_not_contact"]
    assert (await bring_in(api, "hic-gelmesin.example")).status_code == 409


async def test_one_lead_says_where_it_is_from(stored: Stored, database_url: str) -> None:
    api, _ = stored
    engine = open_engine(database_url)
    async with UnitOfWork(engine, name_key=lambda: b"k" * 32) as unit:
        name = await unit.lists.open_list("ostim.xlsx")
        await unit.companies.intake(
            NewCompany(
                domain="nereden.example",
                origin=CompanyOrigin.LIST,
                country="TR",
                city="Ankara",
                marks=frozenset((ExclusionMark.OWN_CUSTOMER,)),
                list_id=name,
                row_number=12,
            )
        )
    await engine.dispose()
    for _ in range(2):
        await api.client.post("/scan/domain", json={"domain": "nereden.example"}, params={"fresh": True})
    lead = (await api.client.get("/api/v1/leads/nereden.example")).json()
    assert (lead["origin"], lead["city"], lead["country_source"]) == ("list", "Ankara", "list")
    assert (lead["scan_count"], lead["marks"]) == (2, ["own_customer"])
    (mention,) = lead["lists"]
    assert (mention["name"], mention["row_number"]) == ("ostim.xlsx", 12)
    assert datetime.fromisoformat(mention["added_at"]).date() == datetime.now(UTC).date()
    sized = (await api.client.patch("/api/v1/leads/nereden.example", json={"seat_count": 3})).json()
    assert sized["lists"] == lead["lists"]
