"""Mark a company: a customer of our own, one that asked to be left in peace, an invented one. The log keeps a hash."""

from collections.abc import Mapping

from hunter.core.company_marks import ExclusionMark
from hunter.observability.logs import logger_of
from hunter.services.application import Application


async def mark_company(
    hunter: Application, domain: str, marks: Mapping[ExclusionMark, bool]
) -> frozenset[ExclusionMark]:
    """Set and take away marks; returns all that the company has then.

    A name that is no company can be refused from now on, and let in again. Raises `NotIngested` for anything else.
    """
    async with hunter.writes() as unit:
        kept = await unit.companies.mark(domain, marks)
    logger_of("companies").info("company_marked", domain_reference=domain, value=" ".join(sorted(kept)))
    return kept
