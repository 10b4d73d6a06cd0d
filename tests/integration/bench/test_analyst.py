"""The analyst counts what a run costs, and asks what a scan asks."""

from bench.analyst import open_analyst
from hunter.core.evidence import Evidence
from hunter.lab.running import start_name_server
from hunter.lab.world_sources.choosing import GeneratedWorldSource
from hunter.lab.world_sources.generated_world import GeneratedWorld
from tests.support.rulebooks import shipped_rulebook

WORLD = GeneratedWorld(60)


async def test_every_name_is_looked_at_and_every_question_counted() -> None:
    seen: list[Evidence] = []
    with start_name_server(GeneratedWorldSource(WORLD.size)) as server:
        async with open_analyst(server, shipped_rulebook()) as analyst:
            cost = await analyst.run(WORLD.domains(), look=seen.append)
        served = server.statistics()
    assert {evidence.domain for evidence in seen} == set(WORLD.domains())
    assert cost.domains == WORLD.size
    assert cost.questions + cost.repeats == served.questions - served.tcp
    assert cost.cpu_seconds > 0


async def test_a_second_run_counts_its_own_questions_only() -> None:
    with start_name_server(GeneratedWorldSource(WORLD.size)) as server:
        async with open_analyst(server, shipped_rulebook()) as analyst:
            first = await analyst.run([WORLD.domain(0)])
            second = await analyst.run([WORLD.domain(0)])
    # What domains share is kept; what is a domain's own is asked again.
    assert 5 <= second.questions <= first.questions < 60
