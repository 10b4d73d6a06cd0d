"""NewCompany: what a door hands in about a company, before anything of it is known."""

from dataclasses import dataclass

from hunter.core.company_name import NameSource


@dataclass(frozen=True, slots=True, kw_only=True)
class NewCompany:
    """What is handed in about a company; `domain` is canonical."""

    domain: str
    name: str | None = None
    name_source: NameSource = NameSource.LIST
    #: ISO 3166-1, two letters.
    country: str | None = None
