"""Every code has its phrase in both languages, every phrase its code; and no sentence says more than the data."""

import ast
import re
from collections.abc import Iterator
from functools import cache

import pytest

from hunter.cli.screen.table import COLUMNS
from hunter.collectors.gathering import FAILED
from hunter.collectors.microsoft import answers
from hunter.collectors.network import collect
from hunter.collectors.registration import registration
from hunter.core.assessment import Assessment
from hunter.core.evidence import Evidence, MailEvidence
from hunter.core.judgement.commercial import PriorityCategory
from hunter.core.judgement.reason_codes import FACT_CODES, REASON_CODES
from hunter.core.judgement.scoring import CONTRIBUTION_CODES
from hunter.core.judgement.segmentation import Segment
from hunter.core.names.company_domain import DOMAIN_REFUSALS
from hunter.core.provider.classification import M365_REASONS
from hunter.core.provider.infrastructure import USAGE_WORDS
from hunter.core.provider.providers import Confidence, M365State, Provider
from hunter.core.provider.tenant_size import SIZE_REASONS
from hunter.core.signals import Absent, Found, Unknown
from hunter.core.table_rows import ROW_PROBLEMS
from hunter.documents.errors import FILE_PROBLEMS, SIZE_PROBLEMS, TYPE_PROBLEMS
from hunter.sales.brief import compose_brief
from hunter.sales.reason import reason
from hunter.sales.wording import is_own_server
from hunter.services.lists.candidates import DO_NOT_CONTACT
from hunter.services.lists.columns import ColumnKind
from tests.support.builders import UNKNOWN, dkim_key, dmarc_policy, mail_evidence, spf_policy
from tests.support.cases import BROKEN_SPF, FAILURES, cases, judged
from tests.support.house import sources
from tests.support.words import LANGUAGES, shipped_rules, source_catalogue, wording

WHY_UNKNOWN_PROVIDER = ("behind_gateway", "forwarding", "no_mail", "mx_unknown")
SIGNALS = (
    "mx", "spf", "dkim", "dmarc", "autodiscover", "ns",
    "registration", "registrar", "expires_at", "nameservers", "tenant", "realm", "mx_network", "web_network",
)  # fmt: skip
#: Groups of phrases that are found by a code, with every code that may come.
CODES: dict[str, tuple[str, ...]] = {
    "provider": (*(one for one in Provider if one is not Provider.UNKNOWN), *WHY_UNKNOWN_PROVIDER, "own_server"),
    "reason": REASON_CODES,
    "fact": FACT_CODES,
    "signal": SIGNALS,
    "absent": BROKEN_SPF,
    "absent_dmarc": ("multiple", "invalid"),
    "absent_mx": ("nodata", "nxdomain", "null_mx"),
    "unknown": (*FAILURES, "selector_not_known", "wildcard", "not_asked", FAILED),
    "m365": tuple(M365State),
    "m365_reason": M365_REASONS,
    "confidence": tuple(Confidence),
    "segment": (*Segment, "none"),
    "segment_meaning": (*Segment, "none"),
    "priority": (*map(str, range(1, 8)), "none"),
    "play": tuple(PriorityCategory),
    "play_action": tuple(PriorityCategory),
    "size_reason": SIZE_REASONS,
    "tag": tuple(shipped_rules().rules.tags.names),
    "contribution": tuple(code for code in CONTRIBUTION_CODES if code not in ("provider", "dkim_none")),
    "table": COLUMNS,
    "refusal": (*DOMAIN_REFUSALS, *ROW_PROBLEMS, DO_NOT_CONTACT),
    "note": (ColumnKind.EMPLOYEES, ColumnKind.COUNTRY, ColumnKind.CITY, ColumnKind.MARKS),
    "file": (*FILE_PROBLEMS, *SIZE_PROBLEMS, *TYPE_PROBLEMS),
    "unknown_registration": (*registration.REASONS, registration.NOT_PUBLISHED, FAILED),
    "unknown_tenant": (*answers.REASONS, *answers.FORMER_REASONS, FAILED),
    "unknown_network": (*FAILURES, *collect.REASONS, FAILED),
    "usage": tuple(USAGE_WORDS),
}
PROSE_OF_NOTHING = re.compile(r"[{}]|\bNone\b|\bnull\b(?! MX)|\*\*|  |[.,;:!?]{2,}|\s[.,;:!?]|!|—|\(\)|\( |^\s|\s$")
SENTENCE_END = re.compile(r"[.?](?= [A-ZÇĞİÖŞÜ]|$)")


def keys(language: str) -> set[str]:
    return {str(message.id) for message in source_catalogue(language) if message.id}


@cache
def rendered(language: str) -> tuple[tuple[Assessment, Evidence, str, tuple[str, ...]], ...]:
    """Every case of the grid with its reason and all phrases of its brief."""
    words = wording(language)
    return tuple((one, seen, reason(one, seen, words), tuple(phrases(one, seen, language))) for one, seen in cases())


def phrases(assessment: Assessment, evidence: Evidence, language: str) -> Iterator[str]:
    brief = compose_brief(assessment, evidence, wording(language))
    yield from (brief.verdict.lead, brief.verdict.rest, brief.rulebook)
    for answer in brief.answers:
        yield from (text for text in (answer.question, answer.answer, answer.detail) if text)
    yield from (step.label for step in brief.steps)
    for finding in brief.findings:
        yield from (finding.title, finding.meaning)
    for unread in brief.unread:
        yield from (unread.title, unread.cause)


def verdict(assessment: Assessment, evidence: Evidence, language: str = "tr") -> str:
    found = compose_brief(assessment, evidence, wording(language)).verdict
    return f"{found.lead} {found.rest}"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("group", "codes"), CODES.items(), ids=CODES)
def test_every_code_has_a_phrase(language: str, group: str, codes: tuple[str, ...]) -> None:
    assert {f"{group}.{code}" for code in codes} - keys(language) == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_phrase_is_left_untranslated(language: str) -> None:
    assert [message.id for message in source_catalogue(language) if message.id and not message.string] == []


def test_both_languages_have_the_same_phrases_with_the_same_values() -> None:
    values = {
        language: {m.id: sorted(re.findall(r"{\w+}", str(m.string))) for m in source_catalogue(language) if m.id}
        for language in LANGUAGES
    }
    assert values["tr"] == values["en"]


def test_every_phrase_is_used() -> None:
    """A phrase is named in the code by its key, or found by one of the codes above."""
    said = {f"{group}.{code}" for group, codes in CODES.items() for code in codes}
    texts = {text for source in sources() if source.name.startswith("src/") for text in texts_of(source.tree)}
    prefixes = tuple(text for text in texts if re.fullmatch(r"[a-z0-9_]+\.[a-z_]*_?", text))
    unused = {key for key in keys("tr") - said - texts if not key.startswith(prefixes)}
    assert unused == set()


def test_every_failure_that_the_mail_collector_names_is_worded() -> None:
    named = {
        str(call.args[0].value)
        for source in sources()
        if source.name.startswith(("src/hunter/collectors/mail/", "src/hunter/core/"))
        for call in ast.walk(source.tree)
        if isinstance(call, ast.Call) and ast.unparse(call.func).lower() == "unknown" and call.args
        if isinstance(call.args[0], ast.Constant)
    }
    assert {f"unknown.{reason}" for reason in named} - keys("tr") == set()
    assert {"timeout", "selector_not_known", "not_asked"} <= named


def texts_of(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_value_is_inflected(language: str) -> None:
    """A name that is filled in can need any suffix, so no phrase hangs one on it."""
    inflected = [m.id for m in source_catalogue(language) if re.search(r"}['’]?\w", str(m.string))]
    assert inflected == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_rendered_sentence_has_a_hole(language: str) -> None:
    groups = {key.split(".")[0] for key in keys(language)}
    unworded = re.compile(rf"\b(?:{'|'.join(sorted(groups))})\.[a-zA-Z_]+\b")
    for _, _, why, texts in rendered(language):
        for text in (why, *texts):
            assert not PROSE_OF_NOTHING.search(text), text
            assert not unworded.search(text), text


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_reason_is_one_or_two_sentences_and_ends_with_score_and_provider(language: str) -> None:
    for assessment, _, why, _ in rendered(language):
        body, separator, _ = why.partition(" Score: ")
        assert 1 <= len(SENTENCE_END.findall(body)) <= 2, why
        if assessment.score is None:
            assert not separator, why
        else:
            provider = assessment.classification.provider
            assert why.endswith(f" Score: {assessment.score.points}, Provider: {provider}"), why


@pytest.mark.parametrize("language", LANGUAGES)
def test_only_a_hard_fail_begins_as_one(language: str) -> None:
    for assessment, _, why, _ in rendered(language):
        is_hard_fail = assessment.score is not None and assessment.score.hard_fail is not None
        assert why.startswith("Hard-fail:") is is_hard_fail, why


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_verdict_is_short(language: str) -> None:
    for assessment, seen, _, _ in rendered(language):
        text = verdict(assessment, seen, language)
        assert len(text) <= 190, text
        assert len(SENTENCE_END.findall(text)) <= 3, text  # The second may have a short one beside it.


def test_unknown_is_never_called_missing() -> None:
    """What could not be read is neither missing nor there, in no sentence."""
    for assessment, seen, why, texts in rendered("tr"):
        for name, signal in {"SPF": seen.mail.spf, "DKIM": seen.mail.dkim, "DMARC": seen.mail.dmarc}.items():
            if isinstance(signal, Unknown) and assessment.score is not None and not assessment.score.hard_fail:
                assert not re.search(rf"{name} (kaydı|imzası) (yok|var)", "\n".join((why, *texts))), why
                assert name in why.partition("elirlenemedi: ")[2], why


def test_missing_is_said_of_absent_signals_only() -> None:
    for _, seen, _, texts in rendered("tr"):
        joined = "\n".join(texts)
        assert ("SPF kaydı yok" in joined) <= (isinstance(seen.mail.spf, Absent) and not seen.mail.spf.raw)
        assert ("DKIM imzası yok" in joined) <= isinstance(seen.mail.dkim, Absent)
        assert ("DMARC kaydı yok" in joined) <= (isinstance(seen.mail.dmarc, Absent) and not seen.mail.dmarc.raw)


def test_a_broken_spf_is_there_but_invalid_and_says_why() -> None:
    for cause in BROKEN_SPF:
        assessment, seen = judged(mail_evidence(spf=Absent(cause, ("v=spf1 -all",))))
        assert f"SPF kaydı var ama geçersiz ({wording().say(f'absent.{cause}')})" in reason(assessment, seen, wording())


def test_own_server_is_said_only_of_own_names() -> None:
    for assessment, _, why, texts in rendered("tr"):
        if re.search(r"[Kk]endi sunucusu", "\n".join((why, *texts))):
            assert is_own_server(assessment.classification), why
            assert assessment.classification.mail_service is None
            assert assessment.classification.local_provider is None


def test_testing_is_never_praised_as_enforced() -> None:
    for _, seen, why, texts in rendered("tr"):
        dmarc = seen.mail.dmarc
        if isinstance(dmarc, Found) and dmarc.value.is_testing:
            assert not re.search(r"DMARC (reddediyor|karantinaya alıyor|kısmen)", "\n".join((why, *texts))), why


def test_a_gateway_in_front_never_makes_a_plain_yes() -> None:
    behind = mail_evidence(
        mx=("eu-smtp-inbound-1.mimecast.com",),
        autodiscover_cname="autodiscover.outlook.com",
        dkim_targets=(("selector1", "selector1-firma-example._domainkey.firma.onmicrosoft.com"),),
    )
    text = verdict(*judged(behind))
    assert text == "Büyük olasılıkla Microsoft 365, önünde bir güvenlik geçidi var (Mimecast). Görüşmede doğrulayın."


def test_a_token_alone_is_no_half_finished_migration() -> None:
    text = verdict(*judged(mail_evidence(mx=("aspmx.l.google.com",), verifications=("microsoft",))))
    assert text == (
        "Google Workspace kullanıyor, Microsoft 365 kullanmıyor. Microsoft'ta izi var, e-postası orada değil."
    )


def test_mx_unknown_says_what_failed_and_when_it_is_tried_again() -> None:
    assessment, seen = judged(MailEvidence(mx=UNKNOWN))
    assert reason(assessment, seen, wording("en")) == (
        "The mail records (MX) could not be read: the name server did not answer in time. "
        "No new score was given (an earlier one stands), the next scan looks again."
    )


def test_an_open_spf_is_not_praised() -> None:
    assessment, seen = judged(mail_evidence(mx=("aspmx.l.google.com",), spf=spf_policy(all_qualifier="+")))
    assert "SPF kaydı var" not in reason(assessment, seen, wording())
    assert "SPF kaydı herkese izin veriyor (+all)" in "\n".join(phrases(assessment, seen, "tr"))


def test_partial_coverage_is_named_with_its_number() -> None:
    spf, dkim, dmarc = spf_policy("_spf.google.com"), (dkim_key("google"),), dmarc_policy("reject", coverage=25)
    seen = mail_evidence(mx=("aspmx.l.google.com",), spf=spf, dkim=dkim, dmarc=dmarc)
    assert "DMARC reddediyor (kapsam %25), DKIM imzası var." in reason(*judged(seen), wording())
