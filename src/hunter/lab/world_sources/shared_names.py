"""The names that many domains share, as a world of their own (`shared_names.toml`); the other worlds lie before it."""

import tomllib
from functools import lru_cache
from importlib.resources import files

from hunter.lab.dns.worlds import World
from hunter.lab.world_sources.dkim_keys import expand_keys


def shared_records() -> dict[str, dict[str, list[str]]]:
    """Return the shared names with their records: name -> type -> texts."""
    text = files("hunter.lab.world_sources").joinpath("shared_names.toml").read_text(encoding="utf-8")
    names: dict[str, dict[str, list[str]]] = tomllib.loads(text)
    return {
        name: {rdtype: [expand_keys(record, name) for record in records] for rdtype, records in types.items()}
        for name, types in names.items()
    }


@lru_cache(maxsize=1)
def shared_world() -> World:
    """Return the world of the shared names; built once, never changed."""
    return World.from_records(shared_records())
