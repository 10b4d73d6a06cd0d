"""What is asked about one domain, batch by batch, and the evidence that comes of it."""

from dataclasses import fields

import pytest

from hunter.collectors.mail import wire
from hunter.collectors.mail.answer import Answer
from hunter.collectors.mail.inquiry import Inquiry, all_unknown
from hunter.core.evidence import DKIMTarget, MailEvidence
from hunter.core.signals import NOT_ASKED, Absent, Found, Unknown
from tests.support.rulebooks import shipped_rulebook
from tests.unit.collectors.mail.messages import NAME, denied, empty, failed, found, key

TENANT_MX = found((0, "firma-example.mail.protection.outlook.com"))
AUTODISCOVER = found("autodiscover.outlook.com", chain=())


def inquiry(domain: str = NAME) -> Inquiry:
    """An inquiry with the shipped signatures."""
    return Inquiry(domain, shipped_rulebook().signatures)


def names(questions: "list[bytes] | tuple[bytes, ...]") -> list[tuple[str, int]]:
    """Questions as pairs of name and type."""
    return [(wire.question_name(question), int.from_bytes(question[-4:-2], "big")) for question in questions]


def begun(
    *,
    mx: Answer = TENANT_MX,
    txt: Answer | None = None,
    dmarc: Answer | None = None,
    autodiscover: Answer = AUTODISCOVER,
) -> Inquiry:
    """An inquiry that has its first answers and goes on."""
    asked = inquiry()
    answers = [mx, txt or empty(), dmarc or denied(), found("ns1.firma.example"), autodiscover]
    assert asked.receive_first(answers) is None
    return asked


def finished(asked: Inquiry, answer: Answer) -> MailEvidence:
    """Give one and the same answer to all that is still asked below the domain; the evidence."""
    while questions := asked.questions():
        asked.receive([answer] * len(questions))
    return asked.evidence()


def test_first_wave_asks_five_questions_in_the_zone() -> None:
    assert names(inquiry().first_questions()) == [
        (NAME, wire.MX),
        (NAME, wire.TXT),
        (f"_dmarc.{NAME}", wire.TXT),
        (NAME, wire.NS),
        (f"autodiscover.{NAME}", wire.CNAME),
    ]


def test_name_that_does_not_exist_ends_after_the_first_wave() -> None:
    evidence = inquiry().receive_first([denied()] * 5)
    assert {getattr(evidence, signal.name) for signal in fields(MailEvidence)} == {Absent("nxdomain")}


def test_no_signal_is_left_unasked_where_every_question_was_answered() -> None:
    evidence = finished(begun(dmarc=found(b"v=DMARC1; p=none"), autodiscover=denied()), denied())
    assert [signal.name for signal in fields(MailEvidence) if getattr(evidence, signal.name) == NOT_ASKED] == []


def test_silence_to_everything_is_unknown_after_the_first_wave() -> None:
    assert inquiry().receive_first([failed("timeout")] * 5) == all_unknown("timeout")


def test_one_failure_beside_denials_is_not_made_a_denial() -> None:
    asked = inquiry()
    assert asked.receive_first([denied(), failed("servfail"), denied(), denied(), denied()]) is None
    evidence = finished(asked, denied())
    assert evidence.mx == Absent("nxdomain")
    assert evidence.spf == Unknown("servfail")


def test_dangling_alias_of_the_domain_is_no_missing_name() -> None:
    """The name is there; its alias leads nowhere (RFC 8020 speaks of names that are not)."""
    asked = inquiry()
    assert asked.receive_first([denied("gone.example")] * 5) is None


def test_tenant_mx_leads_to_its_selector_and_no_service_is_asked_beside_the_alias() -> None:
    assert names(begun().questions()) == [(f"selector1._domainkey.{NAME}", wire.TXT)]


def test_service_is_asked_where_there_is_no_alias() -> None:
    asked = begun(autodiscover=denied())
    questions = asked.questions()
    assert names(questions)[-1] == (f"_autodiscover._tcp.{NAME}", wire.SRV)
    answers = [key("selector1-firma-example._domainkey.t.example"), found((0, 0, 443, "mail.firma.example"))]
    asked.receive(answers)
    assert asked.questions() == []
    evidence = asked.evidence()
    assert evidence.autodiscover_srv == Found("mail.firma.example")
    assert evidence.dkim_targets == Found((DKIMTarget("selector1", "selector1-firma-example._domainkey.t.example"),))


def test_service_that_was_not_asked_is_unknown_not_absent() -> None:
    assert finished(begun(), denied()).autodiscover_srv == Unknown("not_asked")


def test_names_below_spf_are_asked_level_by_level() -> None:
    asked = begun(txt=found(b"v=spf1 include:a.example include:b.example -all"))
    assert asked.names()[:2] == ("a.example", "b.example")
    asked.receive_texts("a.example", Found(("v=spf1 include:c.example -all",)))
    asked.receive_texts("b.example", Found(("v=spf1 ip4:192.0.2.1 -all",)))
    assert "c.example" in asked.names()
    asked.receive_texts("c.example", Found(("v=spf1 -all",)))
    spf = finished(asked, denied()).spf
    assert isinstance(spf, Found)
    assert spf.value.names == ("a.example", "c.example", "b.example")


def test_failure_below_spf_is_unknown_and_keeps_the_text() -> None:
    asked = begun(txt=found(b"v=spf1 include:a.example -all"))
    asked.receive_texts("a.example", Unknown("timeout"))
    assert finished(asked, denied()).spf == Unknown("timeout", ("v=spf1 include:a.example -all",))


def test_dmarc_of_the_parent_applies() -> None:
    asked = Inquiry("mail.firma.example", shipped_rulebook().signatures)
    answers = [TENANT_MX, empty(), denied(), empty(), AUTODISCOVER]
    assert asked.receive_first(answers) is None
    assert "_dmarc.firma.example" in asked.names()
    for name in asked.names():
        is_parent = name == "_dmarc.firma.example"
        asked.receive_texts(name, Found(("v=DMARC1; p=reject",)) if is_parent else Absent("nxdomain"))
    dmarc = finished(asked, denied()).dmarc
    assert isinstance(dmarc, Found)
    assert (dmarc.value.policy, dmarc.value.is_inherited) == ("reject", True)


def test_ownership_tokens_become_vendors() -> None:
    evidence = finished(begun(txt=found(b"MS=ms12345678", b"hello")), denied())
    assert evidence.verifications == Found(("microsoft",))
    assert finished(begun(txt=found(b"hello")), denied()).verifications == Absent("nodata")
    assert finished(begun(txt=failed("refused")), denied()).verifications == Unknown("refused")


def test_longest_name_leaves_room_for_what_is_asked_below_it() -> None:
    """Names from 200 to 253 letters: each is either refused at once or can be asked about to the end."""
    outcomes = set()
    for size in range(200, 254):
        domain = ("a." * 127)[: size - 1] + "b" if size % 2 else "bb." + ("a." * 127)[: size - 4] + "c"
        assert len(domain) == size
        try:
            asked = inquiry(domain)
        except ValueError:
            outcomes.add("refused")
            continue
        asked.receive_first([empty(), empty(), empty(), empty(), denied()])
        while questions := asked.questions():
            assert max(map(len, questions)) - 4 <= 255
            asked.receive([empty()] * len(questions))
        outcomes.add("asked")
    assert outcomes == {"asked", "refused"}


@pytest.mark.parametrize("domain", ["", "a..example", "x" * 64 + ".example"])
def test_what_is_no_name_is_refused(domain: str) -> None:
    with pytest.raises(ValueError, match="domain name"):
        inquiry(domain)
