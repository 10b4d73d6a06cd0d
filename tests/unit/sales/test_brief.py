"""The brief: verdicts, answers, steps, findings and what is unread, as phrases."""

import pytest

from hunter.core.evidence import MailEvidence
from hunter.core.signals import NOT_ASKED, Absent, Found
from hunter.sales.brief import Brief, BriefAnswer, ScoreStep, compose_brief
from hunter.sales.finding import Mark
from tests.support.builders import UNKNOWN, dkim_key, dmarc_policy, mail_evidence, spf_policy
from tests.support.cases import judged
from tests.support.words import wording


def at_microsoft(mx: str) -> MailEvidence:
    """Mail at a host, with both strong traces at Microsoft."""
    return mail_evidence(
        mx=(mx,),
        autodiscover_cname="autodiscover.outlook.com",
        dkim_targets=(("selector1", "selector1-firma-example._domainkey.firma.onmicrosoft.com"),),
    )


def brief_of(mail: MailEvidence, language: str = "tr") -> Brief:
    return compose_brief(*judged(mail), wording(language))


def verdict_of(mail: MailEvidence) -> str:
    verdict = brief_of(mail).verdict
    return f"{verdict.lead} {verdict.rest}"


def answer(brief: Brief, question: str) -> BriefAnswer:
    return next(one for one in brief.answers if one.question == question)


@pytest.mark.parametrize(
    ("mail", "text"),
    [
        (
            mail_evidence(mx=("mx00.ionos.de",)),
            "Hosting e-postası kullanıyor (IONOS), Microsoft 365 kullanmıyor. "
            "Şimdilik bir fırsat görünmüyor; DKIM imzası yok, SPF kaydı yok.",
        ),
        (
            mail_evidence(mx=("mx.baska-firma.example",), spf=spf_policy()),
            "Tanınmayan bir e-posta sunucusu kullanıyor (baska-firma.example), Microsoft 365 kullanmıyor. "
            "Taşınma için zayıf bir fırsat; DKIM imzası yok, DMARC kaydı yok.",
        ),
        (
            mail_evidence(mx=("inbound-smtp.eu-west-1.amazonaws.com",)),
            "E-postasını Amazon altyapısı alıyor, kutular başka yerde olabilir. "
            "Şimdilik bir fırsat görünmüyor; DKIM imzası yok, SPF kaydı yok.",
        ),
        (
            mail_evidence(mx=("eu-smtp-inbound-1.mimecast.com",)),
            "Arkasındaki sağlayıcı görünmüyor: e-posta bir güvenlik geçidinden geçiyor (Mimecast). "
            "İlk soru bu olsun: kutular nerede?",
        ),
        (
            mail_evidence(mx=("mx1.improvmx.com",)),
            "E-postasını yönlendiriyor, kutular görünmüyor. Postanın nerede okunduğunu sorun.",
        ),
        (
            mail_evidence(mx=("mail.h-email.net",)),
            "Bu alan adında e-posta yok. MX kaydı e-posta alan bir sunucu göstermiyor. "
            "Firmanın başka bir alan adı olabilir.",
        ),
        (
            at_microsoft("aspmx.l.google.com"),
            "Google Workspace kullanıyor, Microsoft'ta da izleri var. "
            "Geçiş niyetini sorun: autodiscover Outlook'u gösteriyor, DKIM anahtarı Microsoft'ta.",
        ),
        (
            mail_evidence(mx=("aspmx.l.google.com",), spf=spf_policy("spf.protection.outlook.com")),
            "Google Workspace kullanıyor, Microsoft 365 kullanmıyor. Microsoft'ta izi var, e-postası orada değil.",
        ),
    ],
    ids=["hosting", "unlisted", "relay", "gateway", "forwarding", "parking", "traces", "remains"],
)
def test_the_verdict_says_what_holds_and_what_it_means(mail: MailEvidence, text: str) -> None:
    assert verdict_of(mail) == text


def test_the_priority_is_called_priority_and_the_play_is_not() -> None:
    brief = brief_of(mail_evidence(spf=spf_policy()))
    assert brief.priority == 7
    assert answer(brief, "Öncelik").answer == "7/7"
    play = answer(brief, "Satış yaklaşımı")
    assert play.answer == "P1 potansiyeli yüksek yeni müşteri"
    assert play.detail.endswith("(öncelik hazırlığı, satış yaklaşımı ticari değeri ölçer)")
    assert "Öncelik" not in play.answer + play.detail


def test_where_priority_and_play_agree_nothing_is_explained() -> None:
    full = mail_evidence(mx=("aspmx.l.google.com",), spf=spf_policy(), dkim=(dkim_key(),), dmarc=dmarc_policy("reject"))
    assert answer(brief_of(full), "Satış yaklaşımı").detail == "3 gün içinde keşif görüşmesi yapın"


def test_points_that_a_reader_takes_for_one_are_one_step() -> None:
    assert brief_of(mail_evidence(spf=Absent("syntax", ("v=spf1 x",)))).steps == (
        ScoreStep("Kendi sunucusu", 10),
        ScoreStep("SPF geçersiz", -10),
        ScoreStep("DKIM yok", -15),
        ScoreStep("0'ın altına inmez", 15),
    )


def test_a_policy_in_testing_says_that_it_counts_one_step_weaker() -> None:
    testing = mail_evidence(mx=("mx.yandex.net",), dmarc=dmarc_policy("reject", is_testing=True))
    assert ScoreStep("DMARC karantina (deneme, bir adım zayıf)", 15) in brief_of(testing).steps


def test_the_size_is_an_estimate_with_its_reason() -> None:
    size = answer(brief_of(mail_evidence(mx=("aspmx.l.google.com",))), "Büyüklük")
    assert size == BriefAnswer("Büyüklük", "50–500 kişi, DNS'ten tahmin", "MX her boy firmada aynı biçimde")


def test_findings_come_worst_first() -> None:
    mail = mail_evidence(mx=("mx.yandex.net",), spf=spf_policy(), dmarc=dmarc_policy("reject", is_testing=True))
    assert [finding.mark for finding in brief_of(mail).findings] == [
        Mark.BAD,
        Mark.WEAK,
        Mark.PLAIN,
        Mark.PLAIN,
        Mark.GOOD,
    ]


def test_a_finding_keeps_the_record_as_its_proof() -> None:
    dmarc = Found(dmarc_policy("reject"), ("v=DMARC1; p=reject",))
    assert [one.raw for one in brief_of(mail_evidence(dmarc=dmarc)).findings if one.title.startswith("DMARC")] == [
        "v=DMARC1; p=reject"
    ]


def test_an_inherited_policy_names_where_it_stands() -> None:
    mail = mail_evidence(dmarc=dmarc_policy("reject", domain="grup.example"))
    titles = [finding.title for finding in brief_of(mail).findings]
    assert "DMARC reddediyor (p=reject), kaydın yeri: grup.example" in titles


def test_what_is_unread_is_named_with_its_cause() -> None:
    brief = brief_of(mail_evidence(dkim=UNKNOWN, ns=UNKNOWN))
    assert [(one.title, one.cause) for one in brief.unread] == [
        ("DKIM", "ad sunucusu süresinde yanıt vermedi"),
        ("ad sunucuları", "ad sunucusu süresinde yanıt vermedi"),
    ]


def test_where_there_is_no_mail_nobody_misses_what_was_not_asked() -> None:
    assert brief_of(mail_evidence(mx=Absent("nodata"), dkim=NOT_ASKED)).unread == ()
    assert [one.title for one in brief_of(mail_evidence(dkim=NOT_ASKED)).unread] == ["DKIM"]


def test_a_likely_answer_asks_for_confirmation_and_claims_nothing() -> None:
    brief = brief_of(at_microsoft("eu-smtp-inbound-1.mimecast.com"))
    assert answer(brief, "Microsoft 365").answer == "Büyük olasılıkla (güven orta)"
    assert answer(brief, "Segment").detail == "büyük olasılıkla Microsoft 365 kullanıyor, görüşmede doğrulayın"
    assert answer(brief, "Güvenlik geçidi") == BriefAnswer(
        "Güvenlik geçidi", "Mimecast", "gelen posta önce buradan geçiyor"
    )
