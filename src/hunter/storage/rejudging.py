"""Reading stored evidence beside what was judged of it, page by page, for judging it again."""

import json
from dataclasses import dataclass
from typing import Final, NamedTuple

from sqlalchemy.ext.asyncio import AsyncConnection

from hunter.core.assessment import Assessment
from hunter.core.evidence import Evidence
from hunter.core.snapshot.document import evidence_from_json
from hunter.storage.statements import fetch_rows

#: The newest evidence of each domain; as text, because decoding is ours to do.
_PAGE: Final = """
select e.evidence, c.provider, s.gateway, s.provider_confidence, s.m365_state, s.m365_reason, s.mail_service,
    s.local_provider, l.readiness_score, l.segment, l.priority_score, l.priority_category, l.reason_code,
    l.reason_params::text as reason_params, l.rulebook_version, l.annual_low_eur, l.annual_high_eur
from (
    select distinct domain from evidence where domain > %(after)s order by domain limit %(limit)s
) page
cross join lateral (
    select evidence::text as evidence from evidence where domain = page.domain
    order by collected_at desc, id desc limit 1
) e
join companies c on c.domain = page.domain
left join domain_signals s on s.domain = page.domain
left join lead_scores l on l.domain = page.domain
order by page.domain
"""


class Judgement(NamedTuple):
    """All of a judgement that is stored and can come out otherwise."""

    provider: str | None
    gateway: str | None
    provider_confidence: str | None
    m365_state: str | None
    m365_reason: str | None
    mail_service: str | None
    local_provider: str | None
    readiness_score: int | None
    segment: str | None
    priority_score: int | None
    priority_category: str | None
    reason_code: str | None
    reason_params: str | None
    rulebook_version: str | None


@dataclass(frozen=True, slots=True)
class StoredJudgement:
    """Evidence with what was judged of it."""

    evidence: Evidence
    judgement: Judgement
    annual_low_eur: int | None
    annual_high_eur: int | None


def judgement_of(assessment: Assessment) -> Judgement:
    """Return what would be stored of an assessment."""
    found = assessment.classification
    return Judgement(
        found.provider.value,
        found.gateway,
        found.confidence.value,
        found.m365.state.value,
        ",".join(found.m365.reasons),
        found.mail_service,
        found.local_provider,
        assessment.score.points if assessment.score is not None else None,
        assessment.segment.value if assessment.segment is not None else None,
        assessment.priority,
        assessment.commercial.priority_category.value if assessment.commercial is not None else None,
        assessment.reason_code,
        json.dumps(assessment.reason_params, ensure_ascii=False),
        assessment.rulebook_version,
    )


async def read_judgements(connection: AsyncConnection, *, after: str, limit: int) -> list[StoredJudgement]:
    """Return the domains behind `after`, in order, with their newest evidence; those without any are passed over."""
    found = await fetch_rows(connection, _PAGE, {"after": after, "limit": limit})
    return [
        StoredJudgement(evidence_from_json(json.loads(row[0])), Judgement(*row[1:15]), row[15], row[16])
        for row in found
    ]
