"""Troubles of the mail server, read from text."""

import pytest

from hunter.core.errors import InvalidInput
from hunter.lab.mail.troubles import MailFault, MailStep, MailTrouble, parse_mail_fault


def test_a_trouble_is_read_with_its_step_and_argument() -> None:
    assert parse_mail_fault("cut@rcpt") == MailFault(MailTrouble.CUT, MailStep.RCPT)
    assert parse_mail_fault("slow:20@greeting") == MailFault(MailTrouble.SLOW, MailStep.GREETING, "20")
    assert parse_mail_fault("say:550 a@b: no@rcpt") == MailFault(MailTrouble.SAY, MailStep.RCPT, "550 a@b: no")


@pytest.mark.parametrize("text", ["", "cut", "cut@nowhere", "odd@rcpt", "slow@rcpt", "drip:x@rcpt", "say:a\nb@rcpt"])
def test_anything_else_is_an_error(text: str) -> None:
    with pytest.raises(InvalidInput):
        parse_mail_fault(text)
