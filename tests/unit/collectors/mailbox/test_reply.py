"""Replies of mail servers: how they are put together, and what a reply to RCPT says of an address."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hunter.collectors.mailbox.reply import (
    LARGEST_REPLY,
    LONGEST_LINE,
    BrokenReply,
    Reply,
    ReplyReader,
    extensions_of,
    takes_recipient,
)


def read(data: bytes) -> Reply | None:
    reader = ReplyReader()
    reader.feed(data)
    return reader.take()


@pytest.mark.parametrize(
    ("data", "reply"),
    [
        (b"250 OK\r\n", Reply(250, ("OK",))),
        (b"250\r\n", Reply(250, ("",))),
        (b"250-one\r\n250-two\r\n250 three\r\n", Reply(250, ("one", "two", "three"))),
        (b"250-\r\n250\r\n", Reply(250, ("", ""))),
        (b"550 \xc5\x9eirket yok\t!\r\n", Reply(550, ("Şirket yok\t!",))),
        (b"550 \xff\r\n", Reply(550, ("\ufffd",))),
    ],
)
def test_a_whole_reply_is_read(data: bytes, reply: Reply) -> None:
    assert read(data) == reply


@pytest.mark.parametrize("data", [b"", b"2", b"250", b"250 OK", b"250 OK\r", b"250-one\r\n", b"250-one\r\n250 tw"])
def test_a_reply_without_its_end_is_waited_for(data: bytes) -> None:
    assert read(data) is None


@pytest.mark.parametrize(
    "data",
    [
        *(b"\r\n", b"OK\r\n", b"25 OK\r\n", b"2500 OK\r\n", b"250OK\r\n", b"250_OK\r\n", b" 250 OK\r\n"),
        *(b"050 OK\r\n", b"150 OK\r\n", b"650 OK\r\n", b"999 OK\r\n", b"260 OK\r\n", "２５０ OK\r\n".encode()),
        *(b"250 OK\n", b"250 OK\r\r\n", b"250 a\rb\r\n", b"250 a\x00b\r\n", b"250 \x1b[2J\r\n", b"250 \x7f\r\n"),
        *(b"250-one\r\n550 two\r\n", b"250-one\r\nnothing\r\n", b"HTTP/1.1 400 Bad Request\r\n"),
    ],
)
def test_what_is_no_reply_is_broken(data: bytes) -> None:
    with pytest.raises(BrokenReply):
        read(data)


def test_a_line_has_a_bound() -> None:
    fits = b"250 " + b"x" * (LONGEST_LINE - 6) + b"\r\n"
    assert read(fits) == Reply(250, ("x" * (LONGEST_LINE - 6),))
    for too_long in (fits.replace(b" ", b" x", 1), b"250 " + b"x" * LONGEST_LINE):
        with pytest.raises(BrokenReply):
            read(too_long)


def test_a_reply_has_a_bound_in_lines_and_in_bytes() -> None:
    line = b"250-" + b"x" * 900 + b"\r\n"
    for endless in (b"250-\r\n" * 101, line * (LARGEST_REPLY // len(line) + 1)):
        with pytest.raises(BrokenReply):
            read(endless)
    assert read(b"250-\r\n" * 99 + b"250 end\r\n") is not None


def test_bytes_beyond_a_reply_are_noticed() -> None:
    reader = ReplyReader()
    reader.feed(b"250 OK\r\n")
    assert reader.take() == Reply(250, ("OK",))
    assert reader.is_empty
    reader.feed(b"250 one\r\n5")
    assert reader.take() == Reply(250, ("one",))
    assert not reader.is_empty


@given(st.lists(st.integers(1, 40)), st.binary(max_size=60))
def test_it_does_not_matter_in_which_pieces_a_reply_arrives(cuts: list[int], noise: bytes) -> None:
    data = b"250-one\r\n250 two\r\n" + noise
    reader, reply, at = ReplyReader(), None, 0
    for size in [*cuts, len(data)]:
        reader.feed(data[at : at + size])
        at += size
        reply = reply or reader.take()
        if reply is not None:
            break
    assert reply == Reply(250, ("one", "two"))


@given(st.binary(max_size=3000))
def test_any_bytes_are_a_reply_or_broken_or_not_whole(data: bytes) -> None:
    reader = ReplyReader()
    reader.feed(data)
    try:
        reply = reader.take()
    except BrokenReply:
        return
    assert reply is None or (200 <= reply.code < 560 and reply.texts)


@pytest.mark.parametrize("code", [250, 251])
def test_done_and_forwarded_are_a_yes(code: int) -> None:
    assert takes_recipient(Reply(code, ("2.1.5 OK",))) is True


@pytest.mark.parametrize("code", [550, 551, 553, 554, 556])
def test_a_plain_refusal_is_a_no(code: int) -> None:
    assert takes_recipient(Reply(code, ("No such user",))) is False


@pytest.mark.parametrize(
    "text",
    [
        *("5.1.1 <a@b.example>: Recipient address rejected: User unknown", "#5.1.0 Address rejected.", "5.0.0 No"),
        *(
            "5.4.1 Recipient address rejected: Access denied.",
            "5.1.10 RESOLVER.ADR.RecipientNotFound",
            "5.2.1 Disabled",
        ),
        # The code says that it is about the address, whatever the words.
        "5.1.1 No user at this relay; see our policy",
    ],
)
def test_a_refusal_of_the_recipient_is_a_no(text: str) -> None:
    assert takes_recipient(Reply(550, (text,))) is False


@pytest.mark.parametrize(
    "text",
    [
        *("5.7.1 Service unavailable; Client host blocked", "5.7.606 Access denied, banned sending IP", "5.1.8 Sender"),
        *("5.2.2 Mailbox full", "5.3.4 Too big", "5.5.1 Bad sequence", "5.4.6 Loop", "5.1.7 Bad sender", "4.1.1 Later"),
        *("Blocked by our list", "relay not permitted", "Please turn on SMTP Authentication", "Sender verify failed"),
        *("5.7.1", "#5.7.1 Not now", "JunkMail rejected: in an RBL", "5.1.99 Strange"),
    ],
)
def test_a_refusal_of_us_says_nothing_of_the_address(text: str) -> None:
    assert takes_recipient(Reply(550, (text,))) is None


def test_a_later_line_may_say_that_it_is_about_us() -> None:
    assert takes_recipient(Reply(550, ("Sorry.", "Your host is on a BLACKLIST."))) is None


@pytest.mark.parametrize(
    "code",
    [
        *(200, 211, 220, 221, 252, 334, 354, 421, 450, 451, 452, 455),
        *(500, 501, 502, 503, 504, 521, 530, 535, 552, 555, 559),
    ],
)
def test_every_other_code_says_nothing_of_the_address(code: int) -> None:
    assert takes_recipient(Reply(code, ("Words",))) is None


def test_extensions_are_read_from_all_lines_but_the_first() -> None:
    reply = Reply(250, ("SMTPUTF8 greets you", "size 1000", "STARTTLS", "", "8BitMime"))
    assert extensions_of(reply) == {"SIZE", "STARTTLS", "8BITMIME"}
