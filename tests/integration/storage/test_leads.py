"""Leads: what a scan leaves behind, what a failed look keeps, and what is never half written."""

import asyncio
from dataclasses import astuple, replace
from datetime import date, timedelta
from random import Random
from typing import Any

import psycopg
import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from hunter.core.changes import ChangeKind
from hunter.core.errors import HunterError
from hunter.core.evidence import AddressFacts, NetworkEvidence
from hunter.core.signals import Found, Unknown
from hunter.storage.check import Difference, differences
from hunter.storage.lead_index.view import LeadView
from hunter.storage.leads import NotIngested, NotScanned
from hunter.storage.tidy import Retention, tidy
from hunter.storage.unit_of_work import UnitOfWork
from tests.support.assessed import MICROSOFT, OWN, intake, judged, save, scan, strong_mail
from tests.support.builders import ABSENT, COLLECTED_AT, UNKNOWN, dkim_key, evidence, mail_evidence, spf_policy
from tests.support.rulebooks import rebuilt, rule_files

DOMAIN = "firma.example"
LATER = COLLECTED_AT + timedelta(days=1)


async def lead_of(engine: AsyncEngine, domain: str = DOMAIN) -> LeadView:
    async with UnitOfWork(engine) as unit:
        return await unit.leads.get(domain)


async def all_differences(engine: AsyncEngine) -> list[Difference]:
    async with UnitOfWork(engine) as unit:
        return [one async for one in differences(unit.connection)]


async def test_a_first_scan_is_kept_whole_and_has_no_changes(engine: AsyncEngine) -> None:
    await intake(engine, DOMAIN)
    one = scan(mail=strong_mail(), expires_at=date(2026, 3, 20))
    (saved,) = await save(engine, one)
    assert (saved.is_first, saved.changes) == (True, ())
    lead = await lead_of(engine)
    assert lead.provider == "Google"
    assert one.assessment.score is not None
    assert (lead.readiness_score, lead.segment) == (one.assessment.score.points, "Migration")
    assert (lead.priority_score, lead.priority_category) == (one.assessment.priority, "P2")
    assert (lead.spf, lead.dkim, lead.dmarc_policy, lead.mx_root) == (True, True, "reject", "google.com")
    assert (lead.reason, lead.expires_at) == (one.reason, date(2026, 3, 20))
    async with UnitOfWork(engine) as unit:
        assert await unit.leads.find_evidence(DOMAIN) == one.evidence
        assert {tag.tag for tag in await unit.leads.list_tags(DOMAIN)} == set(one.assessment.tags)
        assert await unit.history.list_changes(DOMAIN) == ()


async def test_what_stands_is_read_back_as_it_was_saved(engine: AsyncEngine) -> None:
    await intake(engine, DOMAIN)
    (saved,) = await save(engine, scan(mail=strong_mail(), expires_at=date(2027, 1, 1)))
    async with UnitOfWork(engine) as unit:
        records = await unit.leads.find_records((DOMAIN,))
    assert records == {DOMAIN: saved.record}
    # A value that nobody filled would come back as it was saved without having a column.
    assert None not in astuple(saved.record.policies)


async def test_a_change_writes_history_and_tags(engine: AsyncEngine) -> None:
    await intake(engine, DOMAIN)
    await save(engine, scan(mail=strong_mail()))
    (saved,) = await save(engine, scan(mail=strong_mail(MICROSOFT), at=LATER))
    assert {change.kind for change in saved.changes} == {ChangeKind.MX, ChangeKind.PROVIDER, ChangeKind.PRIORITY}
    async with UnitOfWork(engine) as unit:
        history = {entry.kind: (entry.old, entry.new) for entry in await unit.history.list_changes(DOMAIN)}
        tags = {tag.tag for tag in await unit.leads.list_tags(DOMAIN)}
    assert history["provider"] == ("Google", "M365")
    assert history["mx"] == ("google.com", "outlook.com")
    assert set(history) == {"provider", "mx", "score"}
    assert "google-workspace" not in tags


async def test_a_tag_of_another_name_is_never_touched(engine: AsyncEngine) -> None:
    await intake(engine, DOMAIN)
    async with UnitOfWork(engine) as unit:
        await unit.connection.exec_driver_sql("insert into tags (domain, tag) values ('firma.example', 'eski-musteri')")
    await save(engine, scan(mail=strong_mail()))
    await save(engine, scan(mail=strong_mail(OWN), at=LATER))
    async with UnitOfWork(engine) as unit:
        assert "eski-musteri" in {tag.tag for tag in await unit.leads.list_tags(DOMAIN)}


async def test_a_new_automatic_tag_is_set_and_taken_away_like_any_other(engine: AsyncEngine) -> None:
    files: dict[str, Any] = rule_files()
    files["tags.json"]["tags"].append({"tag": "gmail", "when": {"provider": ["Google"]}})
    rulebook = rebuilt(files)
    await intake(engine, DOMAIN)
    await save(engine, scan(mail=strong_mail(), rulebook=rulebook))
    with_tag = await tags_of(engine)
    await save(engine, scan(mail=strong_mail(OWN), at=LATER, rulebook=rulebook))
    assert ("gmail" in with_tag, "gmail" in await tags_of(engine)) == (True, False)


async def test_mx_unknown_on_a_first_scan_gives_no_score_and_says_why(engine: AsyncEngine) -> None:
    await intake(engine, DOMAIN)
    await save(engine, scan(mail=mail_evidence(mx=UNKNOWN)))
    lead = await lead_of(engine)
    assert (lead.readiness_score, lead.segment, lead.priority_score, lead.priority_category) == (None,) * 4
    assert (lead.scan_status, lead.reason) == ("dns_timeout", "Sebep: mx_unknown")
    async with UnitOfWork(engine) as unit:
        scores = await unit.connection.exec_driver_sql("select count(*) from lead_scores")
        assert scores.scalar_one() == 0


async def test_mx_unknown_on_a_later_scan_keeps_the_last_score_and_provider_and_says_so(engine: AsyncEngine) -> None:
    await intake(engine, DOMAIN)
    await save(engine, scan(mail=strong_mail()))
    before = await lead_of(engine)
    (saved,) = await save(
        engine, scan(mail=mail_evidence(mx=UNKNOWN, spf=UNKNOWN, dkim=UNKNOWN, dmarc=UNKNOWN), at=LATER)
    )
    after = await lead_of(engine)
    assert (saved.keeps_score, saved.changes) == (True, ())
    kept = ("provider", "readiness_score", "segment", "priority_score", "reason", "score_updated_at", "mx_root")
    assert {name: getattr(after, name) for name in kept} == {name: getattr(before, name) for name in kept}
    assert (after.m365_state, after.tenant_size) == (before.m365_state, before.tenant_size)
    assert (after.scan_status, after.scanned_at, after.unscored_reason) == ("dns_timeout", LATER, "Sebep: mx_unknown")
    assert (after.spf, after.dkim, after.dmarc_policy) == (None, None, None)


async def test_a_move_behind_a_failed_look_is_still_seen(engine: AsyncEngine) -> None:
    await intake(engine, DOMAIN)
    await save(engine, scan(mail=strong_mail()))
    await save(engine, scan(mail=mail_evidence(mx=UNKNOWN, spf=UNKNOWN, dkim=UNKNOWN, dmarc=UNKNOWN), at=LATER))
    (saved,) = await save(engine, scan(mail=strong_mail(MICROSOFT), at=LATER + timedelta(days=1)))
    assert {change.kind for change in saved.changes} == {ChangeKind.MX, ChangeKind.PROVIDER, ChangeKind.PRIORITY}


async def test_a_filter_that_hides_an_unanswered_provider_keeps_what_was_known(engine: AsyncEngine) -> None:
    await intake(engine, DOMAIN)
    await save(engine, scan(mail=strong_mail()))
    hidden = mail_evidence(mx=["mx0a-001.pphosted.com"], autodiscover_cname=UNKNOWN, dkim=UNKNOWN)
    (saved,) = await save(engine, scan(mail=hidden, at=LATER))
    lead = await lead_of(engine)
    assert (lead.provider, lead.segment, lead.gateway) == ("Google", "Migration", "proofpoint")
    assert saved.keeps_score


async def test_no_mail_makes_the_provider_unknown(engine: AsyncEngine) -> None:
    await intake(engine, DOMAIN)
    await save(engine, scan(mail=strong_mail()))
    await save(engine, scan(mail=mail_evidence(mx=ABSENT), at=LATER))
    lead = await lead_of(engine)
    assert (lead.provider, lead.segment, lead.readiness_score, lead.mx_root) == ("Unknown", "Skip", 0, None)


async def test_a_failed_registration_look_up_keeps_the_last_answer(engine: AsyncEngine) -> None:
    await intake(engine, DOMAIN)
    await save(engine, scan(expires_at=date(2027, 1, 1)))
    await save(engine, scan(expires_at=Unknown("timeout"), at=LATER))
    lead = await lead_of(engine)
    assert (lead.expires_at, lead.whois_status) == (date(2027, 1, 1), "failed")
    await save(engine, scan(expires_at=ABSENT, at=LATER))
    assert (await lead_of(engine)).expires_at is None


async def test_a_tag_stays_while_nobody_can_say_whether_it_holds(engine: AsyncEngine) -> None:
    await intake(engine, DOMAIN)
    open_gate = mail_evidence(mx=OWN, spf=ABSENT, dkim=ABSENT, dmarc=ABSENT)
    soon = COLLECTED_AT.date() + timedelta(days=18)
    await save(engine, scan(mail=open_gate, expires_at=soon))
    assert await tags_of(engine) == {"security-risk", "local-mx", "expire-soon"}
    # The registry is silent, and DKIM was not answered.
    await save(engine, scan(mail=replace(open_gate, dkim=UNKNOWN), at=LATER))
    assert await tags_of(engine) == {"security-risk", "local-mx", "expire-soon"}
    safe = replace(open_gate, dkim=Found((dkim_key(),)))
    await save(engine, scan(mail=safe, at=LATER + timedelta(days=1), expires_at=soon + timedelta(days=365)))
    assert await tags_of(engine) == {"local-mx"}


async def tags_of(engine: AsyncEngine) -> set[str]:
    """Return the tags of the company."""
    async with UnitOfWork(engine) as unit:
        return {tag.tag for tag in await unit.leads.list_tags(DOMAIN)}


async def test_only_the_last_two_evidences_are_kept(engine: AsyncEngine) -> None:
    await intake(engine, DOMAIN)
    for day in range(4):
        await save(engine, scan(at=COLLECTED_AT + timedelta(days=day)))
    assert await days_of_evidence(engine) == [2, 3]


async def days_of_evidence(engine: AsyncEngine) -> list[int]:
    """Return how many days after the first look each kept evidence was collected."""
    async with UnitOfWork(engine) as unit:
        found = await unit.connection.exec_driver_sql("select collected_at from evidence order by collected_at")
        return [(at - COLLECTED_AT).days for (at,) in found]


async def test_looks_that_fail_do_not_push_out_the_one_that_the_score_rests_on(engine: AsyncEngine) -> None:
    await intake(engine, DOMAIN)
    for day in range(4):
        mail = strong_mail() if day == 0 else mail_evidence(mx=UNKNOWN)
        await save(engine, scan(mail=mail, at=COLLECTED_AT + timedelta(days=day)))
    async with UnitOfWork(engine) as unit:
        judged_by = await unit.leads.find_judged_evidence(DOMAIN)
    assert judged_by is not None
    assert judged_by.collected_at == COLLECTED_AT
    assert await days_of_evidence(engine) == [0, 2, 3]
    await tidy(engine, Retention())
    assert await days_of_evidence(engine) == [0, 2, 3]
    await save(engine, scan(mail=strong_mail(), at=COLLECTED_AT + timedelta(days=4)))
    assert await days_of_evidence(engine) == [3, 4]


async def test_evidence_comes_back_as_it_was_even_with_characters_no_text_can_hold(engine: AsyncEngine) -> None:
    await intake(engine, DOMAIN)
    text = 'v=spf1 \0 \ud800 "\\u0000" ş -all'
    policy = replace(spf_policy(), text=text)
    one = judged(evidence(mail_evidence(spf=Found(policy, (text,)))))
    await save(engine, one)
    async with UnitOfWork(engine) as unit:
        assert await unit.leads.find_evidence(DOMAIN) == one.evidence


async def test_addresses_and_their_summary_are_kept(engine: AsyncEngine) -> None:
    await intake(engine, DOMAIN)
    facts = AddressFacts("192.0.2.1", asn=64500, isp="Örnek Ağ", country="TR", usage_type="DCH")
    await save(engine, judged(evidence(network=NetworkEvidence(mx=Found(facts)))))
    assert (await lead_of(engine)).infrastructure_summary == "Hosted on DataCenter, ISP: Örnek Ağ, Country: TR"
    async with UnitOfWork(engine) as unit:
        kept = await unit.connection.exec_driver_sql("select ip_address, asn, isp from ip_enrichment")
        assert [tuple(row) for row in kept] == [("192.0.2.1", 64500, "Örnek Ağ")]


async def test_a_scan_of_an_erased_company_is_dropped(engine: AsyncEngine) -> None:
    await intake(engine, "bleibt.example")
    saved = await save(engine, scan(), scan("bleibt.example"))
    assert [one.domain for one in saved] == ["bleibt.example"]


async def test_of_two_scans_of_one_domain_the_later_counts(engine: AsyncEngine) -> None:
    await intake(engine, DOMAIN)
    await save(engine, scan(mail=strong_mail(MICROSOFT), at=LATER), scan(mail=strong_mail()))
    assert (await lead_of(engine)).provider == "M365"


async def test_a_slow_scan_that_ends_after_a_newer_one_changes_nothing(engine: AsyncEngine) -> None:
    await intake(engine, DOMAIN)
    await save(engine, scan(mail=strong_mail(MICROSOFT), at=LATER))
    (saved,) = await save(engine, scan(mail=strong_mail()))
    assert (saved.domain, saved.changes) == (DOMAIN, ())
    assert (await lead_of(engine)).provider == "M365"
    async with UnitOfWork(engine) as unit:
        newest = await unit.leads.find_evidence(DOMAIN)
    assert newest is not None
    assert newest.collected_at == LATER


async def test_a_scan_is_counted_once_however_often_it_is_stored_or_judged(engine: AsyncEngine) -> None:
    await intake(engine, DOMAIN)
    first, second = scan(mail=strong_mail()), scan(mail=strong_mail(MICROSOFT), at=LATER)
    for one in (first, first, second, first):
        await save(engine, one)
    async with UnitOfWork(engine) as unit:
        await unit.leads.rejudge_many([judged(second.evidence, annual=(1_000, 2_000))])
        counted = await unit.connection.exec_driver_sql("select domain, scan_count from domain_signals")
        assert [tuple(row) for row in counted] == [(DOMAIN, 2)]


async def test_a_stranger_is_not_ingested_and_a_new_company_not_scanned(engine: AsyncEngine) -> None:
    with pytest.raises(NotIngested):
        await lead_of(engine)
    await intake(engine, DOMAIN)
    with pytest.raises(NotScanned):
        await lead_of(engine)


async def test_a_failure_in_the_middle_leaves_nothing(engine: AsyncEngine, database: str) -> None:
    await intake(engine, DOMAIN, "b.example")
    with psycopg.connect(database) as connection:
        connection.execute("alter table leads add constraint nobody check (readiness_score is null)")
    with pytest.raises(HunterError):
        await save(engine, scan(mail=strong_mail()), scan("b.example", strong_mail()))
    with psycopg.connect(database) as connection:
        for table in ("domain_signals", "lead_scores", "evidence", "tags"):
            assert connection.execute(f"select count(*) from {table}".encode()).fetchone() == (0,)


async def test_the_row_of_a_lead_agrees_with_the_contract_tables(engine: AsyncEngine, database: str) -> None:
    await intake(engine, DOMAIN, "b.example", "c.example")
    await save(engine, scan(mail=strong_mail()), scan("b.example", mail_evidence(mx=UNKNOWN)))
    assert await all_differences(engine) == []
    with psycopg.connect(database) as connection:
        connection.execute("update lead_scores set segment = 'Skip' where domain = 'firma.example'")
        connection.execute(
            "update lead_facets set leads = leads + 1 where facet_key = (select min(facet_key) from lead_facets)"
        )
        connection.execute("delete from leads where domain = 'c.example'")
    found = await all_differences(engine)
    assert Difference("leads", DOMAIN, "segment", "Skip", "Migration") in found
    assert Difference("leads", "c.example", "", "missing", None) in found
    assert {one.table for one in found} == {"leads", "lead_scans", "lead_facets"}


async def test_an_unchanged_lead_is_not_written_again(engine: AsyncEngine) -> None:
    await intake(engine, DOMAIN)
    await save(engine, scan(mail=strong_mail()))
    async with UnitOfWork(engine) as unit:
        before = (await unit.connection.exec_driver_sql("select ctid::text, xmin::text from leads")).one()
    await save(engine, scan(mail=strong_mail(), at=LATER))
    async with UnitOfWork(engine) as unit:
        assert (await unit.connection.exec_driver_sql("select ctid::text, xmin::text from leads")).one() == before
    assert (await lead_of(engine)).scanned_at == LATER


async def test_writers_on_the_same_domains_neither_lock_each_other_nor_lose_a_row(engine: AsyncEngine) -> None:
    domains = [f"firma{number:03}.example" for number in range(60)]
    await intake(engine, *domains)

    async def write(seed: int) -> None:
        random = Random(seed)
        for round_ in range(6):
            batch = random.sample(domains, 40)
            mails = [random.choice((strong_mail(), strong_mail(MICROSOFT), mail_evidence(mx=UNKNOWN))) for _ in batch]
            at = COLLECTED_AT + timedelta(minutes=round_)
            await save(engine, *(scan(one, mail, at=at) for one, mail in zip(batch, mails, strict=True)))

    await asyncio.gather(*(write(seed) for seed in range(4)))
    assert await all_differences(engine) == []
    async with UnitOfWork(engine) as unit:
        counted = (await unit.connection.exec_driver_sql("select count(*), count(distinct domain) from leads")).one()
        assert tuple(counted) == (60, 60)
        assert (await unit.connection.exec_driver_sql("select sum(leads) from lead_facets")).scalar_one() == 60


async def test_a_second_scan_at_the_same_time_waits_and_is_compared_with_the_first(engine: AsyncEngine) -> None:
    await intake(engine, DOMAIN)
    async with UnitOfWork(engine) as first:
        await first.leads.save_many([scan(mail=strong_mail())])
        second = asyncio.create_task(save(engine, scan(mail=strong_mail(MICROSOFT), at=LATER)))
        waiting = "select count(*) from pg_locks where not granted"
        while (await first.connection.exec_driver_sql(waiting)).scalar_one() == 0:
            assert not second.done()
            await asyncio.sleep(0)
    (saved,) = await second
    assert not saved.is_first
    assert ChangeKind.PROVIDER in {change.kind for change in saved.changes}
