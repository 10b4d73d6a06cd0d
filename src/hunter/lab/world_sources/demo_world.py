"""The demo world: sixty invented companies under `.example`, as `demo_world.toml` describes them."""

from functools import lru_cache
from importlib.resources import files

from hunter.lab.world_sources.companies import SimulatedCompany
from hunter.lab.world_sources.world_file import WorldFile, parse_world


@lru_cache(maxsize=1)
def demo_world_file() -> WorldFile:
    """Return the demo world as its file tells it."""
    text = files("hunter.lab.world_sources").joinpath("demo_world.toml").read_text(encoding="utf-8")
    return parse_world(text, "demo_world.toml")


def demo_companies() -> tuple[SimulatedCompany, ...]:
    """Return the companies of the demo world, in the order of the file."""
    return demo_world_file().companies
