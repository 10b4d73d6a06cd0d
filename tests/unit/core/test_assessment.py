"""The door of the core: real evidence in, a whole assessment out."""

import copy
from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest

from hunter.core.assessment import Assessment, assess, judge, signals_unknown
from hunter.core.evidence import AddressFacts, Evidence, MailEvidence, NetworkEvidence
from hunter.core.provider.providers import Provider
from hunter.core.signals import NOT_ASKED, Absent, Found, Signal, Unknown
from tests.support.builders import (
    ABSENT,
    UNKNOWN,
    dkim_key,
    dmarc_policy,
    evidence,
    mail_evidence,
    spf_policy,
)
from tests.support.rulebooks import shipped_rulebook

AS_OF = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
M365 = mail_evidence(
    mx=("firma-example.mail.protection.outlook.com",),
    spf=spf_policy("spf.protection.outlook.com"),
    dkim=(dkim_key(),),
    dmarc=dmarc_policy("quarantine"),
    autodiscover_cname="autodiscover.outlook.com",
)


def assessed(mail: MailEvidence | None = None, **given: date) -> Assessment:
    return assess(evidence(mail, expires_at=given.get("expires_at", NOT_ASKED)), shipped_rulebook(), AS_OF)


def params(assessment: Assessment) -> dict[str, str | int]:
    return dict(assessment.reason_params)


def test_a_company_on_microsoft_365_is_judged_end_to_end() -> None:
    verdict = assessed(M365)

    assert (verdict.scan_status, verdict.mx_root) == ("completed", "outlook.com")
    assert verdict.classification.provider is Provider.M365
    assert verdict.score is not None
    assert (verdict.score.points, verdict.segment, verdict.priority) == (85, "Existing", 3)
    assert verdict.commercial is not None
    assert verdict.commercial.priority_category == "P4"
    assert (verdict.reason_code, verdict.segment_rule) == ("existing", "existing")
    assert verdict.rulebook_version == shipped_rulebook().version


def test_an_assessment_agrees_with_its_verdict_after_classification() -> None:
    verdict = judge(Provider.M365, M365, shipped_rulebook())

    assert assessed(M365).score == verdict.score


def test_unknown_mx_leaves_score_and_all_that_follows_open() -> None:
    verdict = assessed(mail_evidence(mx=UNKNOWN, spf=spf_policy("spf.protection.outlook.com")))

    assert verdict.scan_status == "dns_timeout"
    assert (verdict.score, verdict.segment, verdict.priority, verdict.commercial) == (None, None, None, None)
    assert (verdict.mx_root, verdict.tenant_size) == (None, None)
    assert verdict.reason_code == "mx_unknown"
    assert (params(verdict)["mx"], params(verdict)["unknown"]) == ("timeout", "mx")


@pytest.mark.parametrize("reason", ["nodata", "nxdomain", "null_mx"])
def test_no_mail_is_a_hard_fail_that_says_how_it_was_seen(reason: str) -> None:
    verdict = assessed(mail_evidence(mx=Absent(reason)))

    assert verdict.scan_status == "completed"
    assert verdict.score is not None
    assert (verdict.score.points, verdict.score.hard_fail, verdict.segment) == (0, "mx_missing", "Skip")
    assert params(verdict)["mx"] == reason


@pytest.mark.parametrize("name", ["firma", "fir ma.example", "192.0.2.1", "-"])
def test_a_name_that_is_no_domain_is_a_hard_fail_of_its_own(name: str) -> None:
    verdict = assess(evidence(MailEvidence(), domain=name), shipped_rulebook(), AS_OF)

    assert verdict.scan_status == "invalid_domain"
    assert verdict.score is not None
    assert (verdict.score.points, verdict.score.hard_fail, verdict.segment) == (0, "invalid_domain", "Skip")
    assert params(verdict)["domain"] == name


def test_a_gateway_is_named_in_the_reason_with_why_nobody_is_seen_behind_it() -> None:
    verdict = assessed(mail_evidence(mx=("eu-smtp-inbound-1.mimecast.com",)))

    assert verdict.classification.provider is Provider.UNKNOWN
    assert params(verdict)["gateway"] == verdict.classification.gateway
    assert params(verdict)["provider_reason"] == "behind_gateway"


def test_a_turkish_host_is_named_in_the_reason() -> None:
    verdict = assessed(mail_evidence(mx=("mail.natrohost.com",)))

    assert (params(verdict)["provider"], params(verdict)["brand"]) == ("Local", "Natro")


def test_facts_that_do_not_apply_are_left_out_of_the_reason() -> None:
    assert params(assessed(M365)).keys() == {"provider", "score", "facts"}


@pytest.mark.parametrize(
    ("mail", "names"),
    [
        (mail_evidence(), ()),
        (mail_evidence(mx=UNKNOWN), ("mx",)),
        (mail_evidence(spf=UNKNOWN, dkim=UNKNOWN, dmarc=UNKNOWN), ("spf", "dkim", "dmarc")),
        (mail_evidence(autodiscover_srv=UNKNOWN, ns=UNKNOWN), ("autodiscover", "ns")),
        (mail_evidence(autodiscover_cname="autodiscover.outlook.com", autodiscover_srv=UNKNOWN), ()),
        (mail_evidence(dkim_targets=UNKNOWN), ("dkim",)),
        (mail_evidence(dkim=(dkim_key(),), dkim_targets=UNKNOWN), ()),
        (mail_evidence(verifications=UNKNOWN), ()),
        (MailEvidence(), ("mx", "spf", "dkim", "dmarc")),
    ],
)
def test_what_could_not_be_read_is_named_once_and_in_order(mail: MailEvidence, names: tuple[str, ...]) -> None:
    assert signals_unknown(mail) == names


def test_a_company_whose_tenant_nobody_asked_for_has_no_unknown() -> None:
    assert assessed(M365).signals_unknown == ()


def test_days_until_the_expiry_are_counted_from_the_day_in_the_zone_of_as_of() -> None:
    late = datetime(2026, 3, 1, 22, 30, tzinfo=UTC)
    ends = evidence(expires_at=date(2026, 3, 31))

    in_utc = assess(ends, shipped_rulebook(), late)
    in_istanbul = assess(ends, shipped_rulebook(), late.astimezone(ZoneInfo("Europe/Istanbul")))

    assert "expire-soon" not in in_utc.tags
    assert "expire-soon" in in_istanbul.tags
    assert in_utc.as_of == in_istanbul.as_of


def test_tags_of_both_kinds_are_handed_out_sorted() -> None:
    assert assessed(mail_evidence(), expires_at=date(2026, 3, 2)).tags == ("expire-soon", "local-mx", "security-risk")


def test_the_time_of_an_assessment_is_kept_in_utc() -> None:
    zone = timezone(timedelta(hours=3))
    verdict = assess(evidence(), shipped_rulebook(), AS_OF.astimezone(zone))

    assert (verdict.as_of, verdict.as_of.tzinfo) == (AS_OF, UTC)


def test_a_time_without_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="aware"):
        assess(evidence(), shipped_rulebook(), AS_OF.replace(tzinfo=None))


def test_the_same_evidence_is_judged_alike_for_ever() -> None:
    seen: Evidence = evidence(M365)

    assert assess(seen, shipped_rulebook(), AS_OF) == assess(copy.deepcopy(seen), shipped_rulebook(), AS_OF)


def test_an_unknown_signal_is_never_told_as_absent() -> None:
    verdict = assessed(mail_evidence(spf=Unknown("servfail"), dkim=Unknown("timeout"), dmarc=ABSENT))

    assert verdict.score is not None
    assert [line.code for line in verdict.score.contributions] == ["base", "provider"]
    assert params(verdict)["facts"] == "no_dmarc"
    assert params(verdict)["unknown"] == "spf,dkim"


@pytest.mark.parametrize("expiry", [NOT_ASKED, UNKNOWN, ABSENT])
def test_days_to_an_expiry_that_nobody_knows_are_no_number(expiry: Signal[date]) -> None:
    assert assess(evidence(expires_at=expiry), shipped_rulebook(), AS_OF).expires_in_days is None


def test_days_to_the_expiry_are_counted_in_the_zone_of_the_clock() -> None:
    ends = evidence(expires_at=date(2026, 3, 10))
    late = datetime(2026, 3, 2, 22, 30, tzinfo=UTC)

    assert assess(ends, shipped_rulebook(), late).expires_in_days == 8
    assert assess(ends, shipped_rulebook(), late.astimezone(ZoneInfo("Europe/Istanbul"))).expires_in_days == 7


def test_the_network_of_an_own_mail_host_sharpens_the_provider() -> None:
    abroad = AddressFacts("192.0.2.7", country="DE", usage_type="DCH", isp="Nord Rechenzentrum")

    verdict = assess(evidence(network=NetworkEvidence(mx=Found(abroad))), shipped_rulebook(), AS_OF)

    assert (assessed().classification.provider, verdict.classification.provider) == (Provider.LOCAL, Provider.HOSTING)
    assert verdict.score == judge(Provider.HOSTING, mail_evidence(), shipped_rulebook()).score
