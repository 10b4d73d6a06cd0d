"""Descriptions of worlds, small enough to be handed to another process, which builds the world itself."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias, assert_never

from hunter.lab.dns.faults import Behaviour
from hunter.lab.dns.worlds import Records, ServedWorld, World
from hunter.lab.world_sources.demo_world import demo_world_file
from hunter.lab.world_sources.generated_facts import DKIM_SELECTORS, DKIMMix
from hunter.lab.world_sources.generated_world import GeneratedWorld
from hunter.lab.world_sources.shared_names import shared_world
from hunter.lab.world_sources.world_file import read_world_file


@dataclass(frozen=True, slots=True)
class DemoWorldSource:
    """The sixty companies of the demo world."""


@dataclass(frozen=True, slots=True)
class FileWorldSource:
    """The companies of a world file."""

    path: Path


@dataclass(frozen=True, slots=True)
class GeneratedWorldSource:
    """`size` generated domains."""

    size: int
    seed: int = 1
    #: Selectors under which a key can be guessed.
    selectors: tuple[str, ...] = DKIM_SELECTORS
    #: How awkward its DKIM is.
    mix: DKIMMix = DKIMMix.USUAL


@dataclass(frozen=True, slots=True)
class RecordsWorldSource:
    """Records as text; the arguments of `World.from_records`."""

    records: Records
    #: Registrable names; None: the topmost names with records.
    domains: tuple[str, ...] | None = None
    behaviours: Mapping[str, Behaviour] = field(default_factory=dict)
    lying_ent: tuple[str, ...] = ()
    #: Whether the names of real services (`shared_names.toml`) exist too.
    has_shared_names: bool = False


WorldSource: TypeAlias = DemoWorldSource | FileWorldSource | GeneratedWorldSource | RecordsWorldSource


def build_world(source: WorldSource) -> ServedWorld:
    """Build the world that a source describes.

    Raises `WorldFileError`, `InvalidRecord` or `InvalidInput` for a source that cannot be used.
    """
    match source:
        case DemoWorldSource():
            return demo_world_file().world()
        case FileWorldSource(path):
            return read_world_file(path).world()
        case GeneratedWorldSource(size, seed, selectors, mix):
            return GeneratedWorld(size, seed=seed, selectors=selectors, mix=mix)
        case RecordsWorldSource():
            return World.from_records(
                source.records,
                domains=source.domains,
                behaviours=source.behaviours,
                lying_ent=source.lying_ent,
                beyond=shared_world() if source.has_shared_names else None,
            )
        case _:
            assert_never(source)
