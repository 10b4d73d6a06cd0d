"""A delivery that is valid and fails inside is not lost: it is kept with its reason, and the program hears of it."""

import asyncio

import psycopg
import pytest

from tests.integration.api.test_access import BODY, Stored, deliver, make_key

pytestmark = pytest.mark.asyncio(loop_scope="module")

BROKEN = """
create function refuse() returns trigger language plpgsql as $$ begin raise exception 'no more companies'; end $$;
create trigger refuse before insert on companies for each row when (new.domain = 'gelen.example')
    execute function refuse();
"""
KEPT = "select domain, status, retry_count, max_retries, payload, next_retry_at > now() from webhook_retries"


async def test_a_delivery_that_fails_inside_is_kept_to_be_tried_again(stored: Stored, database_url: str) -> None:
    api, _ = stored
    made = await make_key(api)
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute(BROKEN)
        answer = await deliver(api, made["api_key"])
        assert answer.status_code == 500
        rows = connection.execute(KEPT).fetchall()
    ((domain, status, tried, most, payload, is_due_later),) = rows
    assert (domain, status, tried, most, is_due_later) == ("gelen.example", "pending", 0, 3, True)
    assert payload == {
        "original_domain": BODY["domain"],
        "company_name": BODY["company_name"],
        "contact_emails": BODY["contact_emails"],
        "api_key_id": made["id"],
        "api_key_name": "Web formu",
    }


async def test_a_delivery_that_is_refused_is_not_kept(stored: Stored, database_url: str) -> None:
    api, _ = stored
    key = (await make_key(api))["api_key"]
    answer = await deliver(api, key, {"domain": "ali@gmail.com"})
    assert (answer.status_code, answer.json()["code"]) == (422, "never_a_company")
    with psycopg.connect(database_url) as connection:
        assert connection.execute("select count(*) from webhook_retries where domain = 'gmail.com'").fetchone() == (0,)


async def test_of_deliveries_with_one_key_at_one_time_one_is_the_first(stored: Stored, database_url: str) -> None:
    api, _ = stored
    key = (await make_key(api))["api_key"]
    bodies = [{"domain": f"firma{number}.example"} for number in range(6)]
    answers = await asyncio.gather(*(deliver(api, key, body, Idempotency_Key="one") for body in bodies))
    assert sorted(answer.status_code for answer in answers) == [201, 409, 409, 409, 409, 409]
    same = {"domain": "ayni.example", "contact_emails": ["a.b@ayni.example"]}
    again = await asyncio.gather(*(deliver(api, key, same, Idempotency_Key="two") for _ in range(6)))
    assert {answer.status_code for answer in again} == {201}
    assert {answer.json()["enriched"] for answer in again} == {True}
    with psycopg.connect(database_url) as connection:
        counted = connection.execute("select count(*) from raw_leads where domain = 'ayni.example'").fetchone()
    assert counted == (1,)
