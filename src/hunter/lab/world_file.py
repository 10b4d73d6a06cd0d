"""A world file (TOML) -> its companies, and the world that serves them. Errors name file, company and field."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from hunter.lab.companies import FieldError, SimulatedCompany, company_from_entry
from hunter.lab.errors import InvalidRecord, WorldFileError
from hunter.lab.rdata import encode, type_number
from hunter.lab.shared_names import shared_world
from hunter.lab.wire import name_to_wire
from hunter.lab.worlds import World

_TOP_FIELDS: Final = frozenset(("world", "company"))
_WORLD_FIELDS: Final = frozenset(("title", "shared_names"))


@dataclass(frozen=True, slots=True)
class WorldFile:
    """What a world file says."""

    title: str
    companies: tuple[SimulatedCompany, ...]
    #: Whether the names of real services (`shared_names.toml`) exist in this world too.
    has_shared_names: bool

    def world(self) -> World:
        """Return the world that serves these companies."""
        records: dict[str, Mapping[str, tuple[str, ...]]] = {}
        for company in self.companies:
            records.update(company.records)
        return World.from_records(
            records,
            domains=[company.domain for company in self.companies],
            behaviours={name: one for company in self.companies for name, one in company.behaviours.items()},
            lying_ent=[company.domain for company in self.companies if company.lying_ent],
            beyond=shared_world() if self.has_shared_names else None,
        )


def read_world_file(path: str | Path) -> WorldFile:
    """Read a world file. Raises `WorldFileError`."""
    try:
        text = Path(path).read_text(encoding="utf-8")
    except OSError as error:
        raise WorldFileError(str(path), "", error.strerror or str(error)) from error
    except UnicodeDecodeError as error:
        raise WorldFileError(str(path), "", "is not a text in UTF-8") from error
    return parse_world(text, str(path))


def parse_world(text: str, file: str) -> WorldFile:
    """Read the text of a world file; `file` is its name in errors. Raises `WorldFileError`."""
    try:
        content = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise WorldFileError(file, "", f"is not TOML: {error}") from error
    _refuse_strangers(content, _TOP_FIELDS, file, "")
    settings = content.get("world", {})
    if not isinstance(settings, dict):
        raise WorldFileError(file, "world", "must be a table")
    _refuse_strangers(settings, _WORLD_FIELDS, file, "world: ")
    has_shared_names = settings.get("shared_names", True)
    if not isinstance(has_shared_names, bool):
        raise WorldFileError(file, "world: shared_names", "must be true or false")
    return WorldFile(str(settings.get("title", file)), _companies(content.get("company", []), file), has_shared_names)


def _refuse_strangers(table: Mapping[str, Any], known: frozenset[str], file: str, place: str) -> None:
    unknown = sorted(set(table) - known)
    if unknown:
        raise WorldFileError(file, f"{place}{unknown[0]}", "there is no such field")


def _companies(entries: Any, file: str) -> tuple[SimulatedCompany, ...]:
    if not isinstance(entries, list) or not entries or not all(isinstance(entry, dict) for entry in entries):
        raise WorldFileError(file, "", "holds no company; each one is a table [[company]]")
    companies: list[SimulatedCompany] = []
    owners: dict[str, str] = {}
    for number, entry in enumerate(entries, start=1):
        place = f"company {number} ({entry.get('name', 'without a name')})"
        try:
            company = company_from_entry(entry)
        except FieldError as error:
            raise WorldFileError(file, f"{place}: {error.field}", error.problem) from error
        for owner in company.records:
            if owners.setdefault(owner.lower(), place) != place:
                raise WorldFileError(file, place, f"{owner} belongs to {owners[owner.lower()]} already")
        _check_records(company, file, place)
        companies.append(company)
    if len({company.domain for company in companies}) != len(companies):
        raise WorldFileError(file, "", "two companies have the same domain")
    return tuple(companies)


def _check_records(company: SimulatedCompany, file: str, place: str) -> None:
    """Encode everything once, so that a mistake is reported where it stands and not when it is asked for."""
    for owner, types in company.records.items():
        for rdtype, texts in types.items():
            try:
                name_to_wire(owner)
                for text in texts:
                    encode(type_number(rdtype), text)
            except InvalidRecord as error:
                raise WorldFileError(file, f"{place}: {owner} {rdtype}", str(error)) from error
