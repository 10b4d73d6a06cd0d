"""All collectors together over real sockets: whoever is late or broken costs its own answers and nobody else's."""

from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import httpx
import pytest

from hunter.collectors.gathering import Collectors, Gathered, Gathering, HostNetworks
from hunter.collectors.mail.addresses import AddressLookUp
from hunter.collectors.mail.collect import MailCollector
from hunter.collectors.mail.resolver import Resolver
from hunter.collectors.microsoft.collect import TenantCollector
from hunter.collectors.microsoft.endpoint import MicrosoftEndpoint
from hunter.collectors.network.address_file import AddressFile
from hunter.collectors.network.collect import NetworkCollector
from hunter.collectors.network.databases import AddressDatabases
from hunter.collectors.registration.collect import RegistrationCollector
from hunter.collectors.survey import Survey, requests_for
from hunter.core.evidence import MicrosoftEvidence, NetworkEvidence, RegistrationEvidence
from hunter.core.signals import NOT_ASKED, Found, Unknown
from hunter.core.survey_request import RegistryLookUp, SurveyRequest
from hunter.lab.microsoft.faults import MicrosoftTrouble, ScriptedFault
from hunter.lab.microsoft.running import RunningMicrosoft, start_microsoft
from hunter.lab.microsoft.tenants import demo_tenants
from hunter.lab.networks.address_files import write_address_files
from hunter.lab.networks.demo_networks import demo_networks
from hunter.lab.registry.faults import NO_FAULTS, RegistryFaults
from hunter.lab.registry.registrations import demo_registrations, parse_fault
from hunter.lab.registry.running import RunningRegistry, start_registry
from hunter.lab.world_sources.demo_world import demo_world_file
from hunter.outbound.guard import Guard
from hunter.outbound.http import guarded_client
from hunter.outbound.targets import parse_targets
from hunter.resilience.file_buckets import FileBuckets
from hunter.resilience.rate_limiter import RateLimiter
from tests.integration.collectors.conftest import OpenResolver
from tests.support.builders import COLLECTED_AT
from tests.support.name_servers import Serve
from tests.support.rulebooks import shipped_rulebook

#: Companies of the demo world: one with its own mail host, one with a tenant, one whose name servers are silent.
OWN_SERVER, TENANT, SILENT = "kayabasi-celik.example", "gokcetepe-otomotiv.example", "suskunbag-evleri.example"
DEAD = RegistryFaults(rdap=parse_fault("dead"), whois=parse_fault("dead"))


@pytest.fixture(scope="module")
def registry() -> Iterator[RunningRegistry]:
    with start_registry(demo_registrations(date(2026, 3, 2))) as running:
        yield running


@pytest.fixture(scope="module")
def microsoft() -> Iterator[RunningMicrosoft]:
    with start_microsoft(demo_tenants()) as running:
        yield running


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> AddressDatabases:
    written = write_address_files(tmp_path_factory.mktemp("files"), demo_networks())
    return AddressDatabases({AddressFile(kind): path for kind, path in written.items()})


@pytest.fixture
async def resolver(serve: Serve, resolver_for: OpenResolver) -> Resolver:
    return await resolver_for(serve(demo_world_file().world()))


@dataclass(frozen=True, slots=True)
class Surroundings:
    """The neighbours of one test, and the collectors that ask them."""

    registry: RunningRegistry
    microsoft: RunningMicrosoft
    #: Behind the Microsoft collector, which is broken once this is closed.
    http: httpx.AsyncClient
    collectors: Collectors

    async def gather(self, domain: str, seconds: float = 10.0) -> Gathered:
        return await Gathering(self.collectors).gather(SurveyRequest(domain, is_deep=True), seconds)


@pytest.fixture
async def around(
    registry: RunningRegistry, microsoft: RunningMicrosoft, files: AddressDatabases, resolver: Resolver
) -> AsyncIterator[Surroundings]:
    registry.treat(NO_FAULTS)
    microsoft.reset()
    allowed = parse_targets([f"{microsoft.host}:{microsoft.port}"])
    async with AsyncExitStack() as opened:
        http = await opened.enter_async_context(guarded_client(Guard(allowed), headers={}, seconds=4.0))
        registration = await opened.enter_async_context(
            RegistrationCollector(
                limiter=RateLimiter("whois", 0), rdap_base=registry.rdap_base, whois_server=registry.whois_server
            )
        )
        collectors = Collectors(
            MailCollector(resolver, shipped_rulebook().signatures),
            registration,
            TenantCollector(MicrosoftEndpoint(http, base=microsoft.base, limiter=RateLimiter("microsoft", 0))),
            HostNetworks(AddressLookUp(resolver), NetworkCollector(files)),
        )
        yield Surroundings(registry, microsoft, http, collectors)


async def test_everybody_is_asked_and_everything_is_learned(around: Surroundings) -> None:
    own, tenant = await around.gather(OWN_SERVER), await around.gather(TENANT)
    assert isinstance(own.mail.mx, Found)
    assert isinstance(own.registration.expires_at, Found)
    assert isinstance(own.network.mx, Found)
    assert isinstance(tenant.microsoft.tenant, Found)
    assert isinstance(tenant.microsoft.realm, Found)
    assert None not in tenant.timing
    assert tenant.faults == ()


async def test_a_dead_registry_delays_nobody_and_costs_its_own_answers(around: Surroundings) -> None:
    around.registry.treat(DEAD)
    got = await around.gather(TENANT, seconds=1.0)
    assert got.registration == RegistrationEvidence(*[Unknown("timeout", ("rdap: timeout",))] * 4)
    assert got.timing.registration is not None
    assert got.timing.mail < got.timing.registration
    assert isinstance(got.mail.mx, Found)
    assert isinstance(got.microsoft.tenant, Found)


async def test_a_broken_collector_is_named_and_the_others_answers_count(around: Surroundings) -> None:
    await around.http.aclose()
    got = await around.gather(TENANT)
    assert got.microsoft == MicrosoftEvidence(Unknown("failed"), Unknown("failed"))
    [fault] = got.faults
    assert fault.startswith("microsoft: RuntimeError in ")
    assert isinstance(got.mail.mx, Found)
    assert isinstance(got.registration.registrar, Found)


async def test_a_broken_limit_towards_registries_costs_their_answers_only(around: Surroundings, tmp_path: Path) -> None:
    (tmp_path / "whois.bucket").mkdir()
    limiter = RateLimiter("whois", 5.0, FileBuckets(tmp_path))
    broken = RegistrationCollector(limiter=limiter, rdap_base=around.registry.rdap_base)
    survey = Survey(
        replace(around.collectors, registration=broken), clock=lambda: COLLECTED_AT, limiter=RateLimiter("dns", 0)
    )
    surveyed = await survey.one(SurveyRequest(TENANT, is_deep=True))
    [fault] = surveyed.faults
    assert fault.startswith("registration: IsADirectoryError in file_buckets.py:")
    assert surveyed.evidence.registration == RegistrationEvidence(*[Unknown("failed")] * 4)
    assert isinstance(surveyed.evidence.mail.mx, Found)
    assert isinstance(surveyed.evidence.microsoft.tenant, Found)


async def test_a_silent_microsoft_is_unknown_and_nothing_else(around: Surroundings) -> None:
    around.microsoft.script(ScriptedFault(MicrosoftTrouble.SLOW, nth=0, seconds=60.0))
    got = await around.gather(TENANT, seconds=0.5)
    assert got.microsoft == MicrosoftEvidence(Unknown("timeout"), Unknown("rate_limited_locally"))
    assert isinstance(got.mail.mx, Found)
    assert isinstance(got.registration.registrar, Found)


async def test_mx_unknown_leaves_its_network_unknown_for_the_same_reason(around: Surroundings) -> None:
    got = await around.gather(SILENT, seconds=1.0)
    assert isinstance(got.mail.mx, Unknown)
    assert isinstance(got.network.mx, Unknown)
    assert got.network.mx.reason == got.mail.mx.reason == "timeout"


async def test_who_is_not_asked_leaves_not_asked_and_no_time(around: Surroundings) -> None:
    got = await Gathering(Collectors(around.collectors.mail)).gather(SurveyRequest(TENANT), 10.0)
    assert (got.registration, got.microsoft, got.network) == (
        RegistrationEvidence(),
        MicrosoftEvidence(),
        NetworkEvidence(),
    )
    assert got.timing[1:4] == (None, None, None)


async def test_a_survey_hands_on_evidence_times_and_faults(around: Surroundings) -> None:
    survey = Survey(around.collectors, clock=lambda: COLLECTED_AT, limiter=RateLimiter("whois", 0))
    await around.http.aclose()
    surveyed = [one async for one in survey.many(requests_for([TENANT, OWN_SERVER]), concurrency=2)]
    assert {one.evidence.domain for one in surveyed} == {TENANT, OWN_SERVER}
    assert all(isinstance(one.evidence.registration.registrar, Found) for one in surveyed)
    assert all(one.timing.registration is not None and len(one.faults) == 1 for one in surveyed)


async def test_a_request_may_leave_the_registry_out_and_ask_it_again(around: Surroundings) -> None:
    survey = Survey(around.collectors, clock=lambda: COLLECTED_AT, limiter=RateLimiter("dns", 0))
    known = (await survey.one(SurveyRequest(TENANT))).evidence.registration
    seen: list[tuple[RegistrationEvidence, int]] = []
    for look_up in (RegistryLookUp.LEFT_OUT, RegistryLookUp.CACHED, RegistryLookUp.AGAIN):
        before = len(around.registry.arrivals().rdap)
        evidence = (await survey.one(SurveyRequest(TENANT, look_up))).evidence
        seen.append((evidence.registration, len(around.registry.arrivals().rdap) - before))
    assert isinstance(known.registrar, Found)
    assert seen == [(RegistrationEvidence(), 0), (known, 0), (known, 1)]


async def test_only_a_deep_request_asks_how_people_sign_in(around: Surroundings) -> None:
    survey = Survey(around.collectors, clock=lambda: COLLECTED_AT, limiter=RateLimiter("dns", 0))
    assert (await survey.one(SurveyRequest(TENANT))).evidence.microsoft.realm == NOT_ASKED
    assert isinstance((await survey.one(SurveyRequest(TENANT, is_deep=True))).evidence.microsoft.realm, Found)


async def test_another_upstream_is_asked_where_there_is_one(resolver_for: OpenResolver, serve: Serve) -> None:
    signatures = shipped_rulebook().signatures
    servers = [serve({"firma.example": {"MX": (f"1 {host}.",)}}) for host in ("usual.example", "other.example")]
    usual, other = [MailCollector(await resolver_for(server), signatures) for server in servers]
    for collectors, host in (
        (Collectors(usual, other_mail=other), "other.example"),
        (Collectors(usual), "usual.example"),
    ):
        survey = Survey(collectors, clock=lambda: COLLECTED_AT, limiter=RateLimiter("dns", 0))
        mx = (await survey.one(SurveyRequest("firma.example", by_other_upstream=True))).evidence.mail.mx
        assert isinstance(mx, Found)
        assert [at.host for at in mx.value] == [host]
