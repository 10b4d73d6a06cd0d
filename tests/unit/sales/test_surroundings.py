"""What registry, Microsoft and network say, in words: each state by its own sentence, unknown never as missing."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from hunter.core.assessment import assess
from hunter.core.evidence import (
    AddressFacts,
    Evidence,
    MicrosoftEvidence,
    NetworkEvidence,
    Realm,
    RegistrationEvidence,
    Tenant,
)
from hunter.core.signals import Absent, Found, Signal, Unknown
from hunter.sales.finding import Finding
from hunter.sales.findings import findings, unread
from hunter.sales.surroundings import surrounding_findings, surrounding_unread
from tests.support.builders import COLLECTED_AT, evidence, mail_evidence
from tests.support.rulebooks import shipped_rulebook
from tests.support.words import wording

TODAY = COLLECTED_AT.date()


def registered(*, days: int | None = None, registrar: str | None = None, statuses: tuple[str, ...] = ()) -> Evidence:
    expiry: Signal[date] = Unknown("not_published") if days is None else Found(TODAY + timedelta(days=days))
    name: Signal[str] = Unknown("not_published") if registrar is None else Found(registrar)
    states: Signal[tuple[str, ...]] = Found(statuses) if statuses else Unknown("not_published")
    return replace(evidence(), registration=RegistrationEvidence(name, expiry, Found(("ns1.firma.example",)), states))


def seen(one: Evidence, language: str = "tr") -> list[Finding]:
    assessment = assess(one, shipped_rulebook(), COLLECTED_AT)
    return list(surrounding_findings(assessment, one, wording(language)))


def said(one: Evidence, language: str = "tr") -> list[str]:
    return [f"{finding.mark}: {finding.title}" for finding in seen(one, language)]


def missed(one: Evidence) -> list[str]:
    return [f"{line.title}: {line.cause}" for line in surrounding_unread(one, wording())]


def test_nothing_is_said_of_what_nobody_asked_for() -> None:
    assert (said(evidence()), missed(evidence())) == ([], [])


def test_a_registration_far_from_its_end_is_a_plain_fact_with_its_registrar() -> None:
    assert said(registered(days=400, registrar="Örnek Kayıt A.Ş.")) == [
        "plain: Alan adı 06.04.2027 tarihine kadar kayıtlı, kayıt firması Örnek Kayıt A.Ş."
    ]


@pytest.mark.parametrize(
    ("days", "sentence"),
    [
        (-1, "bad: The domain expired on 01/03/2026"),
        (0, "weak: The domain expires today, on 02/03/2026"),
        (1, "weak: The domain expires tomorrow, on 03/03/2026"),
        (2, "weak: The domain expires in 2 days, on 04/03/2026"),
        (29, "weak: The domain expires in 29 days, on 31/03/2026"),
        (30, "plain: The domain is registered until 01/04/2026"),
    ],
)
def test_an_end_that_is_near_is_a_reason_to_call(days: int, sentence: str) -> None:
    assert said(registered(days=days), "en") == [sentence]


def test_a_registrar_without_an_expiry_stands_alone_and_the_gap_is_named() -> None:
    one = registered(registrar="Örnek Kayıt A.Ş.")
    assert said(one) == ["plain: Alan adının kayıt firması Örnek Kayıt A.Ş."]
    assert missed(one) == ["kayıt bitiş tarihi: kayıt kuruluşu yayımlamıyor"]


@pytest.mark.parametrize(
    ("status", "sentence"),
    [
        ("redemption period", "bad: Alan adı silinme sürecinde"),
        ("pending delete", "bad: Alan adı silinme sürecinde"),
        ("client hold", "bad: Alan adı askıya alınmış"),
    ],
)
def test_a_name_that_leaves_or_does_not_work_comes_first(status: str, sentence: str) -> None:
    assert said(registered(days=-40, statuses=("client transfer prohibited", status)))[0] == sentence


def test_a_name_that_is_not_registered_is_said_so_and_nothing_more() -> None:
    absent = replace(evidence(), registration=RegistrationEvidence(*[Absent("not_registered")] * 4))
    assert (said(absent), missed(absent)) == (["bad: Alan adı kayıtlı değil"], [])


def test_a_registry_that_failed_is_one_unread_line_and_never_not_registered() -> None:
    failed = replace(evidence(), registration=RegistrationEvidence(*[Unknown("rate_limited")] * 4))
    assert (said(failed), missed(failed)) == (
        [],
        ["alan adı kaydı: kayıt kuruluşu çok sık sorulduğunu söyledi"],
    )


def test_a_tenant_is_no_mailbox() -> None:
    [finding] = seen(evidence(tenant=Tenant("0f2b", region="EU")))
    assert (finding.title, finding.raw) == ("Microsoft kiracısında doğrulanmış, bölge EU", "0f2b")
    assert "posta kutularının orada olduğunu göstermez" in finding.meaning


def test_the_absence_of_a_tenant_is_that_of_one_cloud() -> None:
    [finding] = seen(evidence(tenant=Absent("no_tenant")))
    assert finding.title == "Microsoft kiracısı yok"
    assert "genel bulutunda" in finding.meaning


@pytest.mark.parametrize(
    ("realm", "title"),
    [
        (Realm("managed"), "Kullanıcılar doğrudan Microsoft'ta oturum açıyor"),
        (
            Realm("federated", sign_in_host="sts.firma.example"),
            "Microsoft oturumu sts.firma.example üzerinden açılıyor",
        ),
        (Realm("managed", is_viral=True), "Microsoft kiracısını çalışanlar kurmuş"),
    ],
)
def test_a_realm_says_how_people_sign_in(realm: Realm, title: str) -> None:
    one = replace(evidence(), microsoft=MicrosoftEvidence(Found(Tenant("0f2b", "EU")), Found(realm)))
    assert [finding.title for finding in seen(one)][1:] == [title]


def test_microsoft_that_was_silent_is_unread() -> None:
    one = replace(evidence(), microsoft=MicrosoftEvidence(Unknown("circuit_open"), Unknown("timeout")))
    assert missed(one) == [
        "Microsoft kiracısı: Microsoft'a bir süre soru sorulmuyor",
        "Microsoft oturum açma türü: Microsoft süresinde yanıt vermedi",
    ]


def test_mail_and_web_hosts_are_two_findings() -> None:
    mail = AddressFacts("192.0.2.7", isp="Ege Telekom", country="TR", usage_type="COM")
    web = AddressFacts("192.0.2.8", asn_org="Marmara Veri Merkezi A.S.", country="TR", usage_type="DCH")
    assert said(evidence(network=NetworkEvidence(Found(mail), Found(web)))) == [
        "plain: E-posta sunucusunun yeri: Ege Telekom, şirket hattı, TR",
        "plain: Web sitesinin yeri: Marmara Veri Merkezi A.S., veri merkezi, TR",
    ]


def test_a_host_of_which_no_file_knows_anything_is_unread() -> None:
    one = evidence(network=NetworkEvidence(Unknown("not_listed"), Unknown("no_files")))
    assert missed(one) == [
        "e-posta sunucusunun ağı: adres dosyalarda yok",
        "web sitesinin ağı: adres dosyası yüklenmemiş",
    ]


def test_the_brief_has_them_among_its_findings_and_unread_signals() -> None:
    one = replace(registered(days=3), microsoft=MicrosoftEvidence(Unknown("timeout")))
    assessment = assess(one, shipped_rulebook(), COLLECTED_AT)
    titles = [finding.title for finding in findings(assessment, one, wording())]
    assert "Alan adının süresi 3 gün sonra doluyor, tarih: 05.03.2026" in titles
    assert "Microsoft kiracısı" in [line.title for line in unread(one, wording())]


def test_a_name_on_its_way_out_is_not_praised_for_a_late_end() -> None:
    assert said(registered(days=300, statuses=("redemption period",))) == ["bad: Alan adı silinme sürecinde"]


def test_what_is_said_of_the_name_above_names_it() -> None:
    one = replace(registered(days=400), domain="posta.firma.com.tr")
    assert said(one) == ["plain: Alan adı 06.04.2027 tarihine kadar kayıtlı, kayıtlı ad: firma.com.tr"]


def test_a_tenant_without_a_region_needs_none() -> None:
    [finding] = seen(evidence(tenant=Tenant("0f2b")))
    assert finding.title == "Microsoft kiracısında doğrulanmış"


def test_the_address_of_a_filter_is_not_said_to_host_the_mail() -> None:
    filtered = mail_evidence(mx=("eu-smtp-inbound-1.mimecast.com",))
    facts = AddressFacts("192.0.2.7", isp="Filter Ltd", country="GB", usage_type="DCH")
    assert said(evidence(filtered, network=NetworkEvidence(mx=Found(facts)))) == []


def test_a_network_in_front_of_the_site_does_not_host_it() -> None:
    [finding] = seen(
        evidence(network=NetworkEvidence(web=Found(AddressFacts("192.0.2.7", isp="CDN", usage_type="CDN"))))
    )
    assert finding.meaning == "arkasındaki sunucuyu göstermez, öndeki dağıtım ağıdır"
