"""Registries that count how often they are asked."""

from collections.abc import Iterator

import pytest

from hunter.collectors.registration.collect import RegistrationCollector
from hunter.collectors.registration.registration import Outcome
from hunter.lab.registry.faults import RegistryFaults
from hunter.lab.registry.registrations import RegistryWorld, generated_name
from hunter.lab.registry.running import RunningRegistry, start_registry
from hunter.resilience.rate_limiter import RateLimiter


@pytest.fixture
def strict() -> Iterator[RunningRegistry]:
    """Registries that bear five questions a second."""
    with start_registry(RegistryWorld(generated=100), RegistryFaults(per_second=5)) as running:
        yield running


async def test_too_many_questions_are_unknown_and_an_honest_pace_is_not(strict: RunningRegistry) -> None:
    base, server = strict.rdap_base, strict.whois_server
    async with RegistrationCollector(limiter=RateLimiter("whois", 0), rdap_base=base, whois_server=server) as hasty:
        outcomes = [await hasty.look_up(generated_name(number)) for number in range(30)]
    told = {(one.outcome, one.reason) for one in outcomes}
    assert told == {(Outcome.FOUND, None), (Outcome.UNAVAILABLE, "rate_limited")}
    strict.treat(RegistryFaults())
    async with RegistrationCollector(limiter=RateLimiter("whois", 0), rdap_base=base, whois_server=server) as patient:
        assert (await patient.look_up(generated_name(29))).outcome is Outcome.FOUND
