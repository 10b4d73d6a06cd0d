"""NewCompany: what a door hands in about a company, before anything of it is known."""

from dataclasses import dataclass

from hunter.core.company_marks import CompanyOrigin, ExclusionMark
from hunter.core.names.company_name import NameSource


@dataclass(frozen=True, slots=True, kw_only=True)
class NewCompany:
    """What is handed in about a company; `domain` is canonical."""

    domain: str
    name: str | None = None
    name_source: NameSource = NameSource.LIST
    #: By which door it comes.
    origin: CompanyOrigin = CompanyOrigin.DOMAIN
    #: ISO 3166-1, two letters, as a list gives it.
    country: str | None = None
    city: str | None = None
    #: Employees or users, 1 to 1,000,000, as a list gives them.
    seat_count: int | None = None
    #: The word for that number, by the rulebook.
    tenant_size: str | None = None
    #: Marks that are set along with it; none is taken away.
    marks: frozenset[ExclusionMark] = frozenset()
    #: The list that it came with, as `Lists.open_list` gave it, and the row as Excel counts it.
    list_id: int | None = None
    row_number: int | None = None
