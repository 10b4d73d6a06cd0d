"""Rounds: every one has domains of its own, and one noisy round does not move the figure."""

from bench.rounds import median_ratio, share
from hunter.lab.world_sources.generated_world import GeneratedWorld


def test_one_noisy_round_does_not_move_the_figure() -> None:
    assert median_ratio([1.0, 90.0, 1.0], [10.0, 10.0, 10.0]) == 0.1


def test_the_ratio_is_taken_round_by_round() -> None:
    # The machine was half as fast in the second and third round, for both alike.
    assert median_ratio([1.0, 2.0, 2.0], [10.0, 20.0, 20.0]) == 0.1


def test_no_domain_is_in_two_rounds() -> None:
    world = GeneratedWorld(10)

    rounds = [share(world, number, 4) for number in range(3)]

    assert [len(domains) for domains in rounds] == [4, 4, 2]
    assert sorted(domain for domains in rounds for domain in domains) == sorted(world.domains())
