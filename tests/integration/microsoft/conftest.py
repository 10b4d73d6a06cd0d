"""One simulator of Microsoft's sign-in service for all tests here, cleared before each of them."""

from collections.abc import AsyncIterator, Callable, Iterator

import httpx
import pytest

from hunter.collectors.microsoft.collect import TenantCollector
from hunter.collectors.microsoft.endpoint import MicrosoftEndpoint
from hunter.lab.certificate import client_context
from hunter.lab.microsoft.running import RunningMicrosoft, start_microsoft
from hunter.lab.microsoft.tenants import RealmKind, SimulatedTenant, world_of
from hunter.outbound.guard import Guard
from hunter.outbound.http import guarded_client
from hunter.outbound.targets import parse_targets
from hunter.resilience.circuit_breaker import CircuitBreaker
from hunter.resilience.rate_limiter import RateLimiter

WORLD = world_of(
    [
        SimulatedTenant("Firma A.Ş.", ("firma.example", "sube.grup.example")),
        SimulatedTenant("Grup Holding", ("grup.example",), region="WW"),
        SimulatedTenant("Federe", ("federe.example",), realm=RealmKind.FEDERATED, sign_in_host="sts.federe.example"),
        SimulatedTenant("Kendiliğinden", ("viral.example",), region="WW", is_viral=True),
        SimulatedTenant("Agency", ("agency.example",), region="NA", sub_scope="GCC"),
        SimulatedTenant("Contractor", ("gov.example",), "USGov", "DODCON", "microsoftonline.us"),
        SimulatedTenant("Çin", ("cin.example",), "AS", cloud="partner.microsoftonline.cn", is_visible=False),
        SimulatedTenant("Çince", ("cin2.example",), "AS", cloud="partner.microsoftonline.cn"),
    ]
)
MakeCollector = Callable[..., TenantCollector]


@pytest.fixture(scope="session")
def running() -> Iterator[RunningMicrosoft]:
    with start_microsoft(WORLD) as simulator:
        yield simulator


@pytest.fixture
def simulator(running: RunningMicrosoft) -> RunningMicrosoft:
    running.reset()
    return running


@pytest.fixture
async def make(simulator: RunningMicrosoft) -> AsyncIterator[MakeCollector]:
    """Make collectors towards the simulator; its two ports are the only ones on this machine that the guard allows."""
    clients: list[httpx.AsyncClient] = []

    def make_one(
        *, base: str = "", is_allowed: bool = True, per_second: float = 0.0, breaker: CircuitBreaker | None = None
    ) -> TenantCollector:
        targets = [f"{simulator.host}:{simulator.port}", f"{simulator.host}:{simulator.tls_port}"]
        guard = Guard(parse_targets(targets if is_allowed else []))
        client = guarded_client(guard, headers={}, seconds=5.0, tls=client_context(simulator.certificate))
        clients.append(client)
        limiter = RateLimiter("microsoft", per_second)
        endpoint = MicrosoftEndpoint(client, base=base or simulator.base, limiter=limiter, breaker=breaker)
        return TenantCollector(endpoint)

    yield make_one
    for client in clients:
        await client.aclose()
