"""The reason: what was found, why this segment, the strongest facts, what is unknown, score and provider."""

import pytest

from hunter.core.evidence import MailEvidence
from hunter.core.signals import Absent, Unknown
from hunter.sales.reason import reason
from tests.support.builders import UNKNOWN, dkim_key, dmarc_policy, mail_evidence, spf_policy
from tests.support.cases import judged
from tests.support.words import wording

GOOGLE = mail_evidence(
    mx=("aspmx.l.google.com",),
    spf=spf_policy("_spf.google.com"),
    dkim=(dkim_key("google"),),
    dmarc=dmarc_policy("reject"),
)


def reason_of(mail: MailEvidence, language: str = "tr", domain: str = "firma.example") -> str:
    return reason(*judged(mail, domain), wording(language))


@pytest.mark.parametrize(
    ("mail", "text"),
    [
        (
            GOOGLE,
            "Google Workspace kullanıyor ve teknik olarak Microsoft 365'e taşınmaya hazır. "
            "DMARC reddediyor, DKIM imzası var. Score: 90, Provider: Google",
        ),
        (
            mail_evidence(mx=("firma-example.mail.protection.outlook.com",), spf=spf_policy("_spf.google.com")),
            "Microsoft 365 kullanıyor: konu taşınma değil, aboneliği korumak ve ek satış. "
            "DKIM imzası yok, DMARC kaydı yok. Score: 45, Provider: M365",
        ),
        (
            mail_evidence(
                mx=("mx-in01.natrohost.com",), spf=spf_policy(), dkim=(dkim_key("ntr"),), dmarc=dmarc_policy("reject")
            ),
            "E-postasını Natro barındırıyor; bugün için önceliği düşük. "
            "DMARC reddediyor, DKIM imzası var. Score: 50, Provider: Local",
        ),
        (
            mail_evidence(spf=spf_policy("a.example")),
            "Kendi sunucusunu kullanıyor; bugün için önceliği düşük. "
            "DKIM imzası yok, DMARC kaydı yok. Score: 5, Provider: Local",
        ),
        (
            mail_evidence(mx=("aspmx.l.google.com",), spf=spf_policy("_spf.google.com")),
            "Google Workspace kullanıyor; fırsatın işaretleri zayıf, önce daha çok bilgi toplayın. "
            "DKIM imzası yok, DMARC kaydı yok. Score: 45, Provider: Google",
        ),
        (
            mail_evidence(mx=("mail.protonmail.ch",), spf=Absent("limit", ("v=spf1 ...",)), dkim=UNKNOWN),
            "Proton Mail kullanıyor; bir fırsat görmek için eldeki veri çok az. SPF kaydı var ama geçersiz "
            "(10 DNS sorgusu sınırını aşıyor), DMARC kaydı yok; belirlenemedi: DKIM. Score: 10, Provider: Hosting",
        ),
        (
            mail_evidence(mx=("eu-smtp-inbound-1.mimecast.com",), spf=UNKNOWN, dkim=UNKNOWN, dmarc=UNKNOWN),
            "E-posta bir güvenlik geçidinden geçiyor (Mimecast), arkasındaki sağlayıcı görünmüyor; bir fırsat görmek "
            "için eldeki veri çok az. Belirlenemedi: SPF, DKIM, DMARC. Score: 0, Provider: Unknown",
        ),
        (
            mail_evidence(mx=Absent("nxdomain")),
            "Hard-fail: MX kaydı yok, bu alan adı DNS'te kayıtlı değil. Score: 0, Provider: Unknown",
        ),
        (
            mail_evidence(mx=Absent("null_mx", ("0 .",))),
            "Hard-fail: MX kaydı yok, alan adı e-posta almadığını bildiriyor (null MX). Score: 0, Provider: Unknown",
        ),
        (
            MailEvidence(mx=Unknown("servfail")),
            "E-posta kayıtları (MX) okunamadı: ad sunucusu hata bildirdi (SERVFAIL). "
            "Yeni skor verilmedi (varsa önceki skor geçerli), bir sonraki taramada yeniden bakılacak.",
        ),
    ],
    ids=["migration", "existing", "host", "own", "cold", "skip", "gateway", "nxdomain", "null_mx", "mx_unknown"],
)
def test_the_reason_reads_as_a_salesperson_needs_it(mail: MailEvidence, text: str) -> None:
    assert reason_of(mail) == text


def test_a_name_that_is_no_domain_fails_hard_and_is_repeated() -> None:
    assert reason_of(mail_evidence(), domain="ex_ample.com") == (
        'Hard-fail: "ex_ample.com" geçerli bir alan adı değil. Score: 0, Provider: Local'
    )


def test_the_gateway_in_front_is_named_beside_the_provider() -> None:
    mail = mail_evidence(
        mx=("eu-smtp-inbound-1.mimecast.com",),
        autodiscover_cname="autodiscover.outlook.com",
        dkim_targets=(("selector1", "selector1-firma-example._domainkey.firma.onmicrosoft.com"),),
    )
    assert reason_of(mail, "en").startswith("Most likely uses Microsoft 365, behind a security gateway (Mimecast): ")


def test_the_same_case_reads_in_english() -> None:
    assert reason_of(GOOGLE, "en") == (
        "Uses Google Workspace and is technically ready to move to Microsoft 365. "
        "DMARC rejects, DKIM signature found. Score: 90, Provider: Google"
    )


def test_four_includes_are_counted() -> None:
    spf = spf_policy("a.example", "b.example", "c.example", "d.example")
    assert "SPF çok dallı (4 include)" in reason_of(mail_evidence(mx=("mx.yandex.net",), spf=spf, dkim=UNKNOWN))
