"""The yardstick is fixed: six questions a domain, nothing kept, nothing asked twice, and it sees what is there."""

from collections.abc import Iterator

import pytest

from bench.yardstick import QUESTIONS, Yardstick, bare_cpu_seconds
from hunter.lab.running import RunningNameServer, start_name_server
from hunter.lab.world_sources.choosing import GeneratedWorldSource
from hunter.lab.world_sources.generated_world import GeneratedWorld

WORLD = GeneratedWorld(40)


@pytest.fixture(scope="module")
def server() -> Iterator[RunningNameServer]:
    with start_name_server(GeneratedWorldSource(WORLD.size)) as running:
        yield running


def test_it_asks_exactly_six_questions_a_domain_and_keeps_nothing(server: RunningNameServer) -> None:
    before = server.statistics()
    domains = [*WORLD.domains()] * 2
    Yardstick(server.host, server.port).cpu_seconds(domains)
    after = server.statistics()
    # An answer that does not fit by UDP is asked for once more by TCP.
    by_udp = (after.questions - after.tcp) - (before.questions - before.tcp)
    assert by_udp == QUESTIONS * len(domains)


def test_the_bare_loop_asks_the_same_number(server: RunningNameServer) -> None:
    before = server.statistics().questions
    bare_cpu_seconds([*WORLD.domains()], server.host, server.port)
    assert server.statistics().questions - before == QUESTIONS * WORLD.size


def test_it_reads_what_the_world_holds(server: RunningNameServer) -> None:
    yardstick = Yardstick(server.host, server.port)
    seen = {index: yardstick.look_at(WORLD.domain(index)) for index in range(WORLD.size)}
    truths = {index: WORLD.truth(index) for index in range(WORLD.size)}
    assert {index: bool(one.mx) and one.mx != ("0 .",) for index, one in seen.items()} == {
        index: truth.mx_state == "found" for index, truth in truths.items()
    }
    assert {index: bool(one.spf) for index, one in seen.items()} == {
        index: truth.spf_text is not None for index, truth in truths.items()
    }
