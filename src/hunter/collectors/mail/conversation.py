"""Conversation: the decisions of one question's exchange with its upstreams, without I/O and without a clock.

The resolver tells it what happened (a packet, silence, a network error) and does what the returned step says: wait,
ask again, go over to TCP, or take the answer.
"""

from enum import Enum, auto
from typing import Final

from hunter.collectors.mail import wire
from hunter.collectors.mail.answer import ABSENT, UNKNOWN, answer_from, unknown
from hunter.collectors.mail.rare import read_rare_answer

#: A question is sent at most this often by UDP.
MAX_TRIES: Final = 3
_TRUNCATED: Final = 0x02
_NOT_YET: Final = unknown("timeout")


class Step(Enum):
    """What the owner of the sockets has to do next."""

    #: The packet is not our answer: keep waiting for the right one.
    WAIT = auto()
    #: `answer` stands.
    DONE = auto()
    #: Send once more, at once.
    AGAIN = auto()
    #: Send once more, at once: without EDNS, on which the upstream failed.
    WITHOUT_EDNS = auto()
    #: Send once more after a short pause: the upstream is there but could not answer.
    LATER = auto()
    #: The answer does not fit into UDP: ask the same upstream by TCP.
    TCP = auto()


class Conversation:
    """One question on its way to an answer. Defaults stand on the class: most never change."""

    #: How often it was sent; counted by the one who sends.
    tries = 0
    with_edns = True
    #: Why the last try failed.
    reason = "timeout"
    answer = _NOT_YET
    #: The upstream does not keep the case of letters.
    has_lost_case = False

    def __init__(self, question: bytes) -> None:
        #: Encoded name, type and class.
        self.question = question
        #: The question as it was last sent: its letters' case may be random (0x20).
        self.sent = question

    def receive(self, packet: bytes, *, by_tcp: bool = False) -> Step:
        """Judge a packet that carries our id.

        A question section that is not ours means a forged or misdirected packet: it is ignored, the true answer may
        still come (RFC 5452 §9.1).
        """
        if not packet.startswith(self.sent, 12):
            if packet[12 : 12 + len(self.question)].lower() != self.question:
                return Step.WAIT
            if self.sent is not self.question and not by_tcp:
                # The question is ours but for the case of its letters: TCP proves who is speaking (0x20).
                self.has_lost_case = True
                return Step.TCP
        if packet[2] & _TRUNCATED:
            return self.failed("tcp") if by_tcp else Step.TCP
        try:
            reading: wire.Reading | None = wire.read_answer(packet, self.question)
        except wire.NotPlain:
            reading = read_rare_answer(packet)
        if reading is None:
            return self.failed("malformed")
        answer = answer_from(reading, by_tcp=by_tcp, tries=self.tries)
        if answer.state == ABSENT and not answer.chain and packet[6:8] != b"\x00\x00":
            # Answers, but none to this question: that is no word of "there is none" (RFC 2308 §2.2).
            return self.failed("malformed")
        if answer.state != UNKNOWN:
            self.answer = answer
            return Step.DONE
        if answer.rcode in (wire.FORMERR, wire.NOTIMP) and self.with_edns:
            # Old servers fail on EDNS (RFC 6891 §7); without it they may answer.
            self.with_edns = False
            self.reason = answer.reason
            return Step.WITHOUT_EDNS
        return self.failed(answer.reason, rcode=answer.rcode)

    def failed(self, reason: str, *, rcode: int | None = None) -> Step:
        """A try came to nothing though something answered, or the network refused: pause and try again, or give up."""
        self.reason = reason
        if self.tries < MAX_TRIES:
            return Step.LATER
        self.answer = unknown(reason, rcode=rcode, tries=self.tries)
        return Step.DONE

    def timed_out(self) -> Step:
        """Nothing came back in time: try again at once, or give up."""
        if self.tries < MAX_TRIES:
            return Step.AGAIN
        return self.give_up()

    def give_up(self) -> Step:
        """The deadline has passed: what is not known by now stays unknown, with the last failure as the reason."""
        self.answer = unknown(self.reason, tries=self.tries)
        return Step.DONE
