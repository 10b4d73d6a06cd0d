"""An upstream, questions asked together, and one question, as they are at run time."""

import random
from asyncio import Future
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import inf
from typing import Final

from hunter.collectors.mail import wire
from hunter.collectors.mail.conversation import Conversation
from hunter.collectors.mail.flow import Health, RoundTrips, UpstreamRateLimiter, Window
from hunter.collectors.mail.tcp import TCPConnections
from hunter.collectors.mail.udp import Port, Ports

#: Answers whose letters have lost their case (0x20) after which an upstream is known not to keep their case.
_LOST_CASE_IS_ENOUGH: Final = 3
#: Questions with EDNS that are called malformed within a second, after which an upstream is known not to speak it.
_EDNS_FAILURES_ARE_ENOUGH: Final = 20


@dataclass(frozen=True, slots=True)
class Upstream:
    """A name server that answers questions of any name (a recursive resolver)."""

    #: IP address or host name.
    host: str
    port: int = 53
    #: At most so many questions a second; 0 is no limit.
    questions_per_second: float = 0.0
    #: Random letter case in questions, as a further secret towards servers that are not local (0x20).
    randomises_case: bool = False
    #: Sockets in use at once.
    ports: int = 4


class QueryBatch:
    """Questions asked together; their answers come back together. Defaults stand on the class: most never move."""

    #: When the first question went out; until then the batch waits for its turn and its time does not run.
    started_at = inf
    #: When every question still open becomes unknown.
    deadline = inf
    #: True once any question of the batch got a packet back.
    has_sign_of_life = False
    #: The question that is sent again while all are silent.
    scout: "PendingQuery | None" = None
    #: Questions that wait for the scout.
    parked: "Sequence[PendingQuery]" = ()
    #: Tick of the timer wheel in which the batch was last entered.
    due = 0

    def __init__(
        self,
        questions: Sequence[bytes],
        first_upstream: int,
        *,
        future: Future[None],
        seconds: float,
        is_one_zone: bool,
    ) -> None:
        self.queries = [PendingQuery(question, self, first_upstream) for question in questions]
        self.left = len(questions)
        self.future = future
        self.seconds = seconds
        #: All names lie in one zone, so silence on one means silence on all: only one scout is sent again.
        self.is_one_zone = is_one_zone

    def start(self, now: float) -> None:
        """The first question goes out: from now on the time runs."""
        if self.started_at == inf:
            self.started_at = now
            self.deadline = now + self.seconds

    def must_park(self, query: "PendingQuery") -> bool:
        """After silence: say whether this question has to wait for the scout; names the scout if there is none."""
        if not self.is_one_zone or self.has_sign_of_life or self.left < len(self.queries):
            return False
        if self.scout is None:
            self.scout = query
        return self.scout is not query


class PendingQuery(Conversation):
    """One question under way, with what the resolver has to remember of it."""

    #: The upstream whose window it occupies.
    upstream: "UpstreamState | None" = None
    #: The last try failed at an upstream whose circuit is open: to ask another one is no flood.
    is_free_to_repeat = False
    #: True between a failed try and the next one.
    is_pausing = False
    is_done = False
    #: Loop time of the last try.
    sent_at = 0.0
    #: Tick of the timer wheel at which it is looked at again.
    due = 0
    #: Where, and under which id, the last try waits for its answer.
    key: "tuple[dict[bytes, PendingQuery], bytes] | None" = None
    #: The same of earlier tries: late answers count too.
    earlier_keys: "tuple[tuple[dict[bytes, PendingQuery], bytes], ...]" = ()

    def __init__(self, question: bytes, batch: QueryBatch, first_upstream: int) -> None:
        self.question = self.sent = question
        self.batch = batch
        #: Number of the upstream that is asked first; each repeat goes to the next one.
        self.first_upstream = first_upstream

    def wait_under(self, key: "tuple[dict[bytes, PendingQuery], bytes]") -> None:
        """Remember one more id under which an answer may come."""
        if self.key is not None:
            self.earlier_keys += (self.key,)
        self.key = key

    def is_in_flight_under(self, pending: "dict[bytes, PendingQuery]", identifier: bytes) -> bool:
        """Say whether the try under way waits under this id; an earlier one may do so too."""
        key = self.key
        return self.upstream is not None and key is not None and key[0] is pending and key[1] == identifier

    def note_failure(self, now: float) -> None:
        """A try brought nothing: its upstream hears of it."""
        if self.upstream is not None:
            self.upstream.health.failed(now, self.sent_at)
            self.is_free_to_repeat = self.upstream.health.is_circuit_open(now)

    def stop_waiting(self) -> None:
        """Give back every id."""
        key = self.key
        if key is not None:
            key[0].pop(key[1], None)
            self.key = None
            if self.earlier_keys:
                for pending, identifier in self.earlier_keys:
                    pending.pop(identifier, None)
                self.earlier_keys = ()


class UpstreamState:
    """The state kept for one upstream."""

    def __init__(
        self,
        upstream: Upstream,
        address: tuple[str, int],
        *,
        watch: Callable[[Port[PendingQuery]], None],
        unwatch: Callable[[Port[PendingQuery]], None],
    ) -> None:
        self.ports = Ports(address, count=upstream.ports, watch=watch, unwatch=unwatch)
        self.tcp = TCPConnections(address)
        self.round_trips = RoundTrips()
        self.rate_limiter = UpstreamRateLimiter(upstream.questions_per_second)
        self.window = Window()
        self.health = Health()
        #: Questions sent and not answered yet.
        self.in_flight = 0
        #: Questions that wait for the window or the rate limiter.
        self.queue: deque[PendingQuery] = deque()
        #: True while a timer will look at the queue.
        self.is_waiting_for_rate = False
        #: Questions go out as they are, as fast as the window allows.
        self.is_plain = not upstream.randomises_case and not upstream.questions_per_second
        self._randomises_case = upstream.randomises_case
        self._lost_case = 0
        self._speaks_edns = True
        self._edns_failures = 0

    def has_room_for(self, count: int) -> bool:
        """Say whether so many questions may go out at once, without queue, rate limiter or further ado."""
        return self.is_plain and not self.queue and self.in_flight + count <= self.window.size

    def send_all(self, queries: "Sequence[PendingQuery]", now: float) -> int:
        """Put questions on the wire, as they are; returns how many went before the system would send no more."""
        count = 0
        try:
            port = self.ports.take(now, len(queries))
            send, pending = port.socket.send, port.pending
            for query, identifier in zip(queries, self.ports.identifiers(port, len(queries)), strict=True):
                send(identifier + wire.EDNS_HEAD + query.question + wire.OPT_RECORD)
                pending[identifier] = query
                query.key = (pending, identifier)
                count += 1
        except OSError:
            return count
        return count

    def send(self, query: PendingQuery, now: float) -> None:
        """Put one question on the wire; raises OSError where the system will not send."""
        if self._randomises_case:
            if query.sent is query.question:
                # One spelling for all tries: late answers to earlier ones have to be known again.
                query.sent = _with_random_case(query.question)
        elif query.sent is not query.question:
            query.sent = query.question
        body = wire.message_body(query.sent, with_edns=query.with_edns and self._speaks_edns)
        query.wait_under(self.ports.send(query, body, now))

    def note_answer(self, sent_at: float, now: float) -> None:
        """Take in that a first try was answered: how long it took, and that the upstream lives."""
        self.round_trips.add(now - sent_at)
        self.health.answered_at = now

    def note_edns_failure(self) -> None:
        """Count a question that failed because of EDNS; in the end ask this upstream without it."""
        self._edns_failures += 1
        if self._edns_failures >= _EDNS_FAILURES_ARE_ENOUGH:
            self._speaks_edns = self.is_plain = False

    def tidy(self, now: float) -> None:
        """Replace worn sockets, adapt the window, forget single EDNS failures; called about once a second."""
        self.ports.tidy(now)
        self.window.adapt()
        self._edns_failures = 0

    def note_lost_case(self) -> None:
        """Count an answer whose question lost the case of its letters; in the end stop randomising it."""
        self._lost_case += 1
        if self._lost_case >= _LOST_CASE_IS_ENOUGH:
            self._randomises_case = False


def next_upstream(states: Sequence[UpstreamState], turn: int, now: float) -> UpstreamState:
    """Return the upstream whose turn it is, or another one while its circuit is open and the other's is not."""
    upstream = states[turn % len(states)]
    if not upstream.health.is_circuit_open(now):
        return upstream
    closed = [other for other in states if not other.health.is_circuit_open(now)]
    return closed[turn % len(closed)] if closed else upstream


def _with_random_case(question: bytes) -> bytes:
    """Set the case of each letter of the name at random; lengths, type and class stay (they are no letters)."""
    name, kind = question[:-4], question[-4:]
    bits = random.getrandbits(len(name))
    mixed = bytes(byte ^ 0x20 if 97 <= byte <= 122 and bits >> at & 1 else byte for at, byte in enumerate(name))
    return mixed + kind
