"""What a tenant, or its absence, may do to the verdict: the rows of the specification that speak of it, one by one."""

from dataclasses import replace

import pytest
from hypothesis import given

from hunter.core.evidence import Evidence, MailEvidence, MicrosoftEvidence, Tenant
from hunter.core.provider.classification import Classification, classify
from hunter.core.provider.providers import Confidence, M365State, Provider
from hunter.core.signals import NOT_ASKED, Absent, Found, Signal, Unknown
from tests.support.builders import UNKNOWN, evidence, mail_evidence, spf_policy
from tests.support.evidence_strategies import evidences
from tests.support.rulebooks import shipped_rulebook

SIGNATURES = shipped_rulebook().signatures
TENANT: Signal[Tenant] = Found(Tenant("0b5f4c1e-1111-4222-8333-944445555666", "EU"))
NO_TENANT: Signal[Tenant] = Absent("no_tenant")
FAILED: Signal[Tenant] = Unknown("timeout")

OUTLOOK_MX = "firma-example.mail.protection.outlook.com"
OUTLOOK_SPF = spf_policy("spf.protection.outlook.com")
OUTLOOK_DKIM = (("selector1", "selector1-firma-example._domainkey.firma.onmicrosoft.com"),)
GATEWAY_MX = ("eu-smtp-inbound-1.mimecast.com",)

EXCHANGE = mail_evidence(mx=(OUTLOOK_MX,), spf=OUTLOOK_SPF)
OWN = mail_evidence(mx=("mail.firma.example",))
OWN_WITH_TOKEN = mail_evidence(mx=("mail.firma.example",), verifications=("microsoft",))
OWN_WITH_BOTH = mail_evidence(autodiscover_cname="autodiscover.outlook.com", dkim_targets=OUTLOOK_DKIM)
OWN_WITH_DKIM = mail_evidence(dkim_targets=OUTLOOK_DKIM)
OWN_WITH_AUTODISCOVER = mail_evidence(autodiscover_cname="autodiscover.outlook.com")
GOOGLE = mail_evidence(mx=("aspmx.l.google.com",), spf=spf_policy("_spf.google.com"))
TURKISH = mail_evidence(mx=("mx-in01.natrohost.com",))
LEFT_OVER = mail_evidence(mx=("mx-in01.natrohost.com",), spf=OUTLOOK_SPF)
BEHIND = mail_evidence(mx=GATEWAY_MX)
BEHIND_WITH_TOKEN = mail_evidence(mx=GATEWAY_MX, verifications=("microsoft",))
BEHIND_WITH_SPF = mail_evidence(mx=GATEWAY_MX, spf=OUTLOOK_SPF)
BEHIND_WITH_DKIM = mail_evidence(mx=GATEWAY_MX, dkim_targets=OUTLOOK_DKIM)
BEHIND_OPEN = mail_evidence(mx=GATEWAY_MX, autodiscover_cname=UNKNOWN, autodiscover_srv=UNKNOWN)
FORWARDED = mail_evidence(mx=("mx1.improvmx.com",))
NO_MAIL = mail_evidence(mx=Absent("null_mx"))
MX_UNKNOWN = mail_evidence(mx=UNKNOWN)
WORLDS = {
    "exchange": EXCHANGE,
    "own": OWN,
    "own, token": OWN_WITH_TOKEN,
    "google": GOOGLE,
    "turkish": TURKISH,
    "left-over spf": LEFT_OVER,
    "behind": BEHIND,
    "behind, token": BEHIND_WITH_TOKEN,
    "behind, spf": BEHIND_WITH_SPF,
    "behind, dkim": BEHIND_WITH_DKIM,
    "forwarded": FORWARDED,
    "no mail": NO_MAIL,
    "mx unknown": MX_UNKNOWN,
}


def verdict(mail: MailEvidence, tenant: Signal[Tenant] = NOT_ASKED) -> Classification:
    return classify(evidence(mail, tenant=tenant), SIGNATURES)


def with_tenant(seen: Evidence, tenant: Signal[Tenant]) -> Evidence:
    return replace(seen, microsoft=MicrosoftEvidence(tenant))


@pytest.mark.parametrize("mail", WORLDS.values(), ids=WORLDS)
def test_a_tenant_alone_changes_no_provider_no_state_and_no_answer_to_the_good(mail: MailEvidence) -> None:
    before, after = verdict(mail), verdict(mail, TENANT)

    assert after.provider == before.provider
    assert after.confidence == before.confidence
    assert after.m365.state == before.m365.state


@given(evidences())
def test_whatever_else_is_seen_a_tenant_never_makes_microsoft_365(seen: Evidence) -> None:
    before = classify(with_tenant(seen, NOT_ASKED), SIGNATURES)
    after = classify(with_tenant(seen, TENANT), SIGNATURES)

    assert (after.provider, after.m365.state) == (before.provider, before.m365.state)


@given(evidences())
def test_a_lookup_that_failed_says_as_much_as_one_that_was_never_made(seen: Evidence) -> None:
    assert classify(with_tenant(seen, FAILED), SIGNATURES) == classify(with_tenant(seen, NOT_ASKED), SIGNATURES)


@pytest.mark.parametrize(
    ("mail", "reason"),
    [(OWN, "tenant_only"), (TURKISH, "tenant_only"), (GOOGLE, "tenant_only"), (OWN_WITH_TOKEN, "tenant_only")],
)
def test_tenant_only_is_no_with_the_tenant_named(mail: MailEvidence, reason: str) -> None:
    answer = verdict(mail, TENANT).m365

    assert (answer.state, answer.confidence) == (M365State.NO, Confidence.MEDIUM)
    assert answer.reasons[0] == "mail_elsewhere"
    assert reason in answer.reasons


def test_a_second_trace_beside_the_tenant_is_told_apart_from_a_tenant_alone() -> None:
    assert "tenant_found" in verdict(LEFT_OVER, TENANT).m365.reasons
    assert "tenant_only" not in verdict(LEFT_OVER, TENANT).m365.reasons


def test_mail_plainly_at_a_hosting_company_is_surely_no_until_a_tenant_makes_it_less_sure() -> None:
    assert verdict(TURKISH).m365.confidence is Confidence.HIGH
    assert verdict(TURKISH, NO_TENANT).m365.confidence is Confidence.HIGH
    assert verdict(TURKISH, TENANT).m365.confidence is Confidence.MEDIUM


@pytest.mark.parametrize("mail", [BEHIND, BEHIND_WITH_TOKEN])
@pytest.mark.parametrize("tenant", [TENANT, FAILED, NOT_ASKED])
def test_behind_a_gateway_a_tenant_or_a_token_alone_leaves_it_unknown(
    mail: MailEvidence, tenant: Signal[Tenant]
) -> None:
    seen = verdict(mail, tenant)

    assert (seen.provider, seen.reason, seen.gateway) == (Provider.UNKNOWN, "behind_gateway", "mimecast")
    assert (seen.m365.state, seen.m365.confidence) == (M365State.UNKNOWN, Confidence.LOW)
    assert seen.m365.reasons[0] == "gateway_only"


def test_behind_a_gateway_no_tenant_is_a_no_of_medium_confidence() -> None:
    seen = verdict(BEHIND, NO_TENANT)

    assert (seen.m365.state, seen.m365.confidence) == (M365State.NO, Confidence.MEDIUM)
    assert "tenant_absent" in seen.m365.reasons
    assert (seen.provider, seen.gateway) == (Provider.UNKNOWN, "mimecast")


def test_behind_a_gateway_a_failed_autodiscover_comes_before_no_tenant() -> None:
    assert verdict(BEHIND_OPEN, NO_TENANT).m365.state is M365State.UNKNOWN


@pytest.mark.parametrize("tenant", [TENANT, FAILED, NOT_ASKED])
def test_an_spf_of_exchange_online_behind_a_gateway_is_likely(tenant: Signal[Tenant]) -> None:
    answer = verdict(BEHIND_WITH_SPF, tenant).m365

    assert (answer.state, answer.confidence) == (M365State.LIKELY, Confidence.LOW)


def test_an_spf_of_exchange_online_behind_a_gateway_is_no_longer_likely_without_a_tenant() -> None:
    answer = verdict(BEHIND_WITH_SPF, NO_TENANT).m365

    assert (answer.state, answer.confidence) == (M365State.NO, Confidence.MEDIUM)
    assert "tenant_absent" in answer.reasons


def test_no_tenant_never_overrules_an_mx_at_exchange_online_and_lowers_its_confidence() -> None:
    assert verdict(EXCHANGE).confidence is Confidence.HIGH
    seen = verdict(EXCHANGE, NO_TENANT)

    assert (seen.provider, seen.confidence) == (Provider.M365, Confidence.MEDIUM)
    assert (seen.m365.state, seen.m365.confidence) == (M365State.YES, Confidence.MEDIUM)
    assert "tenant_absent" in seen.m365.reasons


@pytest.mark.parametrize(
    ("mail", "state"),
    [
        (OWN_WITH_BOTH, M365State.YES),
        (OWN_WITH_DKIM, M365State.LIKELY),
        (OWN_WITH_AUTODISCOVER, M365State.LIKELY),
        (BEHIND_WITH_DKIM, M365State.LIKELY),
    ],
)
def test_no_tenant_never_overrules_a_strong_trace_and_lowers_its_confidence(
    mail: MailEvidence, state: M365State
) -> None:
    before, after = verdict(mail), verdict(mail, NO_TENANT)

    assert (before.provider, before.m365.state) == (Provider.M365, state)
    assert (after.provider, after.m365.state) == (Provider.M365, state)
    assert after.confidence is Confidence.LOW
    assert after.m365.confidence is Confidence.LOW


@pytest.mark.parametrize("tenant", [TENANT, NO_TENANT, FAILED])
def test_no_mail_and_an_unknown_mx_stay_what_they_are(tenant: Signal[Tenant]) -> None:
    no_mail, mx_unknown = verdict(NO_MAIL, tenant).m365, verdict(MX_UNKNOWN, tenant).m365

    assert (no_mail.state, no_mail.confidence, no_mail.reasons[0]) == (M365State.NO, Confidence.HIGH, "no_mail")
    assert (mx_unknown.state, mx_unknown.reasons[0]) == (M365State.UNKNOWN, "mx_unknown")


@pytest.mark.parametrize("tenant", [TENANT, NO_TENANT, FAILED, NOT_ASKED])
def test_a_forwarder_stays_unknown_whatever_the_tenant_says(tenant: Signal[Tenant]) -> None:
    seen = verdict(FORWARDED, tenant)

    assert (seen.provider, seen.reason) == (Provider.UNKNOWN, "forwarding")
    assert seen.m365.state is M365State.UNKNOWN


def test_a_found_tenant_is_named_among_the_facts_by_its_id() -> None:
    facts = [(fact.source, fact.value, fact.points_to) for fact in verdict(OWN, TENANT).evidence]

    assert ("tenant", "0b5f4c1e-1111-4222-8333-944445555666", "M365") in facts
