"""What a row says of a company, in the form in which companies are handed in."""

from hunter.core.company_marks import CompanyOrigin
from hunter.core.new_company import NewCompany
from hunter.core.provider.tenant_size import SizeRules
from hunter.services.lists.candidates import Candidate


def company_of(
    one: Candidate, list_id: int | None, sizes: SizeRules, origin: CompanyOrigin = CompanyOrigin.LIST
) -> NewCompany:
    """Return what a row says of a company, with the list by which it came."""
    return NewCompany(
        domain=one.domain,
        name=one.company_name or None,
        origin=origin,
        country=one.country,
        city=one.city,
        seat_count=one.employees,
        tenant_size=None if one.employees is None else sizes.size_of(one.employees),
        marks=frozenset(one.marks),
        list_id=list_id,
        row_number=one.row,
    )
