"""What a look leaves of a domain: every group that it could not read stays, and nothing else does."""

from datetime import date, timedelta
from typing import Any

import pytest

from hunter.core.changes import ChangeKind
from hunter.core.evidence import Evidence, MicrosoftEvidence, Tenant
from hunter.core.lead_record import CompanyRecord, LeadRecord, changes_of, keeps_score, record_of
from hunter.core.signals import Absent, Found, Unknown
from tests.support.assessed import GOOGLE, MICROSOFT, judged
from tests.support.builders import ABSENT, COLLECTED_AT, UNKNOWN, evidence, mail_evidence, spf_policy

DOMAIN = "firma.example"
NEW = LeadRecord(domain=DOMAIN, company=CompanyRecord())
LATER = COLLECTED_AT + timedelta(days=1)
BEHIND_GATEWAY = ["mx0a-001.pphosted.com"]


def after(before: LeadRecord, seen: Evidence) -> LeadRecord:
    """The record after a look."""
    one = judged(seen)
    return record_of(before, one.evidence, one.assessment, one.reason)


def look(expires_at: Any = date(2027, 1, 1), **mail: Any) -> Evidence:
    """A later look at the domain, with Google's hosts unless others are given."""
    return evidence(mail_evidence(**{"mx": GOOGLE, **mail}), domain=DOMAIN, collected_at=LATER, expires_at=expires_at)


KNOWN = after(NEW, look(spf=spf_policy("_spf.google.com")))


def test_a_first_look_is_taken_as_it_is() -> None:
    assert (KNOWN.company, KNOWN.mail_hosts.mx_root) == (CompanyRecord("Google", "medium", "mx_pattern"), "google.com")
    assert KNOWN.mail_hosts.hosts == GOOGLE
    assert KNOWN.score is not None
    assert changes_of(NEW, look(), judged(look()).assessment) == ()


def test_where_mx_could_not_be_read_hosts_provider_and_score_stay() -> None:
    failed = after(KNOWN, look(mx=UNKNOWN))
    assert (failed.company, failed.mail_hosts, failed.provider, failed.score) == (
        KNOWN.company,
        KNOWN.mail_hosts,
        KNOWN.provider,
        KNOWN.score,
    )
    assert (failed.scan_status, failed.state_of("mx")) == ("dns_timeout", "unknown")
    assert failed.unscored_reason == "Sebep: mx_unknown"


def test_where_mx_could_not_be_read_on_a_first_look_there_is_no_score() -> None:
    failed = after(NEW, look(mx=UNKNOWN))
    assert (failed.score, failed.company.provider, failed.mail_hosts.mx_root) == (None, "Unknown", None)


def test_a_policy_that_could_not_be_read_is_unknown_and_judged_so() -> None:
    failed = after(KNOWN, look(spf=UNKNOWN))
    assert failed.policies.spf is None
    assert failed.score is not None
    assert failed.score.signals_unknown == ("spf",)


def test_a_provider_that_a_filter_hides_stays_while_the_traces_could_not_be_read() -> None:
    hidden = after(KNOWN, look(mx=BEHIND_GATEWAY, autodiscover_cname=UNKNOWN))
    assert (hidden.company.provider, hidden.provider, hidden.score) == ("Google", KNOWN.provider, KNOWN.score)
    assert hidden.mail_hosts.gateway == "proofpoint"


def test_a_provider_that_a_filter_hides_goes_where_the_traces_were_answered() -> None:
    assert after(KNOWN, look(mx=BEHIND_GATEWAY)).company.provider == "Unknown"


def test_mail_that_is_gone_takes_everything_along() -> None:
    gone = after(KNOWN, look(mx=ABSENT))
    assert (gone.company.provider, gone.mail_hosts.mx_root, gone.mail_hosts.hosts) == ("Unknown", None, None)


@pytest.mark.parametrize(
    ("seen", "stands", "status"),
    [
        (Unknown("timeout"), date(2027, 1, 1), "failed"),
        (Unknown("not_asked"), date(2027, 1, 1), "success"),
        (Absent("not_registered"), None, "success"),
        (Found(date(2028, 1, 1)), date(2028, 1, 1), "success"),
    ],
)
def test_an_expiry_goes_only_where_the_registry_says_so(seen: Any, stands: date | None, status: str) -> None:
    registration = after(KNOWN, look(seen)).registration
    assert (registration.expires_at, registration.status) == (stands, status)


@pytest.mark.parametrize("seen", [Unknown("timeout"), Unknown("not_asked")])
def test_a_tenant_stays_where_microsoft_did_not_tell(seen: Unknown) -> None:
    tenant = Tenant("00000000-0000-0000-0000-000000000001", "EU")
    known = after(KNOWN, _with_tenant(Found(tenant)))
    assert after(known, _with_tenant(seen)).tenant == tenant
    assert after(known, _with_tenant(Absent("no_tenant"))).tenant is None


def test_an_estimate_of_the_size_beats_no_better_source() -> None:
    imported = LeadRecord(domain=DOMAIN, company=CompanyRecord(None, "large", "import"))
    assert after(imported, look(mx=MICROSOFT)).company == CompanyRecord("M365", "large", "import")
    estimated = after(NEW, look(mx=MICROSOFT))
    assert estimated.company.size_source == "mx_pattern"
    assert after(estimated, look(mx=UNKNOWN)).company == estimated.company
    assert after(estimated, look(mx=["mail.firma.example"])).company.tenant_size is None


def test_a_look_that_could_not_judge_changes_nothing_that_is_judged() -> None:
    hidden = judged(look(mx=BEHIND_GATEWAY, autodiscover_cname=UNKNOWN))
    assert keeps_score(KNOWN, hidden.assessment)
    kinds = {change.kind for change in changes_of(KNOWN, hidden.evidence, hidden.assessment)}
    assert kinds == {ChangeKind.SPF, ChangeKind.MX, ChangeKind.GATEWAY}


def _with_tenant(tenant: Any) -> Evidence:
    seen = look()
    return Evidence(seen.domain, seen.collected_at, seen.mail, seen.registration, MicrosoftEvidence(tenant))
