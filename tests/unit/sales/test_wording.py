"""Wording: names of providers and brands, numbers, and values that cannot break a phrase."""

import pytest

from hunter.core.signals import Absent, Unknown
from hunter.sales.wording import provider_name
from tests.support.builders import mail_evidence
from tests.support.cases import judged
from tests.support.words import wording


@pytest.mark.parametrize(
    ("mx", "turkish", "english"),
    [
        ("firma-example.mail.protection.outlook.com", "Microsoft 365", "Microsoft 365"),
        ("aspmx.l.google.com", "Google Workspace", "Google Workspace"),
        ("mx.sendgrid.net", "SendGrid", "SendGrid"),
        ("mx00.ionos.de", "IONOS", "IONOS"),
        ("mail.protonmail.ch", "Proton Mail", "Proton Mail"),
        ("mx-in01.natrohost.com", "Natro", "Natro"),
        ("mail.firma.example", "Kendi sunucusu", "Own server"),
        ("mx.baska-firma.example", "baska-firma.example", "baska-firma.example"),
        ("eu-smtp-inbound-1.mimecast.com", "Geçidin arkasında", "Behind a gateway"),
        ("mx1.improvmx.com", "Yönlendirme", "Forwarding"),
    ],
)
def test_the_provider_has_a_plain_name(mx: str, turkish: str, english: str) -> None:
    assessment, _ = judged(mail_evidence(mx=(mx,)))
    for language, name in (("tr", turkish), ("en", english)):
        assert provider_name(wording(language), assessment.classification, assessment.mx_root) == name


def test_no_mail_and_unknown_mail_have_different_names() -> None:
    names = [
        provider_name(wording(), judged(mail_evidence(mx=mx))[0].classification, None)
        for mx in (Absent("nodata"), Unknown("timeout"))
    ]
    assert names == ["E-posta yok", "Belirlenemedi"]


def test_the_gateway_goes_by_its_name() -> None:
    assessment, _ = judged(mail_evidence(mx=("mx1.hc1234-56.iphmx.com",)))
    assert wording().gateway(assessment.classification) == "Cisco Secure Email"
    assert assessment.classification.gateway == "cisco"


def test_the_gateway_is_never_taken_for_the_host_behind_it() -> None:
    assessment, _ = judged(
        mail_evidence(mx=("eu-smtp-inbound-1.mimecast.com",), autodiscover_cname="adsredir.ionos.info")
    )
    assert provider_name(wording(), assessment.classification, assessment.mx_root) == "IONOS"


def test_numbers_are_written_as_the_language_has_them() -> None:
    assert (wording("tr").number(1_234_567), wording("en").number(1_234_567)) == ("1.234.567", "1,234,567")
    assert (wording("tr").decimal(0.25), wording("en").decimal(9.96)) == ("0,2", "10.0")


def test_braces_in_a_value_are_no_placeholders() -> None:
    assert wording().say("finding.ns", {"hosts": "{x}{0}"}) == "Ad sunucuları {x}{0}"


def test_a_tag_of_an_operator_stands_for_itself() -> None:
    assert (wording().tag("security-risk"), wording().tag("fuar-2026")) == ("güvenlik riski", "fuar-2026")
