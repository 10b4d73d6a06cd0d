"""Leads of every kind in a database, and the same list by hand: what matches a query, in order, without an index."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from sqlalchemy.ext.asyncio import AsyncEngine

from hunter.core.new_company import NewCompany
from hunter.core.signals import NOT_ASKED
from hunter.storage.engine import open_engine
from hunter.storage.lead_index.folding import turkish_fold, turkish_sort_key
from hunter.storage.lead_index.query import LeadQuery, LeadSort, SortOrder
from hunter.storage.lead_index.view import LeadView
from hunter.storage.statements import fetch_rows
from hunter.storage.unit_of_work import UnitOfWork
from tests.support.assessed import GOOGLE, MICROSOFT, OWN, intake, judged, save
from tests.support.builders import (
    ABSENT,
    COLLECTED_AT,
    UNKNOWN,
    dkim_key,
    dmarc_policy,
    evidence,
    mail_evidence,
    spf_policy,
)

LEADS = 240
TODAY = date(2026, 3, 2)
HOSTS: list[Any] = [
    *(GOOGLE, MICROSOFT, OWN, ("mx.yandex.net",), ("mx1.hostinger.com",), ABSENT, UNKNOWN),
    *(("mail.natrohost.com",), ("mx.turhost.com",), ("mx0a-001.pphosted.com",), ("eu-smtp-inbound-1.mimecast.com",)),
]
NAMES = (
    "Çınar Döküm",
    "Ilgaz Gıda",
    "İnci Yapı",
    "Şafak Tekstil",
    "Üçler Otomotiv",
    "100%_Yerli",
    "Öncü Ağaç",
    "Zirve",
)


async def fill(url: str) -> None:
    engine = open_engine(url)
    random = Random(7)
    domains = [f"{random.choice('abcdefgh')}firma{number:03}.example" for number in range(LEADS)]
    await intake(
        engine, *(NewCompany(domain=one, name=f"{random.choice(NAMES)} {random.randrange(9)}") for one in domains)
    )
    for round_ in range(2):
        scanned = [one for one in domains if round_ == 0 or random.randrange(3) == 0][8:]
        await save(
            engine, *(_scan(random, one, COLLECTED_AT + timedelta(hours=random.randrange(500))) for one in scanned)
        )
    async with UnitOfWork(engine) as unit:
        for number, domain in enumerate(random.sample(domains, 40)):
            kind = random.choice(("co-sell", "marketplace", "solution-provider"))
            await unit.connection.exec_driver_sql(
                "insert into partner_center_referrals (referral_id, referral_type, domain) "
                "values (%(i)s, %(k)s, %(d)s)",
                {"i": f"r{number}", "k": kind, "d": domain},
            )
        await unit.connection.exec_driver_sql(
            "update companies set d365_sync_status = (array['queued', 'synced', 'error'])[1 + id %% 3] "
            "where id %% 4 = 0"
        )
        await unit.connection.exec_driver_sql(
            "update companies set city = (array['Ankara', 'İzmir', 'Van'])[1 + id %% 3] where id %% 2 = 0"
        )
        await unit.connection.exec_driver_sql(
            "update companies set is_own_customer = id %% 9 = 0, is_do_not_contact = id %% 13 = 0, "
            "is_demo = id %% 18 = 0"
        )
        await unit.connection.exec_driver_sql("insert into lists (name) values ('Fuar 2026'), ('Alte Liste')")
        await unit.connection.exec_driver_sql(
            "insert into company_lists (list_id, domain) select l.id, c.domain from companies c, lists l "
            "where (c.id + l.id) %% 3 = 0 or c.id %% 10 = 0"
        )
        await unit.connection.exec_driver_sql(
            "insert into favorites (domain, user_id) select domain, 'u1' from companies where id %% 5 = 0"
        )
    await intake(engine, *(NewCompany(domain=one, country="TR") for one in domains))
    await engine.dispose()


def _scan(random: Random, domain: str, at: datetime) -> Any:
    expires_at = TODAY + timedelta(days=random.randrange(-20, 400)) if random.randrange(5) else NOT_ASKED
    mail = mail_evidence(
        mx=random.choice(HOSTS),
        spf=random.choice((ABSENT, spf_policy("a.example"))),
        dkim=random.choice((ABSENT, UNKNOWN, [dkim_key()])),
        dmarc=random.choice((ABSENT, dmarc_policy("none"), dmarc_policy("quarantine"), dmarc_policy())),
    )
    low = random.randrange(5000)
    return judged(evidence(mail, domain=domain, collected_at=at, expires_at=expires_at), annual=(low, 2 * low))


@dataclass(frozen=True, slots=True)
class Beside:
    """What lists are filtered by and leads do not show."""

    changed_at: datetime | None
    is_favorite: bool
    city: str
    tags: tuple[str, ...]
    lists: tuple[str, ...]
    marks: tuple[str, ...]


BESIDE_LEADS = ("tags", "city", "lists", "marks")
World = tuple[list[LeadView], dict[str, Beside]]
BESIDE = """
select c.domain, l.last_changed_at, exists (select from favorites f where f.domain = c.domain), coalesce(c.city, ''),
    array(select tag::text from tags t where t.domain = c.domain),
    array(select n.name::text from company_lists m join lists n on n.id = m.list_id where m.domain = c.domain),
    array_remove(array[case when c.is_own_customer then 'own_customer' end,
        case when c.is_do_not_contact then 'do_not_contact' end, case when c.is_demo then 'demo' end], null)
from companies c join leads l on l.domain = c.domain
"""


async def everything(engine: AsyncEngine) -> World:
    async with UnitOfWork(engine) as unit:
        query = LeadQuery(include_unscored=True, include_excluded=True)
        views = [view async for view in unit.leads.stream(query)]
        rows = await fetch_rows(unit.connection, BESIDE)
    assert len(views) == LEADS
    beside = {
        domain: Beside(at, is_favorite, city, tuple(tags), tuple(lists), tuple(marks))
        for domain, at, is_favorite, city, tags, lists, marks in rows
    }
    return views, beside


def by_hand(query: LeadQuery, world: World) -> list[LeadView]:
    """Find what matches without any index."""
    views, beside = world

    def matches(view: LeadView) -> bool:
        text = turkish_fold(f"{view.domain} {view.canonical_name} {view.provider or ''}")
        words = turkish_fold(query.search).split()
        only_short = all(len(word) < 3 for word in words)
        more = beside[view.domain]
        at, scanned_at = more.changed_at, view.scanned_at
        is_shown = bool(set(query.marks) & set(more.marks)) if query.marks else not more.marks
        return all(
            (
                query.include_unscored or view.readiness_score is not None,
                not query.segments or view.segment in query.segments,
                not query.providers or view.provider in query.providers,
                not query.referral_types or set(query.referral_types) & set(view.referral_types),
                not query.priorities or view.priority_score in query.priorities,
                not query.priority_categories or view.priority_category in query.priority_categories,
                not query.d365_sync_statuses or view.d365_sync_status in query.d365_sync_statuses,
                not query.m365_states or view.m365_state in query.m365_states,
                not query.tenant_sizes or view.tenant_size in query.tenant_sizes,
                query.min_score is None
                or (view.readiness_score is not None and view.readiness_score >= query.min_score),
                query.max_score is None
                or (view.readiness_score is not None and view.readiness_score <= query.max_score),
                query.expires_from is None or (view.expires_at is not None and view.expires_at >= query.expires_from),
                query.expires_to is None or (view.expires_at is not None and view.expires_at <= query.expires_to),
                query.changed_since is None or (at is not None and at >= query.changed_since),
                query.favorite_of is None or more.is_favorite,
                not query.local_providers or view.local_provider in query.local_providers,
                not query.gateways or view.gateway in query.gateways,
                not query.tags or set(query.tags) & set(more.tags),
                not query.cities or more.city in query.cities,
                not query.lists or set(query.lists) & set(more.lists),
                is_shown or (query.include_excluded and not query.marks),
                query.scanned_since is None or (scanned_at is not None and scanned_at >= query.scanned_since),
                all(view.domain.startswith(word) if only_short else word in text for word in words),
            )
        )

    return sorted(filter(matches, views), key=order_of(query))


def order_of(query: LeadQuery) -> Callable[[LeadView], Any]:
    """Return the order as a key; descending numbers are negated, descending words turned letter by letter."""
    is_down = query.order is SortOrder.DESC

    def turned(text: str) -> tuple[int, ...]:
        return (*(-ord(letter) for letter in text), 1) if is_down else tuple(map(ord, text))

    def key(view: LeadView) -> tuple[Any, ...]:
        sign = -1 if is_down else 1
        score, rank = view.readiness_score or 0, (view.priority_score or 8) * 128 - (view.readiness_score or 0)
        own: tuple[Any, ...]
        match query.sort:
            case LeadSort.PRIORITY_SCORE:
                own = (sign * rank, view.domain)
            case LeadSort.READINESS_SCORE:
                own = (sign * score, view.domain)
            case LeadSort.SEGMENT:
                own = (turned(view.segment or ""), rank, view.domain)
            case LeadSort.PROVIDER:
                own = (turned(view.provider or ""), rank, view.domain)
            case LeadSort.DOMAIN:
                own = (turned(view.domain),)
            case LeadSort.NAME:
                own = (turned(turkish_sort_key(view.canonical_name)), turned(view.domain))
            case LeadSort.SCANNED_AT:
                at = view.scanned_at
                own = (
                    at is None if not is_down else at is not None,
                    sign * (at.timestamp() if at else 0),
                    turned(view.domain),
                )
        if view.readiness_score is None and query.sort not in (LeadSort.DOMAIN, LeadSort.NAME, LeadSort.SCANNED_AT):
            own = (view.domain,)
        return (view.readiness_score is None, *own)

    return key


def drawn(random: Random) -> LeadQuery:
    """Draw a query."""

    def some(*words: Any, one_in: int = 8) -> tuple[Any, ...]:
        return tuple(random.sample(words, random.randint(1, 2))) if random.randrange(one_in) == 0 else ()

    def maybe(value: Any, one_in: int = 6) -> Any:
        return value if random.randrange(one_in) == 0 else None

    return LeadQuery(
        segments=some("Migration", "Existing", "Cold", "Skip", "Nichts"),
        providers=some("M365", "Google", "Local", "Hosting", "Unknown"),
        referral_types=some("co-sell", "marketplace", "solution-provider"),
        priorities=some(1, 2, 3, 4, 5, 6, 7),
        priority_categories=some("P1", "P2", "P4", "P6"),
        d365_sync_statuses=some("not_synced", "queued", "synced"),
        m365_states=some("yes", "no", "unknown"),
        tenant_sizes=some("medium", "large"),
        min_score=maybe(random.randrange(60)),
        max_score=maybe(random.randrange(40, 100)),
        expires_from=maybe(TODAY),
        expires_to=maybe(TODAY + timedelta(days=random.choice((30, 90, 365)))),
        changed_since=maybe(COLLECTED_AT + timedelta(hours=random.randrange(400))),
        favorite_of=maybe("u1", 12),
        local_providers=some("Natro", "Turhost", "Kein Host"),
        gateways=some("proofpoint", "mimecast"),
        tags=some("security-risk", "weak-spf", "local-mx", "none such"),
        cities=some("Ankara", "İzmir", "Nirgends"),
        lists=some("Fuar 2026", "Alte Liste", "Keine Liste"),
        marks=some("own_customer", "do_not_contact", "demo", one_in=12),
        include_excluded=random.randrange(3) == 0,
        scanned_since=maybe(COLLECTED_AT + timedelta(hours=random.randrange(500)), 8),
        search=random.choice(
            ("", "", "", "sinar", "ILGAZ", "inci yapi", "şafak 3", "c", "bf", "100%_", "%", "firma0 ")
        ),
        include_unscored=random.randrange(3) == 0,
        sort=random.choice(list(LeadSort)),
        order=random.choice(list(SortOrder)),
        page_size=random.choice((3, 10, 50, 200)),
    )
