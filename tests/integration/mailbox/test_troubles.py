"""Mail servers in trouble: whatever goes wrong, wherever, is nothing learned and never a fact."""

from time import monotonic

import pytest

from hunter.collectors.mailbox.probe import Patience
from hunter.lab.mail.server import MailWorld
from hunter.lab.mail.troubles import parse_mail_fault
from tests.integration.mailbox.conftest import DOMAIN, INFO, SALES, SHORT, ServeMail, probe_at

BOTH = (INFO, SALES)
NOTHING = dict.fromkeys(BOTH)
WELL = {INFO: True, SALES: False}
BEFORE_THE_ANSWER = ("greeting", "ehlo", "mail", "rcpt")
#: Of form: the server speaks, and what it says is no SMTP, or no answer to what was asked.
MISSHAPEN = ("endless", "long_line", "garbage", "controls", "bare_feeds", "two_codes", "twice")
TROUBLES = (*MISSHAPEN, "silent", "cut", "drip:40", "slow:1000", "say:999 What", "say:HTTP/1.1 400 Bad Request")


def world(fault: str) -> MailWorld:
    return MailWorld(mailboxes=frozenset({INFO}), faults=(parse_mail_fault(fault),))


@pytest.mark.parametrize("step", BEFORE_THE_ANSWER)
@pytest.mark.parametrize("trouble", TROUBLES)
async def test_a_trouble_before_the_answer_is_nothing_learned(serve_world: ServeMail, trouble: str, step: str) -> None:
    _, port = await serve_world(world(f"{trouble}@{step}"))
    started = monotonic()
    assert await probe_at(port).accepts(DOMAIN, BOTH) == NOTHING
    assert monotonic() - started < SHORT.session_seconds


@pytest.mark.parametrize(
    "fault",
    [
        *("say:421 4.3.2 Shutting down@greeting", "say:554 No SMTP service here@greeting", "say:250 Hello@greeting"),
        *("say:421 Busy@ehlo", "say:450 Later@ehlo", "say:220 Ready@ehlo"),
        *("say:530 5.7.0 Must issue a STARTTLS command first@mail", "say:451 4.7.1 Greylisted@mail"),
        *("say:553 5.1.8 Sender refused@mail", "say:354 Go on@mail", "say:221 Bye@mail", "say:550 No@mail"),
    ],
)
async def test_a_server_that_is_not_willing_tells_nothing(serve_world: ServeMail, fault: str) -> None:
    server, port = await serve_world(world(fault))
    assert await probe_at(port).accepts(DOMAIN, BOTH) == NOTHING
    assert not any("RCPT" in command for commands in server.conversations for command in commands)


@pytest.mark.parametrize("trouble", [*MISSHAPEN, "say:250 2.1.5 OK", "say:550 5.1.1 No such user here"])
async def test_a_good_bye_that_is_out_of_step_takes_all_answers_back(serve_world: ServeMail, trouble: str) -> None:
    _, port = await serve_world(world(f"{trouble}@quit"))
    assert await probe_at(port).accepts(DOMAIN, BOTH) == NOTHING


@pytest.mark.parametrize("trouble", ["silent", "cut", "say:421 4.4.2 Bye", "slow:50"])
async def test_a_good_bye_without_manners_leaves_the_answers(serve_world: ServeMail, trouble: str) -> None:
    _, port = await serve_world(world(f"{trouble}@quit"))
    assert await probe_at(port).accepts(DOMAIN, BOTH) == WELL


@pytest.mark.parametrize("step", [*BEFORE_THE_ANSWER, "quit"])
@pytest.mark.parametrize("trouble", ["slow:50", "drip:1"])
async def test_a_slow_server_is_waited_for(serve_world: ServeMail, trouble: str, step: str) -> None:
    _, port = await serve_world(world(f"{trouble}@{step}"))
    patience = Patience(step_seconds=2.0, session_seconds=10.0)
    assert await probe_at(port, patience=patience).accepts(DOMAIN, BOTH) == WELL


async def test_a_tarpit_keeps_nobody_longer_than_allowed_and_what_it_told_stands(serve_world: ServeMail) -> None:
    _, port = await serve_world(world("slow:250@rcpt"))
    many = (INFO, *(f"a{number}@{DOMAIN}" for number in range(9)))
    started = monotonic()
    patience = Patience(step_seconds=1.0, session_seconds=0.9)
    told = await probe_at(port, patience=patience).accepts(DOMAIN, many)
    assert 0.9 <= monotonic() - started < 2.0
    assert told[INFO] is True
    assert told[many[-1]] is None


async def test_nothing_is_said_before_the_greeting_has_ended(serve_world: ServeMail) -> None:
    server, port = await serve_world(world("silent@greeting"))
    await probe_at(port).accepts(DOMAIN, BOTH)
    assert server.conversations == [[]]
