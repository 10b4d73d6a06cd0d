"""Rounds in which two take turns: their figure is the median of the ratios, which one noisy moment does not move."""

from collections.abc import Sequence
from itertools import islice
from statistics import median

from hunter.lab.world_sources.generated_world import GeneratedWorld


def median_ratio(ours: Sequence[float], theirs: Sequence[float]) -> float:
    """Return the median of ours / theirs, round by round."""
    return median(our / their for our, their in zip(ours, theirs, strict=True))


def share(world: GeneratedWorld, number: int, size: int) -> list[str]:
    """Return the domains of one round: other ones in each, so that nobody profits from what is kept."""
    return list(islice(map(world.domain, range(number * size, world.size)), size))
