"""No rule is loaded in vain, and points are shown with the rules that gave them.

Whatever stands in the rulebook is read by a door of the product. That a value within such a part matters is what the
mutations of `tests/contract/test_rule_mutations.py` prove.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any, Final

from hunter.core.evidence import AddressFacts, Evidence, NetworkEvidence
from hunter.core.provider.selectors import guess_selectors
from hunter.core.rulebook import RULE_FILES, Rulebook
from hunter.core.signals import Found
from hunter.core.survey_request import SurveyRequest
from hunter.core.surveyed import Surveyed, Timing
from hunter.services.application import Application
from hunter.services.scan.context import Surveys
from tests.support.api_application import StandingWorld, open_application
from tests.support.api_server import RunningAPI, running_api
from tests.support.builders import ABSENT, dkim_key, dmarc_policy, evidence, mail_evidence, spf_policy
from tests.support.recorded_rules import every_part, recorded
from tests.support.rulebooks import rebuilt, rule_files, shipped_rulebook

#: Whom the walks below look at: no two of them are judged by the same rules.
WORLD: Final[Mapping[str, Evidence]] = {
    one.domain: one
    for one in (
        evidence(
            mail_evidence(
                mx=["aspmx.l.google.com"],
                spf=spf_policy("_spf.google.com"),
                dkim=[dkim_key("mail")],
                dmarc=dmarc_policy(is_testing=True),
                dkim_targets=[("selector1", "selector1-x._domainkey.x.onmicrosoft.com")],
                autodiscover_cname="autodiscover.outlook.com",
                verifications=["microsoft"],
            ),
            domain="bulut.example",
            expires_at=date(2026, 3, 20),
        ),
        evidence(mail_evidence(mx=ABSENT), domain="postasiz.example"),
        replace(
            evidence(mail_evidence(mx=["mail.yurtdisi.example"]), domain="yurtdisi.example"),
            network=NetworkEvidence(mx=Found(AddressFacts("192.0.2.7", country="DE", usage_type="DCH"))),
        ),
        replace(
            evidence(mail_evidence(mx=["mail.kendi.example"]), domain="kendi.example"),
            network=NetworkEvidence(mx=Found(AddressFacts("192.0.2.8", country="TR", asn=1, usage_type="COM"))),
        ),
    )
}
#: Read where DNS is asked, which nobody does here; `tests/unit/collectors/mail/test_inquiry.py` sees them asked.
ASKED_IN_DNS: Final = {"Signatures.selectors"}
#: Written into the version of the rulebook, and read there.
PARTS_OF_THE_VERSION: Final = {"Signatures.version", "NetworkRules.version"}


class RecordedWorld(StandingWorld):
    """Stands for the network: of each domain of `WORLD` it finds what stands there."""

    async def one(self, request: SurveyRequest) -> Surveyed:
        """Look at a domain."""
        return Surveyed(WORLD[request.domain], 0.0, Timing(0.0))


async def test_every_part_of_the_rulebook_has_a_reader(database_url: str) -> None:
    read: set[str] = set()
    rulebook = recorded(shipped_rulebook(), read)

    async with (
        open_application(database_url) as (hunter, _),
        running_api(judging_by(hunter, rulebook, RecordedWorld())) as api,
    ):
        for domain in WORLD:
            await walk(api, domain)
        await api.client.get("/dashboard/kpis")
        await api.client.patch("/api/v1/leads/bulut.example", json={"seat_count": 120})
    for hosts in (["mx.example"], ["mail.protection.outlook.com"]):
        asked = mail_evidence(mx=hosts)
        guess_selectors(
            rulebook.signatures, asked.mx, spf_texts=(), autodiscover=("autodiscover.outlook.com",), verifications=()
        )

    assert every_part(shipped_rulebook()) - read == ASKED_IN_DNS | PARTS_OF_THE_VERSION


async def test_a_score_of_other_rules_is_shown_with_their_version_and_without_new_points(database_url: str) -> None:
    files: dict[str, Any] = rule_files()
    for name in RULE_FILES:
        files[name]["version"] = "9"
    # The total stays the same, so that nothing but the version tells the two apart.
    files["scoring.json"]["base"], files["scoring.json"]["providers"]["Google"] = 5, 45
    async with open_application(database_url) as (hunter, _):
        async with running_api(hunter) as api:
            await walk(api, "kural.example")
            before = (await api.client.get("/leads/kural.example/score-breakdown")).json()
        async with running_api(judging_by(hunter, rebuilt(files))) as api:
            after = (await api.client.get("/leads/kural.example/score-breakdown")).json()
    points = {"base_score": 0, "signal_points": {}, "risk_points": {}, "provider": {"name": "Google", "points": 0}}
    assert (before["total_score"], before["provider"]["points"]) == (25, 50)
    assert after == {**before, **points, "is_complete": False}


def judging_by(hunter: Application, rulebook: Rulebook, survey: Surveys | None = None) -> Application:
    """Return the application under another rulebook, and over another survey where one is given."""
    return replace(
        hunter,
        leads=replace(hunter.leads, rulebook=rulebook),
        companies=replace(hunter.companies, sizes=rulebook.rules.sizes),
        intake=replace(hunter.intake, names=rulebook),
        scanning=replace(hunter.scanning, rulebook=rulebook, survey=survey or hunter.scanning.survey),
    )


async def walk(api: RunningAPI, domain: str) -> None:
    """Bring a company in, look at it and explain its score."""
    assert (await api.client.post("/api/v1/ingest/domain", json={"domain": domain})).status_code == 201
    assert (await api.client.post("/scan/domain", json={"domain": domain})).status_code == 200
    assert (await api.client.get(f"/leads/{domain}/score-breakdown")).status_code == 200
