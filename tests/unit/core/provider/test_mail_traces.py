"""What SPF, autodiscover, DKIM and tokens say, MX left aside."""

from typing import Any

import pytest

from hunter.core.provider.mail_traces import Traces, read_traces, spf_targets
from hunter.core.records.spf import SPFPolicy
from hunter.core.signals import Absent, Unknown
from tests.support.builders import ABSENT, UNKNOWN, evidence, mail_evidence, spf_policy
from tests.support.rulebooks import shipped_rulebook

OUTLOOK_SPF = "spf.protection.outlook.com"


def traces(**mail: Any) -> Traces:
    return read_traces(evidence(mail_evidence(**mail)), shipped_rulebook().signatures)[0]


def with_tree(policy: SPFPolicy, *below: str) -> SPFPolicy:
    """Return the policy with further names met below its own."""
    return SPFPolicy(
        text=policy.text,
        terms=policy.terms,
        includes=policy.includes,
        redirect=policy.redirect,
        all_qualifier=policy.all_qualifier,
        lookups=policy.lookups + len(below),
        void_lookups=0,
        names=(*policy.names, *below),
    )


class TestSPF:
    def test_direct_includes_say_who_may_send(self) -> None:
        spf = traces(spf=spf_policy(OUTLOOK_SPF, "_spf.google.com", "_spf.turhost.com")).spf

        assert spf.has_microsoft
        assert [owner.label for owner in spf.services] == ["Google"]
        assert spf.host is not None
        assert spf.host.label == "Turhost"

    def test_what_others_include_is_their_own_matter(self) -> None:
        spf = traces(spf=with_tree(spf_policy("_spf.agency.example"), OUTLOOK_SPF)).spf

        assert not spf.has_microsoft

    @pytest.mark.parametrize("name", ["_spf.firma.example", "firma.example.spf.auto.service.example"])
    def test_what_the_domain_s_own_further_records_include_counts(self, name: str) -> None:
        assert traces(spf=with_tree(spf_policy(name), OUTLOOK_SPF)).spf.has_microsoft

    def test_a_redirect_hands_the_whole_policy_over(self) -> None:
        assert traces(spf=with_tree(spf_policy(redirect="_spf.group.example"), OUTLOOK_SPF)).spf.has_microsoft

    def test_own_further_records_do_not_water_down_what_is_named_directly(self) -> None:
        spf = traces(spf=with_tree(spf_policy(OUTLOOK_SPF, "_spf.firma.example"), "_spf.google.com")).spf

        assert spf.has_microsoft
        assert spf.services == ()

        google = traces(spf=with_tree(spf_policy("_spf.google.com", "_spf.firma.example"), OUTLOOK_SPF)).spf

        assert not google.has_microsoft

    @pytest.mark.parametrize("signal", [Absent, Unknown])
    def test_a_broken_or_half_read_policy_still_tells_whom_it_names(self, signal: type[Absent | Unknown]) -> None:
        text = "v=spf1 include:Spf.Protection.Outlook.com. ipv4:1.2.3.4 ~all"

        assert traces(spf=signal("syntax", (text,))).spf.has_microsoft

    def test_only_a_policy_that_was_read_can_leave_somebody_out(self) -> None:
        assert traces(spf=spf_policy()).is_spf_known
        assert traces(spf=ABSENT).is_spf_known
        assert not traces(spf=UNKNOWN).is_spf_known

    def test_targets_of_a_text_are_read_leniently(self) -> None:
        text = "v=spf1 +include:A.example ?INCLUDE:b.example redirect=c.example. include: a:d.example exp=e.example"

        assert list(spf_targets((text, "v=spf1 include:f.example"))) == [
            "a.example", "b.example", "c.example", "f.example",
        ]  # fmt: skip

    def test_a_huge_text_is_read_to_a_bound(self) -> None:
        assert len(list(spf_targets(("v=spf1" + " include:a.example" * 5000,)))) == 99

    def test_other_texts_hold_no_targets(self) -> None:
        assert list(spf_targets(("a include:b.example", "v=spf1include:c.example d include:e.example", ""))) == []


class TestAutodiscover:
    def test_microsoft_in_either_look_up_counts(self) -> None:
        for cname, srv in (("autodiscover.outlook.com", "mail.firma.example"), (ABSENT, "autodiscover.outlook.com")):
            found = traces(autodiscover_cname=cname, autodiscover_srv=srv)

            assert found.has_autodiscover
            assert found.autodiscover_owner is None

    def test_a_service_record_that_was_not_asked_beside_an_alias_is_no_failure(self) -> None:
        alias = traces(
            autodiscover_cname="web.firma.example",
            autodiscover_srv=Unknown("not_asked"),
            dkim_targets=[("selector1", "web.firma.example")],
        )

        assert alias.autodiscover_owner is None
        assert not alias.autodiscover_failed

    def test_a_known_owner_is_preferred_to_an_unknown_name(self) -> None:
        found = traces(autodiscover_cname="web.somebody.example", autodiscover_srv="adsredir.ionos.info")

        assert found.autodiscover_owner is not None
        assert found.autodiscover_owner.label == "IONOS"

    def test_a_zone_that_answers_every_name_alike_proves_nothing(self) -> None:
        found = traces(autodiscover_cname="web.firma.example", dkim_targets=[("selector1", "web.firma.example")])

        assert found.autodiscover_owner is None

    @pytest.mark.parametrize("target", ["autodiscover.hornetsecurity.com", "traff.hugedomains.com"])
    def test_a_filter_or_a_parked_name_is_no_mailbox(self, target: str) -> None:
        assert traces(autodiscover_cname=target).autodiscover_owner is None

    def test_the_domain_s_other_names_are_its_own(self) -> None:
        mail = mail_evidence(autodiscover_cname="posta.firma.com.tr")

        found = read_traces(evidence(mail, domain="sube.firma.com.tr"), shipped_rulebook().signatures)[0]

        assert found.autodiscover_owner is not None
        assert found.autodiscover_owner.label == "own"

    def test_one_failed_look_up_leaves_it_open_unless_the_other_answered(self) -> None:
        assert traces(autodiscover_cname=ABSENT, autodiscover_srv=UNKNOWN).autodiscover_failed
        assert not traces(autodiscover_cname="mail.firma.example", autodiscover_srv=UNKNOWN).autodiscover_failed
        assert not traces(autodiscover_cname=ABSENT, autodiscover_srv=ABSENT).autodiscover_failed


class TestDKIM:
    def test_a_service_s_own_target_betrays_it(self) -> None:
        found = traces(dkim_targets=[("protonmail", "protonmail.domainkey.abc.domains.proton.ch")])

        assert not found.has_dkim
        assert found.dkim_owner is not None
        assert found.dkim_owner.label == "Proton Mail"

    @pytest.mark.parametrize("target", ["s1.domainkey.u1.wl.sendgrid.net", "x.dkim.amazonses.com", "dkim.mcsv.net"])
    def test_a_bulk_sender_s_target_betrays_no_mailbox(self, target: str) -> None:
        assert traces(dkim_targets=[("s1", target)]).dkim_owner is None

    def test_a_tenant_beside_a_bulk_sender_counts(self) -> None:
        targets = [("s1", "s1.wl.sendgrid.net"), ("selector2", "selector2-x._domainkey.firma.onmicrosoft.com")]

        assert traces(dkim_targets=targets).has_dkim


def test_only_microsoft_s_token_is_one() -> None:
    assert traces(verifications=["google", "microsoft", "yandex"]).has_token
    assert not traces(verifications=["google", "yandex"]).has_token
    assert not traces(verifications=UNKNOWN).has_token
