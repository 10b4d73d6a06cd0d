"""The table: order, and what a narrow terminal loses."""

from collections.abc import Sequence

from hunter.cli.screen.table import Row, row_of, table_lines
from hunter.cli.screen.terminal import Terminal, columns_of
from hunter.core.evidence import MailEvidence
from tests.support.builders import UNKNOWN, dkim_key, dmarc_policy, mail_evidence, spf_policy
from tests.support.cases import judged
from tests.support.words import wording


def well_kept(mx: str) -> MailEvidence:
    return mail_evidence(mx=(mx,), spf=spf_policy(), dkim=(dkim_key(),), dmarc=dmarc_policy("reject"))


def rows() -> list[Row]:
    found = {
        "olu.example": mail_evidence(mx=UNKNOWN, spf=UNKNOWN, dkim=UNKNOWN, dmarc=UNKNOWN),
        "natro-firma.example": mail_evidence(mx=("mx-in01.natrohost.com",)),
        "google-iyi.example": well_kept("aspmx.l.google.com"),
        "xn--rnek-irket-dcb97j.example": well_kept("mx.yandex.net"),
        "gecit.example": mail_evidence(mx=("eu-smtp-inbound-1.mimecast.com",), dkim=UNKNOWN),
    }
    return [row_of(judged(mail, domain)[0], wording()) for domain, mail in found.items()]


def lines(width: int, of: Sequence[Row] | None = None) -> list[str]:
    return list(table_lines(rows() if of is None else of, Terminal(width, has_colour=False, is_live=False), wording()))


def test_the_best_priority_and_then_the_higher_score_come_first_and_unknown_last() -> None:
    assert [line.split()[2] for line in lines(200)[1:]] == [
        "google-iyi.example",
        "örnek-şirket.example",
        "gecit.example",
        "natro-firma.example",
        "olu.example",
    ]


def test_of_two_companies_with_one_priority_the_higher_score_comes_first() -> None:
    lower = mail_evidence(
        mx=("aspmx.l.google.com",), spf=spf_policy(), dkim=(dkim_key(),), dmarc=dmarc_policy("quarantine")
    )
    pair = {"a.example": lower, "b.example": well_kept("aspmx.l.google.com")}
    found = [row_of(judged(mail, domain)[0], wording()) for domain, mail in pair.items()]
    assert [line.split()[:3] for line in lines(200, found)[1:]] == [["1", "90", "b.example"], ["1", "85", "a.example"]]


def test_unknown_numbers_are_no_zero() -> None:
    assert lines(200)[-1].split()[:2] == ["–", "–"]
    assert "Belirlenemedi" in lines(200)[-1]
    assert "MX, SPF, DKIM, DMARC" in lines(200)[-1]


def test_every_line_fits_and_no_company_is_lost() -> None:
    for width in range(40, 140):
        found = lines(width)
        assert max(map(columns_of, found)) <= width, width
        assert len(found) == 6


def test_a_narrow_terminal_loses_the_gateway_first_and_the_domain_never() -> None:
    assert "Geçit" in lines(120)[0]
    assert "Geçit" not in lines(70)[0]
    assert all(word in lines(40)[0] for word in ("Önc.", "Skor", "Alan adı", "Segment"))


def test_a_column_that_nobody_fills_is_not_shown() -> None:
    plain = [row for row in rows() if row.domain == "google-iyi.example"]
    assert "Geçit" not in lines(200, plain)[0]
    assert "Belirlenemeyen" not in lines(200, plain)[0]


def test_control_characters_never_reach_the_table() -> None:
    assessment, _ = judged(mail_evidence(mx=("mx.\x1b[2jbaska.example",)))
    assert all(line.isprintable() for line in lines(200, [row_of(assessment, wording())]))
