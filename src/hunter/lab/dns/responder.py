"""The careful way from a packet to what is sent back: every rule of the protocol, every fault, no sockets.

The name server's own short way answers what is plain; whatever is not comes here.
"""

from struct import pack
from typing import Final, NamedTuple

from hunter.lab.dns import lies
from hunter.lab.dns.answers import RECURSION_DESIRED, ZoneAnswer, bad_version, empty_answer, message, truncated
from hunter.lab.dns.faults import Behaviour, Fault, FaultDice, Faults
from hunter.lab.dns.query import Query, read_query
from hunter.lab.dns.rdata import is_question_only
from hunter.lab.dns.wire import CLASS_IN, FORMERR, NOTIMP, REFUSED, SERVFAIL, TCP_SIZE
from hunter.lab.dns.worlds import ServedWorld


class Reaction(NamedTuple):
    """What one packet brings about: the messages to send, in order, and how much later than usual."""

    messages: tuple[bytes, ...]
    slow_ms: float = 0.0


_SILENCE: Final = Reaction(())

# Faults that replace the answer by an error; `Fault.FORMERR_ON_EDNS` needs a look at the query and is not here.
_ERRORS: Final = {Fault.SERVFAIL: SERVFAIL, Fault.REFUSED: REFUSED, Fault.NOTIMP: NOTIMP}


class Responder:
    """Answers packets out of a world, under faults."""

    def __init__(self, world: ServedWorld, faults: Faults) -> None:
        self._world = world
        #: Decides the chances of each question; the short way throws it too, once for each question.
        self.dice = FaultDice(faults, world.domain_of)

    def react(self, packet: bytes, *, by_tcp: bool) -> Reaction:
        """Decide everything about one packet."""
        query = read_query(packet)
        if not isinstance(query, Query):
            return _SILENCE if query is None else Reaction((query.message,))
        return self._answer(query, self.dice.outcome(query.key), by_tcp=by_tcp)

    def react_by_udp(self, packet: bytes, outcome: Behaviour | None) -> Reaction:
        """Decide about a UDP packet whose dice have been thrown already."""
        query = read_query(packet)
        if not isinstance(query, Query):
            return _SILENCE if query is None else Reaction((query.message,))
        return self._answer(query, outcome, by_tcp=False)

    def _answer(self, query: Query, outcome: Behaviour | None, *, by_tcp: bool) -> Reaction:
        in_store = self._world.behaviour_of(query.name)
        fault = next((one.fault for one in (in_store, outcome) if one and one.fault), None)
        slow_ms = max((one.slow_ms for one in (in_store, outcome) if one), default=0.0)
        if fault is Fault.DEAD or (fault is Fault.LOST and not by_tcp):
            return _SILENCE
        honest = self._honest(query, fault, by_tcp=by_tcp)
        if fault is None:
            return Reaction((honest,), slow_ms)
        if fault is Fault.TRUNCATED and not by_tcp:
            half = truncated(honest, query.question, limit=len(honest) // 2, edns=query.has_edns)
            return Reaction((half,), slow_ms)
        # What a lie makes longer is cut to size once more; what it cuts short on purpose was cut to size before.
        return Reaction(tuple(_fit(told, query, by_tcp=by_tcp) for told in lies.tell(fault, query, honest)), slow_ms)

    def _honest(self, query: Query, fault: Fault | None, *, by_tcp: bool) -> bytes:
        if query.edns_version:
            return _flagged(bad_version(query.identity, query.question), query)
        whole = message(query.identity, query.question, self._truth(query, fault), edns=query.has_edns)
        return _fit(_flagged(whole, query), query, by_tcp=by_tcp)

    def _truth(self, query: Query, fault: Fault | None) -> ZoneAnswer:
        """Return the world's answer, or the error that stands in its place."""
        if fault is Fault.FORMERR_ON_EDNS and query.has_edns:
            return empty_answer(FORMERR)
        error = _ERRORS.get(fault) if fault else None
        if error is not None:
            return empty_answer(error)
        if query.question[-2:] != CLASS_IN or is_question_only(query.rdtype):
            return empty_answer(REFUSED)
        return self._world.quick(query.key) or self._world.answer(query.key)


def _flagged(whole: bytes, query: Query) -> bytes:
    """Return the message with the client's own RD and CD flags."""
    if query.recursion_desired and not query.checking_disabled:
        return whole
    first = whole[2] if query.recursion_desired else whole[2] & ~RECURSION_DESIRED
    return whole[:2] + pack("!BB", first, whole[3] | (0x10 if query.checking_disabled else 0)) + whole[4:]


def _fit(whole: bytes, query: Query, *, by_tcp: bool) -> bytes:
    """Cut a message that is too large, with TC; by TCP what no message can hold becomes SERVFAIL."""
    limit = TCP_SIZE if by_tcp else query.size
    if len(whole) <= limit:
        return whole
    if by_tcp:
        return _flagged(message(query.identity, query.question, empty_answer(SERVFAIL), edns=query.has_edns), query)
    return truncated(whole, query.question, limit=limit, edns=query.has_edns)
