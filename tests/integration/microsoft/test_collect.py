"""The tenant collector against the simulator, over real sockets: every outcome of the specification."""

import asyncio
import socket
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from itertools import pairwise
from time import monotonic

import pytest

from hunter.collectors.microsoft.collect import TenantCollector
from hunter.collectors.microsoft.endpoint import USER_AGENT, MicrosoftEndpoint, microsoft_breaker
from hunter.core.evidence import MicrosoftEvidence, Realm
from hunter.core.signals import NOT_ASKED, Absent, Found, Unknown
from hunter.lab.microsoft.faults import MicrosoftTrouble, ScriptedFault
from hunter.lab.microsoft.running import RunningMicrosoft
from hunter.outbound.guard import Guard
from hunter.outbound.http import guarded_client
from hunter.outbound.targets import parse_targets
from tests.integration.microsoft.conftest import WORLD, MakeCollector


def region_of(evidence: MicrosoftEvidence) -> tuple[str | None, str | None, str | None]:
    assert isinstance(evidence.tenant, Found)
    tenant = evidence.tenant.value
    return tenant.region, tenant.sub_scope, tenant.cloud


async def test_a_tenant_is_found_with_its_id(make: MakeCollector) -> None:
    evidence = await make().collect("firma.example")

    assert isinstance(evidence.tenant, Found)
    assert evidence.tenant.value.tenant_id == WORLD.by_domain["firma.example"].tenant_id
    assert evidence.tenant.value.domain == "firma.example"
    assert evidence.realm == NOT_ASKED


@pytest.mark.parametrize(
    ("domain", "home"),
    [
        ("firma.example", ("EU", None, "microsoftonline.com")),
        ("agency.example", ("NA", "GCC", "microsoftonline.com")),
        ("gov.example", ("USGov", "DODCON", "microsoftonline.us")),
        ("cin2.example", ("AS", None, "partner.microsoftonline.cn")),
    ],
)
async def test_region_and_cloud_are_kept(make: MakeCollector, domain: str, home: tuple[str | None, ...]) -> None:
    assert region_of(await make().collect(domain)) == home


@pytest.mark.parametrize("domain", ["kimse.example", "cin.example"])
async def test_no_tenant_in_this_cloud_is_absent(make: MakeCollector, domain: str) -> None:
    tenant = (await make().collect(domain)).tenant

    assert isinstance(tenant, Absent)
    assert tenant.reason == "no_tenant"


async def test_the_lookup_works_by_tls_too(make: MakeCollector, simulator: RunningMicrosoft) -> None:
    assert isinstance((await make(base=simulator.tls_base).collect("firma.example")).tenant, Found)


async def test_a_sub_domain_of_its_own_tenant_asks_nobody_else(
    make: MakeCollector, simulator: RunningMicrosoft
) -> None:
    evidence = await make().collect("sube.grup.example")

    assert region_of(evidence)[0] == "EU"
    assert len(simulator.journal()) == 1


async def test_a_sub_domain_without_a_tenant_is_looked_for_above(
    make: MakeCollector, simulator: RunningMicrosoft
) -> None:
    collector = make()
    evidence = await collector.collect("fabrika.grup.example")

    assert isinstance(evidence.tenant, Found)
    assert evidence.tenant.value.domain == "grup.example"
    await collector.collect("depo.grup.example")
    asked = [row["target"].split("/")[1] for row in simulator.journal()]
    assert asked == ["fabrika.grup.example", "grup.example", "depo.grup.example"]


async def test_a_sub_domain_is_without_a_tenant_only_if_the_name_above_is_too(
    make: MakeCollector, simulator: RunningMicrosoft
) -> None:
    assert isinstance((await make().collect("sube.kimse.example")).tenant, Absent)
    simulator.script(ScriptedFault(MicrosoftTrouble.HTML, path="/grup.example/"))
    assert (await make().collect("fabrika.grup.example")).tenant == Unknown("content_type")


async def test_a_failure_below_is_no_answer_though_the_name_above_has_no_tenant(
    make: MakeCollector, simulator: RunningMicrosoft
) -> None:
    simulator.script(ScriptedFault(MicrosoftTrouble.HTML, path="/sube.kimse.example/"))

    assert (await make().collect("sube.kimse.example")).tenant == Unknown("content_type")


@pytest.mark.parametrize(
    ("domain", "realm"),
    [
        ("firma.example", Realm("managed", "Firma A.Ş.")),
        ("federe.example", Realm("federated", "Federe", "sts.federe.example")),
        ("viral.example", Realm("managed", "Kendiliğinden", is_viral=True)),
    ],
)
async def test_the_realm_is_looked_up_on_demand(make: MakeCollector, domain: str, realm: Realm) -> None:
    signal = (await make().collect(domain, deep=True)).realm

    assert isinstance(signal, Found)
    assert signal.value == realm


async def test_a_domain_of_nobody_has_no_realm(make: MakeCollector) -> None:
    signal = (await make().collect("kimse.example", deep=True)).realm

    assert isinstance(signal, Absent)
    assert signal.reason == "no_realm"


async def test_only_the_two_allowed_endpoints_are_asked_and_never_for_a_person(
    make: MakeCollector, simulator: RunningMicrosoft
) -> None:
    await make().collect("firma.example", deep=True)
    journal = simulator.journal()

    assert [row["target"] for row in journal] == [
        "/firma.example/v2.0/.well-known/openid-configuration",
        "/common/userrealm/hunter-realm-lookup@firma.example?api-version=2.1",
    ]
    assert {row["headers"]["user-agent"] for row in journal} == {USER_AGENT}
    assert "hunter" in USER_AGENT
    assert not any("cookie" in row["headers"] or "authorization" in row["headers"] for row in journal)


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        (ScriptedFault(MicrosoftTrouble.RESET), "network"),
        (ScriptedFault(MicrosoftTrouble.CUT), "cut"),
        (ScriptedFault(MicrosoftTrouble.HTML), "content_type"),
        (ScriptedFault(MicrosoftTrouble.WRONG_TYPE), "content_type"),
        (ScriptedFault(MicrosoftTrouble.BAD_JSON), "malformed"),
        (ScriptedFault(MicrosoftTrouble.LIST), "malformed"),
        (ScriptedFault(MicrosoftTrouble.NO_ISSUER), "malformed"),
        (ScriptedFault(MicrosoftTrouble.HUGE), "too_large"),
        (ScriptedFault(MicrosoftTrouble.PACKED), "malformed"),
        (ScriptedFault(MicrosoftTrouble.REDIRECT, location="/firma.example/other"), "redirected"),
        (ScriptedFault(MicrosoftTrouble.REDIRECT, location="http://169.254.169.254/latest"), "redirected"),
        (ScriptedFault(MicrosoftTrouble.STATUS, status=429), "rate_limited"),
        (ScriptedFault(MicrosoftTrouble.STATUS, status=403), "refused"),
        (ScriptedFault(MicrosoftTrouble.STATUS, status=500), "server_error"),
        (ScriptedFault(MicrosoftTrouble.STATUS, status=503), "server_error"),
        (ScriptedFault(MicrosoftTrouble.STATUS, status=404), "unexpected"),
        (ScriptedFault(MicrosoftTrouble.STATUS, status=400), "content_type"),
    ],
)
@pytest.mark.parametrize("domain", ["firma.example", "kimse.example"])
async def test_trouble_is_unknown_and_never_no_tenant(
    make: MakeCollector, simulator: RunningMicrosoft, fault: ScriptedFault, reason: str, domain: str
) -> None:
    simulator.script(fault)
    if fault.trouble is MicrosoftTrouble.NO_ISSUER and domain == "kimse.example":
        reason = "unexpected"

    assert (await make().collect(domain)).tenant == Unknown(reason)
    assert len(simulator.journal()) == 1


@pytest.mark.parametrize("trouble", [MicrosoftTrouble.SLOW, MicrosoftTrouble.SLOW_BODY])
async def test_a_slow_answer_costs_the_time_that_was_given_and_no_more(
    make: MakeCollector, simulator: RunningMicrosoft, trouble: MicrosoftTrouble
) -> None:
    simulator.script(ScriptedFault(trouble, seconds=5.0))
    since = monotonic()

    assert (await make().collect("firma.example", seconds=0.4)).tenant == Unknown("timeout")
    assert monotonic() - since < 2.0


async def test_nobody_listens_is_unknown() -> None:
    with socket.socket() as taken:
        # Bound and not listening: nobody else can take the port, and nobody answers.
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        async with guarded_client(Guard(parse_targets([f"127.0.0.1:{port}"])), headers={}, seconds=5.0) as client:
            collector = TenantCollector(MicrosoftEndpoint(client, base=f"http://127.0.0.1:{port}"))
            assert (await collector.collect("firma.example")).tenant == Unknown("network")


async def test_the_guard_lets_nothing_through_that_is_not_named(
    make: MakeCollector, simulator: RunningMicrosoft
) -> None:
    assert (await make(is_allowed=False).collect("firma.example")).tenant == Unknown("refused_by_guard")
    assert simulator.journal() == []


@pytest.mark.parametrize("domain", ["", "firma", "com.tr", "a b.example", "../../etc", "192.0.2.1", "x@firma.example"])
async def test_what_is_no_companys_name_is_asked_of_nobody(
    make: MakeCollector, simulator: RunningMicrosoft, domain: str
) -> None:
    evidence = await make().collect(domain, deep=True)

    assert evidence == MicrosoftEvidence(Unknown("name"), Unknown("name"))
    assert simulator.journal() == []


async def test_an_answer_is_asked_for_once(make: MakeCollector, simulator: RunningMicrosoft) -> None:
    collector = make()
    seen = await asyncio.gather(*(collector.collect("firma.example", deep=True) for _ in range(20)))
    await collector.collect("kimse.example")
    await collector.collect("kimse.example")

    assert len(set(seen)) == 1
    assert len(simulator.journal()) == 3


async def test_a_failure_is_not_asked_again_within_a_minute(make: MakeCollector, simulator: RunningMicrosoft) -> None:
    simulator.script(ScriptedFault(MicrosoftTrouble.HTML))
    collector = make()

    assert (await collector.collect("firma.example")).tenant == Unknown("content_type")
    assert (await collector.collect("firma.example")).tenant == Unknown("content_type")
    assert len(simulator.journal()) == 1


async def test_calls_keep_a_second_apart(make: MakeCollector, simulator: RunningMicrosoft) -> None:
    collector = make(per_second=1.0)
    await asyncio.gather(*(collector.collect(f"f{number}.example", seconds=10.0) for number in range(4)))
    arrivals = [row["at"] for row in simulator.journal()]

    assert len(arrivals) == 4
    # What the loop and the sockets add to one call and not to the next is allowed for.
    assert all(later - earlier > 0.9 for earlier, later in pairwise(arrivals))


async def test_who_cannot_be_asked_about_in_time_is_unknown_and_the_next_is_served(
    make: MakeCollector, simulator: RunningMicrosoft
) -> None:
    collector = make(per_second=1.0)
    many = await asyncio.gather(*(collector.collect(f"f{number}.example", seconds=0.5) for number in range(200)))
    tenants = [evidence.tenant for evidence in many]

    assert tenants.count(Unknown("rate_limited_locally")) == 199
    assert isinstance((await collector.collect("firma.example", seconds=3.0)).tenant, Found)
    assert len(simulator.journal()) == 2


def in_seconds() -> str:
    """`Retry-After` of ninety seconds, as a number."""
    return "90"


def as_a_date() -> str:
    """`Retry-After` of ninety seconds, as a date."""
    return format_datetime(datetime.now(UTC) + timedelta(seconds=90), usegmt=True)


@pytest.mark.parametrize("retry_after", [in_seconds, as_a_date])
@pytest.mark.parametrize("status", [429, 503])
async def test_retry_after_is_honoured(
    make: MakeCollector, simulator: RunningMicrosoft, retry_after: Callable[[], str], status: int
) -> None:
    simulator.script(ScriptedFault(MicrosoftTrouble.STATUS, status=status, retry_after=retry_after()))
    passed = [0.0]
    collector = make(breaker=microsoft_breaker(lambda: passed[0]))

    assert isinstance((await collector.collect("firma.example")).tenant, Unknown)
    passed[0] = 30.0
    assert (await collector.collect("kimse.example")).tenant == Unknown("circuit_open")
    assert len(simulator.journal()) == 1
    passed[0] = 91.0
    assert isinstance((await collector.collect("kimse.example")).tenant, Absent)


async def test_five_failures_open_the_circuit(make: MakeCollector, simulator: RunningMicrosoft) -> None:
    simulator.script(ScriptedFault(MicrosoftTrouble.STATUS, status=500, nth=0))
    collector = make()
    tenants = [(await collector.collect(f"f{number}.example")).tenant for number in range(8)]

    assert tenants == [Unknown("server_error")] * 5 + [Unknown("circuit_open")] * 3
    assert len(simulator.journal()) == 5
