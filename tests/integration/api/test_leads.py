"""Companies come in, are scanned, listed, explained, corrected, exported and forgotten, over a real database."""

import asyncio
import csv
import io
from dataclasses import replace
from typing import Any

import pytest
from python_calamine import load_workbook

from hunter.api.schemas.leads import LeadDetail, LeadList
from hunter.core.evidence import MailEvidence
from tests.support.api_application import StandingWorld, open_application
from tests.support.api_server import ADMIN, RunningAPI, running_api
from tests.support.builders import ABSENT, UNKNOWN, dkim_key, dmarc_policy, mail_evidence, spf_policy

pytestmark = pytest.mark.asyncio(loop_scope="module")

Stored = tuple[RunningAPI, StandingWorld]
GOOGLE_READY = mail_evidence(
    mx=("aspmx.l.google.com",),
    spf=spf_policy("_spf.google.com"),
    dkim=(dkim_key("google"),),
    dmarc=dmarc_policy("reject"),
)


async def bring_in(api: RunningAPI, domain: str, **more: str) -> dict[str, Any]:
    answer = await api.client.post("/api/v1/ingest/domain", json={"domain": domain, **more})
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def scan(api: RunningAPI, domain: str, *, fresh: bool = False) -> dict[str, Any]:
    answer = await api.client.post("/scan/domain", json={"domain": domain}, params={"fresh": fresh})
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def test_the_domain_wins_over_website_and_email(stored: Stored) -> None:
    api, _ = stored
    kept = await bring_in(api, "https://www.once.example/yol", website="sonra.example", email="a@en-son.example")
    assert kept["domain"] == "once.example"
    assert kept["domain_conflict"] is True
    by_website = await bring_in(api, "yok", website="www.siteden.example", email="bilgi@gmail.com")
    assert (by_website["domain"], by_website["domain_conflict"]) == ("siteden.example", False)


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"domain": "nan"}, "invalid_domain"),
        ({"domain": "gmail.com"}, "never_a_company"),
        ({"domain": "yok", "email": "firma@hotmail.com", "website": "facebook.com/firma"}, "never_a_company"),
    ],
)
async def test_what_is_no_company_is_refused(stored: Stored, body: dict[str, str], code: str) -> None:
    api, _ = stored
    answer = await api.client.post("/ingest/domain", json=body)
    assert (answer.status_code, answer.json()["code"]) == (400, code)


@pytest.mark.parametrize("domain", ["", "-", "yok"])
async def test_a_company_without_a_valid_domain_is_known_by_its_website(stored: Stored, domain: str) -> None:
    api, _ = stored
    body = {"domain": domain, "website": "https://www.sitesiyle.example/iletisim"}
    answer = await api.client.post("/ingest/domain", json=body)
    assert (answer.status_code, answer.json()["domain"]) == (201, "sitesiyle.example")


@pytest.mark.parametrize("name", ["%00", "a" * 3000, "-bad-", "%20", "a@b.example"])
async def test_what_is_no_domain_in_a_path_is_refused(stored: Stored, name: str) -> None:
    api, _ = stored
    for answer in (
        await api.client.get(f"/api/v1/leads/{name}"),
        await api.client.post(f"/scan/{name}/rescan"),
        await api.client.delete(f"/api/v1/companies/{name}", headers=ADMIN),
    ):
        assert (answer.status_code, answer.json()["code"]) == (400, "invalid_domain")


async def test_an_unknown_company_and_one_never_scanned_are_told_apart(stored: Stored) -> None:
    api, _ = stored
    await bring_in(api, "bekleyen.example")
    for path in ("/leads/{}", "/api/v1/leads/{}", "/leads/{}/score-breakdown"):
        unknown = await api.client.get(path.format("hic-yok.example"))
        waiting = await api.client.get(path.format("bekleyen.example"))
        assert (unknown.status_code, unknown.json()["code"]) == (404, "not_ingested")
        assert (waiting.status_code, waiting.json()["code"]) == (404, "not_scanned")
    answer = await api.client.post("/scan/domain", json={"domain": "hic-yok.example"})
    assert (answer.status_code, answer.json()["code"]) == (404, "not_ingested")


async def test_a_scan_is_stored_and_answered_from_memory_while_it_is_fresh(stored: Stored) -> None:
    api, world = stored
    world.mail["taze.example"] = GOOGLE_READY
    await bring_in(api, "taze.example", company_name="Taze Gıda A.Ş.")
    first = await scan(api, "taze.example")
    looks = world.looks
    again = await scan(api, "TAZE.example")
    assert (first["cached"], again["cached"], world.looks) == (False, True, looks)
    assert {**first, "cached": None} == {**again, "cached": None}
    forced = await scan(api, "taze.example", fresh=True)
    assert (forced["cached"], world.looks) == (False, looks + 1)


async def test_two_scans_at_once_look_once(stored: Stored) -> None:
    api, world = stored
    await bring_in(api, "ikiz.example")
    looks = world.looks
    both = await asyncio.gather(scan(api, "ikiz.example"), scan(api, "ikiz.example"))
    assert sorted(one["cached"] for one in both) == [False, True]
    assert world.looks == looks + 1


async def test_a_first_scan_without_mx_gives_no_score_and_is_not_remembered(stored: Stored) -> None:
    api, world = stored
    world.silence("sessiz.example")
    await bring_in(api, "sessiz.example")
    found = await scan(api, "sessiz.example")
    assert found["scan_status"] == "dns_timeout"
    assert [found[name] for name in ("score", "segment", "priority_score", "spf", "dkim")] == [None] * 5
    assert "mx" in found["signals_unknown"]
    lead = (await api.client.get("/leads/sessiz.example")).json()
    assert (lead["readiness_score"], lead["scan_status"]) == (None, "dns_timeout")
    explained = (await api.client.get("/leads/sessiz.example/score-breakdown")).json()
    assert (explained["total_score"], explained["is_complete"]) == (None, False)
    world.mail["sessiz.example"] = GOOGLE_READY
    assert (await scan(api, "sessiz.example"))["score"] == 90


async def test_a_failed_look_keeps_the_last_score_and_says_so(stored: Stored) -> None:
    api, world = stored
    world.mail["sonra.example"] = GOOGLE_READY
    await bring_in(api, "sonra.example")
    assert (await scan(api, "sonra.example"))["score"] == 90
    world.silence("sonra.example")
    answer = (await api.client.post("/scan/sonra.example/rescan")).json()
    assert (answer["success"], answer["changes"]) == (True, [])
    lead = (await api.client.get("/leads/sonra.example")).json()
    assert (lead["readiness_score"], lead["scan_status"]) == (90, "dns_timeout")
    # How old the score is can be told.
    assert lead["score_updated_at"] < lead["scanned_at"]
    assert lead["unscored_reason"]
    explained = (await api.client.get("/leads/sonra.example/score-breakdown")).json()
    # The score that stands is explained by the look that gave it.
    assert (explained["total_score"], explained["is_complete"], explained["provider"]["points"]) == (90, True, 50)
    assert lead["signals_unknown"] == ["mx", "spf", "dkim", "dmarc", "ns"]
    export = (await api.client.get("/leads/export", params={"search": "sonra.example"})).text
    (row,) = csv.DictReader(io.StringIO(export.removeprefix("\ufeff")))
    assert (row["readiness_score"], row["dmarc_policy"]) == ("90", "Unknown")


async def test_whoever_wants_a_fresh_look_gets_no_kept_answer(database_url: str) -> None:
    forgotten: list[str] = []

    async def forget(domain: str) -> None:
        forgotten.append(domain)

    async with (
        open_application(database_url) as (application, _),
        running_api(replace(application, scanning=replace(application.scanning, forget_answers=forget))) as api,
    ):
        for name in ("bir.example", "iki.example", "uc.example"):
            await bring_in(api, name)
        await scan(api, "bir.example")
        await api.client.post("/scan/domain", params={"fresh": "true"}, json={"domain": "iki.example"})
        await api.client.post("/scan/uc.example/rescan")
    assert forgotten == ["iki.example", "uc.example"]


async def test_a_rescan_says_what_has_changed(stored: Stored) -> None:
    api, world = stored
    world.mail["degisen.example"] = mail_evidence(mx=("aspmx.l.google.com",), spf=ABSENT, dkim=ABSENT, dmarc=ABSENT)
    await bring_in(api, "degisen.example")
    await scan(api, "degisen.example")
    world.mail["degisen.example"] = GOOGLE_READY
    answer = (await api.client.post("/api/v1/scan/degisen.example/rescan")).json()
    kinds = {change["kind"]: (change["old"], change["new"]) for change in answer["changes"]}
    assert kinds["spf_changed"] == ("false", "true")
    assert kinds["dmarc_added"] == (None, "reject")
    assert answer["changes_detected"] is True
    assert answer["signal_changes"] == 3
    assert answer["score_changes"] == 1
    assert answer["result"]["score"] == 90


async def test_points_sum_to_the_score_of_the_lead(stored: Stored) -> None:
    api, world = stored
    world.mail["puan.example"] = mail_evidence(
        mx=("mx.zoho.com",), spf=spf_policy("zoho.com"), dkim=(dkim_key("zoho"),), dmarc=dmarc_policy("none")
    )
    await bring_in(api, "puan.example")
    await scan(api, "puan.example")
    lead = (await api.client.get("/leads/puan.example")).json()
    told = (await api.client.get("/leads/puan.example/score-breakdown")).json()
    points = told["base_score"] + told["provider"]["points"] + told["clamping_points"]
    points += sum(told["signal_points"].values()) + sum(told["risk_points"].values())
    assert points == told["total_score"] == lead["readiness_score"]


async def test_list_and_single_answer_carry_the_same_values_and_keep_to_the_schema(stored: Stored) -> None:
    api, world = stored
    world.mail["liste.example"] = GOOGLE_READY
    await bring_in(api, "liste.example", company_name="Liste İnşaat")
    await scan(api, "liste.example")
    single = (await api.client.get("/api/v1/leads/liste.example")).json()
    page = (await api.client.get("/api/v1/leads", params={"search": "LİSTE", "facets": "true"})).json()
    assert [lead["domain"] for lead in page["leads"]] == ["liste.example"]
    assert {**page["leads"][0], "lists": []} == single
    assert set(single) == set(LeadDetail.model_fields)
    assert (single["origin"], single["scan_count"], single["marks"]) == ("domain", 1, [])
    assert LeadList.model_validate(page).model_dump(mode="json") == page
    assert page["facets"]["segment"]["Migration"] == 1
    assert (page["total"], page["total_is_exact"], page["total_pages"]) == (1, True, 1)


async def test_filters_take_several_values_and_an_unknown_order_is_the_default(stored: Stored) -> None:
    api, _ = stored
    some = (await api.client.get("/leads?segment=Migration&segment=Cold&priority=1&priority=2&min_score=60")).json()
    assert {lead["segment"] for lead in some["leads"]} == {"Migration"}
    default = (await api.client.get("/leads")).json()
    odd = (await api.client.get("/leads?sort_by=nonsense&sort_order=desc")).json()
    assert odd["leads"] == default["leads"]
    keys = [(lead["priority_score"], -lead["readiness_score"]) for lead in default["leads"]]
    assert keys == sorted(keys)


async def test_cursors_lead_through_all_leads_once(stored: Stored) -> None:
    api, _ = stored
    everything = (await api.client.get("/leads?sort_by=domain&page_size=200")).json()["leads"]
    seen: list[str] = []
    after = None
    while True:
        parameters = {"sort_by": "domain", "page_size": "2", **({"after": after} if after else {})}
        page = (await api.client.get("/leads", params=parameters)).json()
        seen += [lead["domain"] for lead in page["leads"]]
        after = page["after"]
        if after is None:
            break
    assert seen == [lead["domain"] for lead in everything]


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("page=0", "validation"),
        ("page_size=201", "validation"),
        ("sort_order=up", "validation"),
        ("min_score=101", "validation"),
        ("priority=8", "validation"),
        ("search=%00", "validation"),
        ("page=10001", "PAGE_TOO_DEEP"),
        ("after=nonsense", "bad_cursor"),
    ],
)
async def test_a_value_that_cannot_be_used_is_named(stored: Stored, query: str, code: str) -> None:
    api, _ = stored
    answer = await api.client.get(f"/api/v1/leads?{query}")
    assert (answer.status_code, answer.json()["code"]) == (422, code)
    if code == "validation":
        assert [one["field"] for one in answer.json()["errors"]] == [f"query.{query.partition('=')[0]}"]


async def test_a_size_that_somebody_knows_survives_the_next_scan_until_it_is_withdrawn(stored: Stored) -> None:
    api, world = stored
    world.mail["buyuk.example"] = GOOGLE_READY
    await bring_in(api, "buyuk.example")
    before = await scan(api, "buyuk.example")
    path = "/api/v1/leads/buyuk.example"
    changed = (await api.client.patch(path, json={"seat_count": 700})).json()
    assert (changed["tenant_size"], changed["seat_count"], changed["size_source"]) == ("large", 700, "confirmed")
    await scan(api, "buyuk.example", fresh=True)
    assert (await api.client.get(path)).json()["tenant_size"] == "large"
    withdrawn = (await api.client.patch(path, json={"seat_count": None})).json()
    assert (withdrawn["tenant_size"], withdrawn["size_source"]) == (before["tenant_size"], "mx_pattern")
    assert (await api.client.patch(path, json={})).status_code == 422
    assert (await api.client.patch(path, json={"tenant_size": "huge"})).status_code == 422
    assert (await api.client.patch("/api/v1/leads/hic-yok.example", json={"seat_count": 1})).status_code == 404


async def test_contacts_are_cleaned_scored_and_shown_with_the_lead(stored: Stored) -> None:
    api, _ = stored
    await bring_in(api, "kisi.example")
    await scan(api, "kisi.example")
    addresses = [" Ayse.Yilmaz@kisi.example", "ayse.yilmaz@KISI.example", "telefon", "a@baska.example"]
    answer = (await api.client.post("/leads/kisi.example/enrich", json={"contact_emails": addresses})).json()
    assert answer["contact_emails"] == ["ayse.yilmaz@kisi.example", "a@baska.example"]
    assert (answer["contact_quality_score"], answer["linkedin_pattern"]) == (40, "firstname.lastname")
    lead = (await api.client.get("/leads/kisi.example")).json()
    assert lead["contact_emails"] == answer["contact_emails"]
    none = await api.client.post("/leads/kisi.example/enrich", json={"contact_emails": ["telefon"]})
    assert (none.status_code, none.json()["code"]) == (400, "no_contacts")


async def test_an_export_has_all_columns_says_unknown_and_is_named_by_its_filters(stored: Stored) -> None:
    api, world = stored
    world.mail["aktar.example"] = MailEvidence(mx=GOOGLE_READY.mx, spf=UNKNOWN, dkim=ABSENT, dmarc=ABSENT)
    await bring_in(api, "aktar.example", company_name="=HYPERLINK(1)")
    await scan(api, "aktar.example")
    answer = await api.client.get("/leads/export", params={"search": "Aktar", "min_score": 1, "segment": "Skip"})
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.headers["content-disposition"] == 'attachment; filename="leads-skip-1-aktar-2026-03-02.csv"'
    assert answer.content.startswith(b"\xef\xbb\xbfdomain,company_name,provider,")
    (row,) = csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig")))
    assert row["company_name"] == "'=HYPERLINK(1)"
    assert (row["spf"], row["dkim"], row["dmarc_policy"]) == ("Unknown", "No", "None")


async def test_an_empty_export_still_has_its_headers(stored: Stored) -> None:
    api, _ = stored
    turkish = await api.client.get("/leads/export", params={"search": "hicbiri", "lang": "tr"})
    assert turkish.content.decode("utf-8-sig").startswith("Alan adı;Şirket;Sağlayıcı;")
    assert turkish.content.count(b"\r\n") == 1
    workbook = await api.client.get("/leads/export", params={"search": "hicbiri", "format": "xlsx"})
    sheet = load_workbook(io.BytesIO(workbook.content)).get_sheet_by_name("Leads").to_python()
    assert [row[:2] for row in sheet] == [["domain", "company_name"]]
    assert (await api.client.get("/leads/export", params={"format": "pdf"})).status_code == 422


async def test_dashboard_and_cards_count_scored_leads(stored: Stored) -> None:
    api, _ = stored
    told = (await api.client.get("/dashboard")).json()
    cards = (await api.client.get("/api/v1/dashboard/kpis")).json()
    total = (await api.client.get("/leads")).json()["total"]
    assert told["migration"] + told["existing"] + told["cold"] + told["skip"] == told["total_leads"] == total
    assert (cards["total_leads"], cards["migration_leads"]) == (total, told["migration"])
    assert told["max_score"] == cards["max_score"] == 90


async def test_automatic_tags_can_be_read_and_not_written(stored: Stored) -> None:
    api, world = stored
    world.mail["etiket.example"] = GOOGLE_READY
    await bring_in(api, "etiket.example")
    await scan(api, "etiket.example")
    tags = (await api.client.get("/leads/etiket.example/tags")).json()
    assert {tag["tag"] for tag in tags} == {"google-workspace", "migration-ready"}
    assert (await api.client.get("/leads/etiket.example/notes")).json() == []
    assert (await api.client.get("/leads/hic-yok.example/tags")).status_code == 404
    assert (await api.client.post("/leads/etiket.example/tags", json={"tag": "x"})).status_code == 410


async def test_a_forgotten_company_leaves_nothing_behind(stored: Stored) -> None:
    api, _ = stored
    await bring_in(api, "unut.example", company_name="Unutulan A.Ş.")
    await scan(api, "unut.example")
    removed = (await api.client.delete("/api/v1/companies/unut.example", headers=ADMIN)).json()
    assert removed["removed"]["companies"] == 1
    assert removed["removed"]["raw_leads"] == 1
    assert (await api.client.get("/leads/unut.example")).json()["code"] == "not_ingested"
    assert (await api.client.delete("/api/v1/companies/unut.example", headers=ADMIN)).status_code == 404


async def test_favourites_of_a_new_session_are_none(stored: Stored) -> None:
    api, _ = stored
    assert (await api.client.get("/leads?favorite=true")).json()["total"] == 0


async def test_a_domain_in_a_path_is_normalised(stored: Stored) -> None:
    api, _ = stored
    assert (await api.client.get("/leads/WWW.TAZE.example.")).json()["domain"] == "taze.example"
    answer = await api.client.get("/leads/not%20a%20domain")
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_domain")


async def test_a_cursor_that_was_given_is_taken_however_long_the_names_are(stored: Stored) -> None:
    api, _ = stored
    for number in range(3):
        await bring_in(api, f"uzun{number}.example", company_name="Ğ" * 254 + str(number))
    asked = {"sort_by": "canonical_name", "sort_order": "desc", "page_size": "1", "include_unscored": "true"}
    pages, after = [], ""
    for _ in range(3):
        answer = await api.client.get("/leads", params={**asked, "search": "uzun", "after": after})
        assert answer.status_code == 200, answer.text
        pages.append(answer.json()["leads"][0]["domain"])
        after = answer.json()["after"] or ""
    assert pages == ["uzun2.example", "uzun1.example", "uzun0.example"]


async def test_a_size_can_be_confirmed_before_the_first_scan(stored: Stored) -> None:
    api, _ = stored
    await bring_in(api, "boyu-belli.example")
    answer = await api.client.patch("/api/v1/leads/boyu-belli.example", json={"seat_count": 120})
    assert (answer.status_code, answer.json()["tenant_size"]) == (200, "medium")


async def test_of_a_company_that_nobody_has_looked_at_the_policy_is_unknown(stored: Stored) -> None:
    api, _ = stored
    await bring_in(api, "bakilmamis.example")
    asked = {"search": "bakilmamis", "include_unscored": "true"}
    export = (await api.client.get("/leads/export", params=asked)).text
    (row,) = csv.DictReader(io.StringIO(export.removeprefix("\ufeff")))
    assert (row["spf"], row["dkim"], row["dmarc_policy"]) == ("Unknown", "Unknown", "Unknown")
