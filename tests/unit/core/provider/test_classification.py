"""Who keeps the mailboxes, who stands in front, how sure that is, and by which facts."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hunter.core.evidence import Tenant
from hunter.core.names.public_suffix import shipped_suffixes
from hunter.core.provider.classification import Classification, ProviderFact, classify, mx_root
from hunter.core.provider.providers import Confidence, Provider
from hunter.core.records.mx import MXHost
from hunter.core.signals import Absent, Found, Unknown
from tests.support.builders import ABSENT, UNKNOWN, dkim_key, evidence, mail_evidence, spf_policy
from tests.support.rulebooks import shipped_rulebook

EXCHANGE = "firma-example.mail.protection.outlook.com"
OUTLOOK = "autodiscover.outlook.com"
TENANT_DKIM = [("selector1", "selector1-firma-example._domainkey.firma.onmicrosoft.com")]
NEW_TENANT_DKIM = [("selector2", "selector2-firma-example._domainkey.firma.w-v1.dkim.mail.microsoft")]
MICROSOFT_SPF = spf_policy("spf.protection.outlook.com")
GOOGLE_SPF = spf_policy("_spf.google.com")
BOTH_SPF = spf_policy("spf.protection.outlook.com", "_spf.google.com")
GATEWAY = "mx1.hc123-45.iphmx.com"
OWN = "mail.firma.example"
TENANT = Tenant("5f1c8e0a-0000-4000-8000-000000000001")


def judged(*, tenant: Any = UNKNOWN, **mail: Any) -> Classification:
    """Classify `firma.example` with the mail evidence given; what is not given is absent."""
    return classify(evidence(mail_evidence(**mail), tenant=tenant), shipped_rulebook().signatures)


def verdict(**mail: Any) -> tuple[str, str]:
    """Return provider and confidence as the wire has them."""
    found = judged(**mail)
    return found.provider.value, found.confidence.value


@pytest.mark.parametrize(
    ("host", "provider"),
    [
        (EXCHANGE, "M365"),
        ("firma-example.v-v1.mx.microsoft", "M365"),
        ("aspmx.l.google.com", "Google"),
        ("mx.yandex.net", "Yandex"),
        ("mx.zoho.eu", "Zoho"),
        ("inbound-smtp.eu-west-1.amazonaws.com", "Amazon"),
        ("mx.sendgrid.net", "SendGrid"),
        ("mxa.mailgun.org", "Mailgun"),
        ("mx00.ionos.de", "Hosting"),
        ("mx-in01.natrohost.com", "Local"),
    ],
)
def test_an_mx_that_names_somebody_decides_with_high_confidence(host: str, provider: str) -> None:
    found = judged(mx=[host])

    assert (found.provider.value, found.confidence) == (provider, Confidence.HIGH)
    assert found.reason is None
    assert found.gateway is None


@pytest.mark.parametrize(
    "host",
    [
        "ec2-3-120-0-1.eu-central-1.compute.amazonaws.com",
        "mail-1.elb.eu-west-1.amazonaws.com",
        "ghs.google.com",
        "outlook.com.evil.example",
        "notiphmx.com",
    ],
)
def test_a_name_that_only_looks_like_a_known_one_is_an_unknown_server(host: str) -> None:
    found = judged(mx=[host])

    assert (found.provider, found.confidence, found.gateway) == (Provider.LOCAL, Confidence.LOW, None)
    assert found.evidence == (ProviderFact("mx", host, "other"),)


@pytest.mark.parametrize(
    ("host", "brand"),
    [("mail.protonmail.ch", "Proton Mail"), ("mx1.titan.email", "Titan"), ("cmx.yaanimail.com", "Yaani Mail")],
)
def test_a_named_service_without_a_class_of_its_own_is_hosting_with_its_brand(host: str, brand: str) -> None:
    found = judged(mx=[host])

    assert (found.provider, found.mail_service, found.local_provider) == (Provider.HOSTING, brand, None)


def test_a_hosting_company_is_hosting_without_a_mail_service() -> None:
    assert judged(mx=["mx00.ionos.de"]).mail_service is None


@pytest.mark.parametrize(
    ("host", "brand"),
    [
        ("mx-01.kurumsaleposta.com", "Natro"),
        ("antispam1.ihs.com.tr", "IHS Telekom"),
        ("ms1.guzel.net.tr", "Güzel Hosting"),
        ("varya.general.services.metu.edu.tr", "ODTÜ"),
        ("mx.nic.tr", "NIC.TR"),
    ],
)
def test_a_turkish_host_is_local_with_its_brand_even_behind_its_own_filter(host: str, brand: str) -> None:
    found = judged(mx=[host])

    assert (found.provider, found.local_provider, found.gateway) == (Provider.LOCAL, brand, None)


def test_a_row_from_general_knowledge_never_earns_high_confidence() -> None:
    found = judged(mx=["mx.turkhost.com.tr"])

    assert (found.local_provider, found.confidence) == ("TürkHost", Confidence.MEDIUM)


def test_free_mail_of_outlook_is_no_microsoft_365() -> None:
    found = judged(mx=["firma-example.olc.protection.outlook.com"])

    assert (found.provider, found.mail_service, found.confidence) == (Provider.HOSTING, "Outlook.com", Confidence.LOW)
    assert found.m365.state == "no"


class TestGateway:
    def test_alone_it_hides_the_provider_and_is_named(self) -> None:
        found = judged(mx=[GATEWAY], verifications=["microsoft"], tenant=TENANT)

        assert (found.provider, found.reason, found.gateway) == (Provider.UNKNOWN, "behind_gateway", "cisco")
        assert found.confidence is Confidence.LOW

    def test_autodiscover_at_outlook_leads_behind_it(self) -> None:
        assert verdict(mx=[GATEWAY], autodiscover_cname=OUTLOOK) == ("M365", "medium")
        assert verdict(mx=[GATEWAY], autodiscover_srv=OUTLOOK) == ("M365", "medium")

    @pytest.mark.parametrize("targets", [TENANT_DKIM, NEW_TENANT_DKIM])
    def test_dkim_at_a_tenant_leads_behind_it(self, targets: list[tuple[str, str]]) -> None:
        assert verdict(mx=[GATEWAY], dkim_targets=targets) == ("M365", "medium")

    def test_a_google_key_leads_behind_it(self) -> None:
        assert verdict(mx=[GATEWAY], dkim=[dkim_key("google")]) == ("Google", "medium")

    def test_spf_alone_leads_behind_it_with_low_confidence(self) -> None:
        assert verdict(mx=[GATEWAY], spf=MICROSOFT_SPF) == ("M365", "low")
        assert verdict(mx=[GATEWAY], spf=GOOGLE_SPF) == ("Google", "low")
        assert verdict(mx=[GATEWAY], spf=spf_policy("_spf.yandex.net")) == ("Yandex", "low")
        assert verdict(mx=[GATEWAY], spf=spf_policy("one.zoho.com")) == ("Zoho", "low")

    def test_spf_of_two_mailbox_services_leads_nowhere(self) -> None:
        found = judged(mx=[GATEWAY], spf=BOTH_SPF)

        assert (found.provider, found.reason) == (Provider.UNKNOWN, "behind_gateway")

    @pytest.mark.parametrize("sender", ["sendgrid.net", "eu.mailgun.org", "amazonses.com", "servers.mcsv.net"])
    def test_spf_of_a_bulk_sender_leads_nowhere(self, sender: str) -> None:
        assert judged(mx=[GATEWAY], spf=spf_policy(sender)).reason == "behind_gateway"

    def test_spf_of_microsoft_does_not_count_against_a_look_up_without_tenant(self) -> None:
        assert judged(mx=[GATEWAY], spf=MICROSOFT_SPF, tenant=ABSENT).reason == "behind_gateway"

    def test_autodiscover_elsewhere_outweighs_spf(self) -> None:
        assert verdict(mx=[GATEWAY], autodiscover_cname=OWN, spf=MICROSOFT_SPF) == ("Local", "low")
        assert verdict(mx=[GATEWAY], autodiscover_cname=OWN) == ("Local", "medium")
        assert verdict(mx=[GATEWAY], autodiscover_srv="autodiscover.emailsrvr.com") == ("Hosting", "medium")
        assert verdict(mx=[GATEWAY], autodiscover_srv="cpanelemaildiscovery.cpanel.net") == ("Hosting", "medium")
        assert verdict(mx=[GATEWAY], autodiscover_cname="mail.somebody.example") == ("Local", "low")

    def test_a_turkish_host_behind_it_is_named(self) -> None:
        found = judged(mx=[GATEWAY], autodiscover_cname="mail.kurumsaleposta.com")

        assert (found.provider, found.local_provider, found.gateway) == (Provider.LOCAL, "Natro", "cisco")

    def test_a_second_mx_names_who_is_behind_it(self) -> None:
        assert verdict(mx=[GATEWAY, "mx00.ionos.de"]) == ("Hosting", "medium")
        assert verdict(mx=[GATEWAY, "mx00.ionos.de"], spf=MICROSOFT_SPF) == ("Hosting", "low")
        assert verdict(mx=[GATEWAY, OWN]) == ("Local", "low")
        assert verdict(mx=[GATEWAY, OWN], spf=MICROSOFT_SPF) == ("M365", "low")

    def test_half_installed_in_front_of_exchange_online_both_are_named(self) -> None:
        for hosts in ([GATEWAY, EXCHANGE], [EXCHANGE, GATEWAY]):
            found = judged(mx=hosts)

            assert (found.provider, found.gateway, found.confidence) == (Provider.M365, "cisco", Confidence.HIGH)

    def test_of_two_the_preferred_one_is_named(self) -> None:
        assert judged(mx=["mx1.ppe-hosted.com", GATEWAY]).gateway == "proofpoint-essentials"


class TestOwnNameAndHoster:
    @pytest.mark.parametrize("host", [OWN, "mx00.ionos.de", "mx-in01.natrohost.com", "mail.somebody.example"])
    def test_one_strong_trace_is_microsoft_365_with_medium_confidence(self, host: str) -> None:
        assert verdict(mx=[host], autodiscover_cname=OUTLOOK) == ("M365", "medium")
        assert verdict(mx=[host], dkim_targets=TENANT_DKIM) == ("M365", "medium")

    @pytest.mark.parametrize(
        "traces", [{"spf": MICROSOFT_SPF}, {"verifications": ["microsoft"]}, {"tenant": TENANT}], ids=str
    )
    def test_spf_a_token_or_a_tenant_never_makes_microsoft_365(self, traces: dict[str, Any]) -> None:
        assert verdict(mx=[OWN], **traces) == ("Local", "low")

    def test_spf_token_and_tenant_together_never_make_microsoft_365(self) -> None:
        found = judged(mx=[OWN], spf=MICROSOFT_SPF, verifications=["microsoft"], tenant=TENANT)

        assert found.provider is Provider.LOCAL

    def test_a_missing_tenant_lowers_the_confidence_of_traces(self) -> None:
        assert verdict(mx=[OWN], autodiscover_cname=OUTLOOK, tenant=ABSENT) == ("M365", "low")
        assert verdict(mx=[EXCHANGE], tenant=ABSENT) == ("M365", "medium")

    def test_one_trace_against_the_spf_of_another_service_is_left_over(self) -> None:
        assert verdict(mx=[OWN], autodiscover_cname=OUTLOOK, spf=GOOGLE_SPF) == ("Google", "low")
        assert verdict(mx=[OWN], autodiscover_cname=OUTLOOK, spf=BOTH_SPF) == ("M365", "medium")
        assert verdict(mx=[OWN], autodiscover_cname=OUTLOOK, dkim_targets=TENANT_DKIM, spf=GOOGLE_SPF) == (
            "M365", "low",
        )  # fmt: skip

    def test_dkim_at_a_tenant_with_autodiscover_elsewhere_is_doubtful(self) -> None:
        assert verdict(mx=[OWN], dkim_targets=TENANT_DKIM, autodiscover_cname=OWN) == ("M365", "low")

    def test_a_google_key_beside_an_own_name_is_google(self) -> None:
        assert verdict(mx=[OWN], dkim=[dkim_key("google")]) == ("Google", "medium")

    def test_a_google_key_beside_a_hosting_company_needs_spf(self) -> None:
        assert verdict(mx=["mx00.ionos.de"], dkim=[dkim_key("google")]) == ("Hosting", "high")
        assert verdict(mx=["mx00.ionos.de"], dkim=[dkim_key("google")], spf=GOOGLE_SPF) == ("Google", "medium")

    def test_a_common_selector_betrays_yandex_only_beside_its_spf(self) -> None:
        assert verdict(mx=[OWN], dkim=[dkim_key("mail")]) == ("Local", "low")
        assert verdict(mx=[OWN], dkim=[dkim_key("mail")], spf=spf_policy("_spf.yandex.net")) == ("Yandex", "medium")

    def test_autodiscover_at_the_own_name_confirms_an_own_server(self) -> None:
        assert verdict(mx=[OWN], autodiscover_cname="posta.firma.example") == ("Local", "medium")
        assert verdict(mx=[OWN], autodiscover_cname="posta.firma.example", spf=MICROSOFT_SPF) == ("Local", "low")

    def test_autodiscover_at_a_hosting_company_says_where_an_own_name_stands(self) -> None:
        assert verdict(mx=[OWN], autodiscover_cname="adsredir.ionos.info") == ("Hosting", "medium")
        assert verdict(mx=[OWN], autodiscover_srv="cpanelemaildiscovery.cpanel.net") == ("Local", "low")

    def test_spf_of_a_turkish_host_names_the_host_of_an_own_name(self) -> None:
        found = judged(mx=[OWN], spf=spf_policy("_spf.turhost.com"))

        assert (found.provider, found.local_provider, found.confidence) == (Provider.LOCAL, "Turhost", Confidence.LOW)

    def test_a_left_over_spf_lowers_the_confidence_in_a_hosting_company(self) -> None:
        assert verdict(mx=["mx00.ionos.de"], spf=MICROSOFT_SPF) == ("Hosting", "medium")
        assert verdict(mx=["mx00.ionos.de"], spf=GOOGLE_SPF) == ("Hosting", "medium")


class TestSeveralHosts:
    def test_a_mailbox_service_beside_a_server_keeps_the_mailboxes(self) -> None:
        assert verdict(mx=["aspmx.l.google.com", "mx00.ionos.de"]) == ("Google", "high")
        assert verdict(mx=["mx00.ionos.de", "aspmx.l.google.com"]) == ("Google", "medium")

    def test_a_server_of_the_same_preference_is_no_contradiction(self) -> None:
        hosts = (MXHost(10, "aspmx.l.google.com"), MXHost(10, "mx00.ionos.de"))

        assert verdict(mx=Found(hosts)) == ("Google", "high")

    def test_of_two_mailbox_services_the_preferred_one_wins_with_less_confidence(self) -> None:
        assert verdict(mx=["aspmx.l.google.com", EXCHANGE]) == ("Google", "medium")
        assert verdict(mx=[EXCHANGE, "aspmx.l.google.com"]) == ("M365", "medium")

    def test_a_mailbox_service_beats_an_inbound_service(self) -> None:
        assert verdict(mx=["feedback-smtp.eu-west-1.amazonses.com", EXCHANGE])[0] == "M365"

    def test_exchange_online_in_front_of_another_server_is_less_sure(self) -> None:
        assert verdict(mx=[EXCHANGE], autodiscover_srv=OWN, spf=spf_policy("_spf.firma.example")) == ("M365", "medium")
        assert verdict(mx=[EXCHANGE], autodiscover_srv=OWN, spf=MICROSOFT_SPF) == ("M365", "high")
        assert verdict(mx=[EXCHANGE], autodiscover_srv=OWN, spf=UNKNOWN) == ("M365", "high")

    def test_traces_of_microsoft_make_another_service_less_sure(self) -> None:
        assert verdict(mx=["aspmx.l.google.com"], autodiscover_cname=OUTLOOK) == ("Google", "medium")


class TestNoMailboxes:
    @pytest.mark.parametrize(
        "host", ["route1.mx.cloudflare.net", "mx1.improvmx.com", "eforward1.registrar-servers.com"]
    )
    def test_a_forwarder_keeps_none(self, host: str) -> None:
        found = judged(mx=[host], spf=MICROSOFT_SPF)

        assert (found.provider, found.reason, found.gateway) == (Provider.UNKNOWN, "forwarding", None)

    def test_a_forwarder_behind_a_preferred_server_is_a_spare(self) -> None:
        assert verdict(mx=[OWN, "mx1.improvmx.com"]) == ("Local", "low")
        assert judged(mx=["mx1.improvmx.com", OWN]).reason == "forwarding"

    @pytest.mark.parametrize("mx", [Absent("nodata"), Absent("nxdomain"), Absent("null_mx")])
    def test_no_mx_is_no_mail(self, mx: Absent) -> None:
        found = judged(mx=mx, autodiscover_cname=OUTLOOK)

        assert (found.provider, found.reason, found.confidence) == (Provider.UNKNOWN, "no_mail", Confidence.HIGH)

    @pytest.mark.parametrize("host", ["msv1.invalid", "localhost", "mail.h-email.net"])
    def test_a_parked_name_is_no_mail(self, host: str) -> None:
        found = judged(mx=[host])

        assert (found.reason, found.confidence, found.m365.state) == ("no_mail", Confidence.HIGH, "no")

    def test_an_unknown_mx_is_never_no_mail(self) -> None:
        found = judged(mx=UNKNOWN, autodiscover_cname=OUTLOOK, dkim_targets=TENANT_DKIM)

        assert (found.provider, found.reason, found.confidence) == (Provider.UNKNOWN, "mx_unknown", Confidence.LOW)
        assert [fact.source for fact in found.evidence] == ["autodiscover", "dkim"]


def test_all_facts_are_kept_mx_first() -> None:
    found = judged(
        mx=[GATEWAY, OWN],
        autodiscover_cname=OUTLOOK,
        dkim_targets=TENANT_DKIM,
        dkim=[dkim_key("google")],
        spf=spf_policy("spf.protection.outlook.com", "sendgrid.net", "spf.somebody.example"),
        verifications=["facebook", "microsoft"],
        tenant=TENANT,
    )

    assert found.evidence == (
        ProviderFact("mx", GATEWAY, "cisco"),
        ProviderFact("mx", OWN, "own"),
        ProviderFact("autodiscover", OUTLOOK, "M365"),
        ProviderFact("dkim", TENANT_DKIM[0][1], "M365"),
        ProviderFact("dkim", "google", "Google"),
        ProviderFact("spf", "spf.protection.outlook.com", "M365"),
        ProviderFact("spf", "sendgrid.net", "SendGrid"),
        ProviderFact("txt", "microsoft", "M365"),
        ProviderFact("tenant", TENANT.tenant_id, "M365"),
    )


def test_mx_root_is_the_registrable_domain_of_the_preferred_host() -> None:
    suffixes = shipped_suffixes()
    assert mx_root(mail_evidence(mx=["aspmx.vit.com.tr", EXCHANGE]), suffixes) == "vit.com.tr"
    assert mx_root(mail_evidence(mx=ABSENT), suffixes) is None
    assert mx_root(mail_evidence(mx=UNKNOWN), suffixes) is None


HOSTS = [EXCHANGE, "aspmx.l.google.com", GATEWAY, OWN, "mx00.ionos.de", "mx1.improvmx.com", "localhost", "mx.x.example"]
TARGETS = st.sampled_from([ABSENT, UNKNOWN, OUTLOOK, OWN, "adsredir.ionos.info", "cpanelemaildiscovery.cpanel.net"])
CASES = st.fixed_dictionaries(
    {
        "mx": st.lists(st.sampled_from(HOSTS), min_size=1, max_size=3, unique=True)
        | st.sampled_from([ABSENT, UNKNOWN]),
        "spf": st.sampled_from([ABSENT, UNKNOWN, MICROSOFT_SPF, GOOGLE_SPF, BOTH_SPF]),
        "dkim": st.sampled_from([ABSENT, UNKNOWN, [dkim_key("google")]]),
        "dkim_targets": st.sampled_from([ABSENT, UNKNOWN, TENANT_DKIM, [("selector1", OWN)]]),
        "autodiscover_cname": TARGETS,
        "autodiscover_srv": TARGETS,
        "verifications": st.sampled_from([ABSENT, UNKNOWN, ["microsoft"]]),
        "tenant": st.sampled_from([ABSENT, UNKNOWN, Found(TENANT)]),
    }
)


@given(case=CASES)
def test_a_reason_is_given_exactly_where_the_provider_is_unknown(case: dict[str, Any]) -> None:
    found = judged(**case)

    assert (found.reason is not None) == (found.provider is Provider.UNKNOWN)
    assert (found.local_provider is None) or found.provider is Provider.LOCAL
    assert (found.mail_service is None) or found.provider is Provider.HOSTING


@given(case=CASES)
def test_a_gateway_alone_is_never_local(case: dict[str, Any]) -> None:
    silent = {"dkim": ABSENT, "dkim_targets": ABSENT, "autodiscover_cname": ABSENT, "autodiscover_srv": ABSENT}

    found = judged(**(case | silent | {"mx": [GATEWAY]}))

    assert found.gateway == "cisco"
    assert found.provider in (Provider.M365, Provider.GOOGLE, Provider.UNKNOWN)


@given(case=CASES, failing=st.sampled_from(["spf", "dkim", "dkim_targets", "autodiscover_cname", "autodiscover_srv"]))
def test_a_failed_look_up_proves_no_more_than_an_absent_answer(case: dict[str, Any], failing: str) -> None:
    failed = judged(**(case | {failing: Unknown("timeout")}))
    absent = judged(**(case | {failing: ABSENT}))

    assert failed.provider is absent.provider
    assert failed.gateway == absent.gateway
