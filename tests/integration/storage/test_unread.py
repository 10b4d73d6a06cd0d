"""What a lead without score lacks is named from its signals, in the words of the assessment."""

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from hunter.core.evidence import MailEvidence
from hunter.core.signals import NOT_ASKED
from hunter.storage.unit_of_work import UnitOfWork
from tests.support.assessed import intake, save, scan
from tests.support.builders import ABSENT, UNKNOWN, mail_evidence

DOMAIN = "firma.example"


@pytest.mark.parametrize(
    "mail",
    [
        mail_evidence(mx=UNKNOWN),
        mail_evidence(mx=UNKNOWN, autodiscover_cname=UNKNOWN, autodiscover_srv=ABSENT, ns=UNKNOWN),
        mail_evidence(mx=UNKNOWN, autodiscover_cname=NOT_ASKED, autodiscover_srv=NOT_ASKED, ns=NOT_ASKED),
        MailEvidence(mx=UNKNOWN),
    ],
)
async def test_a_lead_without_score_names_what_could_not_be_read(engine: AsyncEngine, mail: MailEvidence) -> None:
    await intake(engine, DOMAIN)
    one = scan(mail=mail)
    await save(engine, one)
    async with UnitOfWork(engine) as unit:
        lead = await unit.leads.get(DOMAIN)
    assert one.assessment.score is None
    assert lead.signals_unknown == one.assessment.signals_unknown
    assert "mx" in lead.signals_unknown
