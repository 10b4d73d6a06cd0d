"""The mail server of the lab, as a client sees it that knows nothing of Hunter."""

import asyncio
import smtplib
from collections.abc import Callable

import pytest

from hunter.lab.mail.server import MailWorld, serve_mail
from hunter.lab.mail.troubles import parse_mail_fault

INFO, SALES, FULL = "info@firma.example", "sales@firma.example", "full@firma.example"
WORLD = MailWorld(mailboxes=frozenset({INFO}), replies={FULL: "552 5.2.2 Full"})


async def by_smtplib(port: int, talk: Callable[[smtplib.SMTP], object]) -> object:
    """Talk as the standard library does, in a thread of its own."""

    def session() -> object:
        with smtplib.SMTP("127.0.0.1", port, "client.example", timeout=5) as client:
            return talk(client)

    return await asyncio.to_thread(session)


async def test_an_ordinary_client_learns_who_has_a_mailbox() -> None:
    def talk(client: smtplib.SMTP) -> tuple[int, ...]:
        client.ehlo_or_helo_if_needed()
        assert client.has_extn("pipelining")
        first = client.mail("a@client.example")[0]
        return (first, *(client.rcpt(address)[0] for address in (INFO, SALES, FULL)))

    async with serve_mail(WORLD) as (server, port):
        assert await by_smtplib(port, talk) == (250, 250, 550, 552)
        assert [command.partition(" ")[0].upper() for command in server.conversations[0]] == [
            *("EHLO", "MAIL", "RCPT", "RCPT", "RCPT", "QUIT")
        ]


async def test_a_message_is_not_taken() -> None:
    async with serve_mail(WORLD) as (_, port):
        assert await by_smtplib(port, lambda client: client.docmd("DATA")[0]) == 502


async def test_an_ordinary_client_falls_back_to_the_old_greeting() -> None:
    async with serve_mail(MailWorld(faults=(parse_mail_fault("say:502 No@ehlo"),))) as (server, port):
        await by_smtplib(port, lambda client: client.ehlo_or_helo_if_needed())
        assert [command.partition(" ")[0].upper() for command in server.conversations[0]] == ["EHLO", "HELO", "QUIT"]


async def test_after_too_many_recipients_the_server_hangs_up() -> None:
    def talk(client: smtplib.SMTP) -> list[int]:
        client.helo()
        client.mail("a@client.example")
        return [client.rcpt(INFO)[0] for _ in range(3)]

    async with serve_mail(MailWorld(mailboxes=frozenset({INFO}), most_recipients=2)) as (server, port):
        with pytest.raises(smtplib.SMTPServerDisconnected):
            await by_smtplib(port, lambda client: (talk(client), client.noop()))
        assert len(server.conversations) == 1


@pytest.mark.parametrize(
    ("fault", "sent"),
    [
        ("say:421 Busy@greeting", b"421 Busy\r\n"),
        ("cut@greeting", b"220 mail.lab."),
        ("bare_feeds@greeting", b"220 mail.lab.example ESMTP\n"),
        ("two_codes@greeting", b"220-first\r\n250 second\r\n"),
        ("twice@greeting", b"220 mail.lab.example ESMTP\r\n" * 2),
        ("drip:1@greeting", b"220 mail.lab.example ESMTP\r\n"),
        ("garbage@greeting", bytes(range(256)) * 40),
    ],
)
async def test_a_trouble_is_on_the_wire_as_it_was_asked_for(fault: str, sent: bytes) -> None:
    async with serve_mail(MailWorld(faults=(parse_mail_fault(fault),))) as (server, port):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        assert await reader.readexactly(len(sent)) == sent
        writer.close()
        await server.all_left()


@pytest.mark.parametrize(("fault", "ends_line"), [("endless@greeting", True), ("long_line@greeting", False)])
async def test_large_replies_are_large(fault: str, ends_line: bool) -> None:
    async with serve_mail(MailWorld(faults=(parse_mail_fault(fault),))) as (_, port):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        piece = await reader.readexactly(1 << 21)
        assert piece.startswith(b"220")
        assert (b"\r\n" in piece) is ends_line
        writer.close()
