"""What the probe learns from mail servers over real sockets, and what it says to them."""

import asyncio
import re

import pytest

from hunter.collectors.mail import wire
from hunter.collectors.mail.readings import hosts_by_preference
from hunter.collectors.mail.resolver import Resolver
from hunter.collectors.mail.upstream import Upstream
from hunter.collectors.mailbox.probe import MOST_ADDRESSES, MailboxProbe, Patience
from hunter.core.records.mx import MXHost
from hunter.core.signals import Absent, Found, Signal, Unknown
from hunter.lab.mail.server import MailWorld
from hunter.lab.mail.troubles import parse_mail_fault
from hunter.outbound.guard import Guard
from hunter.outbound.targets import parse_targets
from tests.integration.mailbox.conftest import DOMAIN, HR, IDENTITY, INFO, SALES, SHORT, Names, ServeMail, probe_at
from tests.support.name_servers import name_servers

ALL = (INFO, SALES, HR)
NOTHING = dict.fromkeys(ALL)
WORLD = MailWorld(mailboxes=frozenset({INFO}), replies={HR: "450 4.2.0 Come back later"})

#: The host that is tried first stands at another loopback address, at the same port.
TWO_HOSTS = Names(
    Found((MXHost(10, "first.firma.example"), MXHost(20, "second.firma.example"))),
    {"first.firma.example": ["127.0.0.2"], "second.firma.example": ["127.0.0.1"]},
)


async def test_one_session_tells_yes_no_and_nothing(serve_world: ServeMail) -> None:
    server, port = await serve_world(WORLD)
    assert await probe_at(port).accepts(DOMAIN, ALL) == {INFO: True, SALES: False, HR: None}
    (commands,) = server.conversations
    made_up = commands.pop(2)
    assert re.fullmatch(r"RCPT TO:<x[0-9a-f]{16}@firma\.example>", made_up)
    assert commands == [
        "EHLO mx.partner.example",
        "MAIL FROM:<hunter@partner.example>",
        *(f"RCPT TO:<{address}>" for address in ALL),
        "QUIT",
    ]


async def test_each_session_makes_up_an_address_of_its_own(serve_world: ServeMail) -> None:
    server, port = await serve_world(WORLD)
    probe = probe_at(port)
    for _ in range(3):
        await probe.accepts(DOMAIN, (INFO,))
    assert len({commands[2] for commands in server.conversations}) == 3


async def test_a_server_that_takes_everything_tells_nothing(serve_world: ServeMail) -> None:
    server, port = await serve_world(MailWorld(otherwise="250 OK", replies={SALES: "550 5.1.1 No"}))
    assert await probe_at(port).accepts(DOMAIN, ALL) == NOTHING
    # It is left at once.
    assert [command.partition(" ")[0] for command in server.conversations[0]] == ["EHLO", "MAIL", "RCPT", "QUIT"]


@pytest.mark.parametrize(
    "otherwise",
    [
        *("450 4.7.1 Greylisted", "451 Try again", "554 5.7.1 Client host blocked", "550 Relay not permitted"),
        *("530 5.7.0 Must issue a STARTTLS command first", "503 Bad sequence", "252 Cannot verify", "299 Odd"),
    ],
)
async def test_a_server_that_does_not_refuse_the_made_up_address_tells_nothing(
    serve_world: ServeMail, otherwise: str
) -> None:
    _, port = await serve_world(MailWorld(mailboxes=frozenset({INFO}), otherwise=otherwise))
    assert await probe_at(port).accepts(DOMAIN, ALL) == NOTHING


@pytest.mark.parametrize(
    ("reply", "told"),
    [
        *(("250 2.1.5 OK", True), ("251 Will forward", True), ("550 5.4.1 Recipient address rejected", False)),
        *(("553 Not here", False), ("554 No account", False), ("552 5.2.2 Full", None), ("550 5.7.1 Denied", None)),
        *(("421 4.7.0 Leaving", None), ("354 Go on", None), ("221 Bye", None), ("530 Log in", None)),
    ],
)
async def test_each_reply_to_a_recipient_has_its_meaning(serve_world: ServeMail, reply: str, told: bool | None) -> None:
    _, port = await serve_world(MailWorld(replies={INFO: reply}))
    assert await probe_at(port).accepts(DOMAIN, (INFO,)) == {INFO: told}


async def test_what_was_told_before_the_server_had_enough_stands(serve_world: ServeMail) -> None:
    _, port = await serve_world(MailWorld(mailboxes=frozenset(ALL), most_recipients=3))
    assert await probe_at(port).accepts(DOMAIN, ALL) == {INFO: True, SALES: True, HR: None}


async def test_after_a_leave_taking_nothing_more_is_asked(serve_world: ServeMail) -> None:
    server, port = await serve_world(MailWorld(mailboxes=frozenset({SALES}), replies={INFO: "421 4.3.2 Leaving"}))
    assert await probe_at(port).accepts(DOMAIN, (INFO, SALES)) == {INFO: None, SALES: None}
    assert server.conversations[0][-1] == f"RCPT TO:<{INFO}>"


async def test_an_old_server_is_greeted_the_old_way(serve_world: ServeMail) -> None:
    faults = (parse_mail_fault("say:502 5.5.1 Not here@ehlo"),)
    server, port = await serve_world(MailWorld(mailboxes=frozenset({INFO}), faults=faults))
    assert await probe_at(port).accepts(DOMAIN, (INFO, SALES)) == {INFO: True, SALES: False}
    assert server.conversations[0][:2] == ["EHLO mx.partner.example", "HELO mx.partner.example"]


async def test_no_address_becomes_a_command(serve_world: ServeMail) -> None:
    server, port = await serve_world(WORLD)
    bad = (
        f"a>\r\nDATA\r\n@{DOMAIN}",
        f"a b@{DOMAIN}",
        f'"x"@{DOMAIN}',
        "info@other.example",
        "info",
        "",
        f"ş@{DOMAIN}",
    )
    assert await probe_at(port).accepts(DOMAIN, (*bad, INFO)) == {**dict.fromkeys(bad), INFO: True}
    assert [command.partition(":")[2] for command in server.conversations[0] if "RCPT" in command][1:] == [f"<{INFO}>"]


async def test_nobody_is_called_where_no_address_can_be_asked(serve_world: ServeMail) -> None:
    server, port = await serve_world(WORLD)
    assert await probe_at(port).accepts(DOMAIN, (f"a b@{DOMAIN}",)) == {f"a b@{DOMAIN}": None}
    assert await probe_at(port).accepts("bad host", ("info@bad host",)) == {"info@bad host": None}
    assert server.conversations == []


async def test_letters_beyond_ascii_are_asked_about_where_the_server_offers_it(serve_world: ServeMail) -> None:
    address = f"satış@{DOMAIN}"
    server, port = await serve_world(MailWorld(mailboxes=frozenset({address}), extensions=("SMTPUTF8",)))
    assert await probe_at(port).accepts(DOMAIN, (address,)) == {address: True}
    assert server.conversations[0][1] == "MAIL FROM:<hunter@partner.example> SMTPUTF8"
    server, port = await serve_world(MailWorld(mailboxes=frozenset({address})))
    assert await probe_at(port).accepts(DOMAIN, (address,)) == {address: None}
    assert not any("RCPT" in command for command in server.conversations[0])


async def test_so_many_addresses_are_asked_about_and_no_more(serve_world: ServeMail) -> None:
    many = tuple(f"a{number}@{DOMAIN}" for number in range(MOST_ADDRESSES + 5))
    server, port = await serve_world(MailWorld(mailboxes=frozenset(many)))
    told = await probe_at(port).accepts(DOMAIN, many)
    assert [told[address] for address in many] == [True] * MOST_ADDRESSES + [None] * 5
    assert sum("RCPT" in command for command in server.conversations[0]) == MOST_ADDRESSES + 1


async def test_without_an_identity_no_server_is_called(serve_world: ServeMail) -> None:
    server, port = await serve_world(WORLD)
    probe = probe_at(port, identity=None)
    assert not probe.is_smtp_enabled
    assert await probe.accepts(DOMAIN, ALL) == NOTHING
    assert await probe.has_mail_host(DOMAIN) is True
    assert server.conversations == []


@pytest.mark.parametrize(
    ("mx", "has_host"),
    [
        (Found((MXHost(10, "mail.firma.example"),)), True),
        (Absent("nodata"), False),
        (Absent("null_mx"), False),
        (Unknown("timeout"), None),
    ],
)
async def test_only_what_dns_says_is_a_fact(
    serve_world: ServeMail, mx: Signal[tuple[MXHost, ...]], has_host: bool | None
) -> None:
    server, port = await serve_world(WORLD)
    probe = probe_at(port, Names(mx))
    assert probe.is_smtp_enabled
    assert await probe.has_mail_host(DOMAIN) is has_host
    assert await probe.has_mail_host("no host name") is None
    await probe.accepts(DOMAIN, ALL)
    assert len(server.conversations) == (1 if has_host else 0)


async def test_a_failed_look_up_of_mail_hosts_is_made_again() -> None:
    names = Names(Unknown("timeout"))
    probe = probe_at(1, names)
    assert await probe.has_mail_host(DOMAIN) is None
    names.mx = Absent("nodata")
    assert await probe.has_mail_host(DOMAIN) is False


@pytest.mark.parametrize(
    "first", ["say:554 No service@greeting", "cut@greeting", "silent@greeting", "garbage@greeting"]
)
async def test_a_host_that_does_not_greet_gives_way_to_the_next(serve_world: ServeMail, first: str) -> None:
    _, port = await serve_world(WORLD)
    await serve_world(MailWorld(faults=(parse_mail_fault(first),)), "127.0.0.2", port)
    probe = probe_at(port, TWO_HOSTS, allowed=[f"127.0.0.0/8:{port}"])
    assert await probe.accepts(DOMAIN, ALL) == {INFO: True, SALES: False, HR: None}


async def test_a_host_that_refuses_the_sender_is_not_gone_around(serve_world: ServeMail) -> None:
    server, port = await serve_world(WORLD)
    await serve_world(MailWorld(faults=(parse_mail_fault("say:550 No@mail"),)), "127.0.0.2", port)
    probe = probe_at(port, TWO_HOSTS, allowed=[f"127.0.0.0/8:{port}"])
    assert await probe.accepts(DOMAIN, ALL) == NOTHING
    assert server.conversations == []


@pytest.mark.parametrize(
    "address", ["10.0.0.1", "127.0.0.1", "169.254.169.254", "::1", "::ffff:127.0.0.1", "64:ff9b::7f00:1"]
)
async def test_a_mail_host_inside_a_network_is_never_called(serve_world: ServeMail, address: str) -> None:
    server, port = await serve_world(WORLD)
    named = Names(addresses={"mail.firma.example": [address]})
    literal = Names(Found((MXHost(10, address),)))
    for names in (named, literal):
        assert await probe_at(port, names, allowed=[]).accepts(DOMAIN, ALL) == NOTHING
    assert server.conversations == []


async def test_a_host_that_cannot_be_reached_is_nothing_learned() -> None:
    server = await asyncio.start_server(lambda reader, writer: None, "127.0.0.1", 0)
    port = int(server.sockets[0].getsockname()[1])
    server.close()
    await server.wait_closed()
    assert await probe_at(port).accepts(DOMAIN, ALL) == NOTHING


async def test_a_server_with_ipv6_only_is_asked(serve_world: ServeMail) -> None:
    _, port = await serve_world(WORLD, "::1")
    names = Names(addresses={"mail.firma.example": ["::1"]})
    told = await probe_at(port, names, allowed=[f"[::1]:{port}"]).accepts(DOMAIN, ALL)
    assert told == {INFO: True, SALES: False, HR: None}


async def test_a_server_with_ipv6_only_that_is_not_there_is_nothing_learned(serve_world: ServeMail) -> None:
    _, port = await serve_world(WORLD)
    names = Names(addresses={"mail.firma.example": ["::1"]})
    assert await probe_at(port, names, allowed=[f"[::1]:{port}"]).accepts(DOMAIN, ALL) == NOTHING


async def test_no_more_than_four_servers_are_asked_at_once(serve_world: ServeMail) -> None:
    server, port = await serve_world(MailWorld(faults=(parse_mail_fault("silent@ehlo"),)))
    probe = probe_at(port, patience=Patience(step_seconds=1.0, session_seconds=5.0))
    tasks = [asyncio.create_task(probe.accepts(DOMAIN, (INFO,))) for _ in range(6)]
    done, _ = await asyncio.wait(tasks, timeout=0.4)
    assert not done
    assert len(server.conversations) == 4
    server.hang_up()
    assert await asyncio.gather(*tasks) == [{INFO: None}] * 6
    assert len(server.conversations) == 6


async def test_who_stops_waiting_leaves_no_connection(serve_world: ServeMail) -> None:
    server, port = await serve_world(MailWorld(faults=(parse_mail_fault("silent@mail"),)))
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.2):
            await probe_at(port, patience=Patience(step_seconds=5.0)).accepts(DOMAIN, ALL)
    async with asyncio.timeout(2):
        await server.all_left()


async def test_the_resolver_of_hunter_finds_the_mail_host(serve_world: ServeMail) -> None:
    mail_server, port = await serve_world(WORLD)
    for serve in name_servers():
        name_server = serve({DOMAIN: {"MX": ["10 mail.firma.example"]}, "null.example": {"MX": ["0 ."]}})
        async with Resolver([Upstream("127.0.0.1", name_server.port)]) as resolver:

            async def find_mx(domain: str, resolver: Resolver = resolver) -> Signal[tuple[MXHost, ...]]:
                (answer,) = await resolver.lookup_many([(domain, wire.MX)])
                return hosts_by_preference(answer)

            guard = Guard(parse_targets([f"127.0.0.1:{port}"]), resolve=Names().resolve)
            probe = MailboxProbe(guard, find_mx, IDENTITY, port=port, patience=SHORT)
            assert await probe.has_mail_host("null.example") is False
            assert await probe.accepts(DOMAIN, ALL) == {INFO: True, SALES: False, HR: None}
    assert len(mail_server.conversations) == 1
