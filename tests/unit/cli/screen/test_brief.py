"""The brief on a terminal: order, width, colour, and safety."""

from functools import cache
from itertools import islice

from hunter.cli.screen.brief import brief_lines, shown_domain
from hunter.cli.screen.terminal import Terminal, columns_of
from hunter.core.evidence import MailEvidence
from hunter.core.signals import Absent, Found
from hunter.sales.brief import Brief, compose_brief
from tests.support.builders import UNKNOWN, dkim_key, dmarc_policy, mail_evidence, spf_policy
from tests.support.cases import cases, judged
from tests.support.words import wording

GOOGLE = mail_evidence(
    mx=("aspmx.l.google.com", "alt1.aspmx.l.google.com"),
    spf=spf_policy("_spf.google.com"),
    dkim=(dkim_key("google"),),
    dmarc=dmarc_policy("quarantine"),
)


@cache
def sample() -> tuple[Brief, ...]:
    """The brief of every seventh case of the grid; seven shares no factor with its sides."""
    return tuple(compose_brief(*case, wording()) for case in islice(cases(), 0, None, 7))


def lines(mail: MailEvidence, *, width: int = 80, has_colour: bool = False, domain: str = "firma.example") -> list[str]:
    brief = compose_brief(*judged(mail, domain), wording())
    return list(brief_lines(brief, Terminal(width, has_colour=has_colour, is_live=has_colour), wording()))


def test_a_brief_tells_verdict_answers_score_and_findings_in_this_order() -> None:
    assert lines(GOOGLE) == [
        "firma.example · Skor 85 · Öncelik 1/7",
        "Google Workspace kullanıyor, Microsoft 365 kullanmıyor. Taşınma için güçlü bir",
        "fırsat; DMARC karantinaya alıyor, DKIM imzası var.",
        "",
        "Microsoft 365    Hayır (güven yüksek): posta açıkça başka yerde",
        "Güvenlik geçidi  Görünmüyor",
        "Segment          Taşınma: başka bir sağlayıcıda, Microsoft 365'e taşınabilir",
        "Öncelik          1/7: bugün arayın",
        "Satış yaklaşımı  P2 rakipten devralma: 3 gün içinde keşif görüşmesi yapın",
        "Büyüklük         50–500 kişi, DNS'ten tahmin: MX her boy firmada aynı biçimde",
        "Etiketler        Google Workspace, taşınmaya hazır",
        "Skor neden 85?   Google Workspace +50 · SPF var +10 · DKIM var +10 ·",
        f"                 DMARC karantina +15 = 85 (kural seti {judged(GOOGLE)[0].rulebook_version})",
        "",
        "Ne gördük, ne anlama geliyor?",
        "  · E-posta sunucusu aspmx.l.google.com ve 1 tane daha: bulut e-postaya alışkın,",
        "    taşınması bilinen bir iş",
        "  · Ad sunucuları ns1.firma.example, ns2.firma.example: DNS burada yönetiliyor",
        "  ✓ SPF kaydı var: gönderenler tanımlı; DNS sorgusu 1 / 10",
        "  ✓ DKIM imzası var: e-postanın yolda değişmediği doğrulanabiliyor",
        "  ✓ DMARC karantinaya alıyor (p=quarantine): alıcılardan sahte e-postayı",
        "    ayırması isteniyor",
    ]


def test_a_brief_with_nothing_known_says_so_and_shows_no_number() -> None:
    text = "\n".join(lines(MailEvidence(mx=UNKNOWN, spf=UNKNOWN, dmarc=UNKNOWN)))
    assert text.startswith("firma.example · Skor belirlenemedi\nSağlayıcı belirlenemedi. MX okunamadı:")
    assert "Neyi bilmiyoruz, neden?" in text
    assert "? MX: ad sunucusu süresinde yanıt vermedi" in text
    assert "Skor neden" not in text
    assert " 0" not in text


def test_a_brief_without_mail_has_no_steps() -> None:
    text = "\n".join(lines(mail_evidence(mx=Absent("null_mx", ("0 .",)))))
    assert text.startswith("firma.example · Skor 0 · Öncelik 7/7\nBu alan adında e-posta yok.")
    assert "Skor neden" not in text


def test_most_briefs_fit_one_screen() -> None:
    screen = Terminal(80, has_colour=False, is_live=False)
    heights = sorted(sum(1 for _ in brief_lines(brief, screen, wording())) for brief in sample())
    assert heights[len(heights) // 2] <= 24
    assert heights[-1] <= 32


def test_steps_add_up_to_the_score() -> None:
    for brief in sample():
        assert not brief.steps or sum(step.points for step in brief.steps) == brief.score


def test_no_line_is_wider_than_the_terminal() -> None:
    for width in (60, 80, 120):
        for line in lines(GOOGLE, width=width):
            assert columns_of(line) <= min(width, 100)


def test_without_colour_there_is_no_control_character_and_with_it_the_verdict_is_strong() -> None:
    assert all(line.isprintable() for line in lines(GOOGLE))
    coloured = lines(GOOGLE, has_colour=True)
    assert coloured[1].startswith("\x1b[1mGoogle Workspace kullanıyor, Microsoft 365 kullanmıyor.\x1b[0m Taşınma")


def test_what_dns_says_cannot_drive_the_terminal() -> None:
    hostile = mail_evidence(
        mx=("mx.\x1b]0;kötü\x07.example",),
        spf=Absent("syntax", ("v=spf1 \x1b[2J",)),
        ns=("ns.\x9b2j.example",),
        autodiscover_cname=Found("\u202eauto.example"),
    )
    found = lines(hostile)
    assert all(line.isprintable() for line in found)
    assert any(r"mx.\x1b]0;kötü\x07.example" in line for line in found)


def test_an_international_name_is_shown_as_people_write_it_with_its_dns_form() -> None:
    assert shown_domain("xn--rnek-irket-dcb97j.example") == "örnek-şirket.example (xn--rnek-irket-dcb97j.example)"
    assert shown_domain("firma.example") == "firma.example"
