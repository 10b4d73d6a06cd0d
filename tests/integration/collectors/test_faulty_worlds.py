"""Generated companies behind servers in trouble: nothing false is ever said, and hardly anything is left unsaid."""

from collections.abc import Sequence

import pytest

from bench.held_against_truth import DKIM, hold
from hunter.collectors.survey import requests_for
from hunter.lab.dns.faults import NO_FAULTS, Fault, Faults, TCPService
from hunter.lab.world_sources.generated_world import GeneratedWorld
from tests.integration.collectors.conftest import OpenResolver, survey_of
from tests.integration.collectors.mail.questions import get_acquainted
from tests.support.name_servers import Serve

WORLD = GeneratedWorld(150)
LIES = tuple(
    (lie, 0.01)
    for lie in (
        Fault.WRONG_ID,
        Fault.WRONG_QUESTION,
        Fault.WRONG_CASE,
        Fault.OTHER_NAME,
        Fault.CUT_PACKET,
        Fault.GARBAGE,
        Fault.SPOOF_FIRST,
    )
)


@pytest.mark.parametrize(
    ("servers", "most_unknown"),
    [
        ([NO_FAULTS], 0),
        ([Faults(dead=0.02, servfail=0.05, truncate=0.03, loss=0.01)], 1),
        ([Faults(lies=LIES)], 1),
        ([Faults(formerr_on_edns=1.0)], 0),
        ([Faults(truncate=0.1, tcp=TCPService.CUT)], 8),
        ([Faults(refused=1.0), NO_FAULTS], 1),
        ([Faults(lies=((Fault.OTHER_NAME, 1.0),)), NO_FAULTS], 1),
    ],
    ids=["clean", "table", "lies", "no-edns", "no-tcp", "one-refuses", "one-lies"],
)
async def test_nothing_false_is_said(
    serve: Serve, resolver_for: OpenResolver, servers: Sequence[Faults], most_unknown: int
) -> None:
    resolver = await resolver_for(*(serve(WORLD, faults) for faults in servers))
    await get_acquainted(resolver)
    false, unknown = [], []
    async for surveyed in survey_of(resolver).many(requests_for(WORLD.domains()), concurrency=50):
        domain = surveyed.evidence.domain
        held = hold(surveyed.evidence.mail, WORLD.truth(int(domain[1:8])))
        false += [(domain, signal) for signal in held.false if signal != DKIM]
        if held.unknown and not any(faults.is_dead(domain) for faults in servers):
            unknown.append((domain, held.unknown))
    assert false == []
    assert len(unknown) <= most_unknown, unknown
