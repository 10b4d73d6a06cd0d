"""Line, wave and errand: an upstream, questions asked together, and one question, as they are at run time."""

import random
from asyncio import Future
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import inf
from typing import Final

from hunter.collectors.mail import wire
from hunter.collectors.mail.conversation import Conversation
from hunter.collectors.mail.flow import Ceiling, RoundTrips, Window
from hunter.collectors.mail.tcp import TCPConnections
from hunter.collectors.mail.udp import Port, Ports

#: Answers with flattened letters after which an upstream is known not to keep their case.
_FLATTENED_IS_ENOUGH: Final = 3


@dataclass(frozen=True, slots=True)
class Upstream:
    """A name server that answers questions of any name (a recursive resolver)."""

    #: IP address or host name.
    host: str
    port: int = 53
    #: Ceiling of questions a second; 0 is none.
    questions_per_second: float = 0.0
    #: Random letter case in questions, as a further secret towards servers that are not local (0x20).
    randomises_case: bool = False
    #: Sockets in use at once.
    ports: int = 4


class Wave:
    """Questions asked together; their answers come back together. Defaults stand on the class: most never move."""

    #: When the first question went out; until then the wave waits for its turn and its time does not run.
    started_at = inf
    #: When every question still open becomes unknown.
    deadline = inf
    #: True once any question of the wave got a packet back.
    has_sign_of_life = False
    #: The question that is sent again while all are silent.
    scout: "Errand | None" = None
    #: Questions that wait for the scout.
    parked: "Sequence[Errand]" = ()
    #: Tick of the timer wheel in which the wave was last entered.
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
        self.errands = [Errand(question, self, first_upstream) for question in questions]
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

    def must_park(self, errand: "Errand") -> bool:
        """After silence: say whether this question has to wait for the scout; names the scout if there is none."""
        if not self.is_one_zone or self.has_sign_of_life or self.left < len(self.errands):
            return False
        if self.scout is None:
            self.scout = errand
        return self.scout is not errand


class Errand(Conversation):
    """One question under way, with what the resolver has to remember of it."""

    #: The line whose window it occupies.
    line: "Line | None" = None
    #: True between a failed try and the next one.
    is_pausing = False
    is_done = False
    #: Loop time of the last try.
    sent_at = 0.0
    #: Tick of the timer wheel at which it is looked at again.
    due = 0
    #: Where, and under which id, the last try waits for its answer.
    key: "tuple[dict[bytes, Errand], bytes] | None" = None
    #: The same of earlier tries: late answers count too.
    earlier_keys: "tuple[tuple[dict[bytes, Errand], bytes], ...]" = ()

    def __init__(self, question: bytes, wave: Wave, first_upstream: int) -> None:
        self.question = self.sent = question
        self.wave = wave
        #: Number of the upstream that is asked first; each repeat goes to the next one.
        self.first_upstream = first_upstream

    def wait_under(self, key: "tuple[dict[bytes, Errand], bytes]") -> None:
        """Remember one more id under which an answer may come."""
        if self.key is not None:
            self.earlier_keys += (self.key,)
        self.key = key

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


class Line:
    """The state kept for one upstream."""

    def __init__(
        self,
        upstream: Upstream,
        address: tuple[str, int],
        *,
        watch: Callable[[Port[Errand]], None],
        unwatch: Callable[[Port[Errand]], None],
    ) -> None:
        self.ports = Ports(address, count=upstream.ports, watch=watch, unwatch=unwatch)
        self.tcp = TCPConnections(address)
        self.round_trips = RoundTrips()
        self.ceiling = Ceiling(upstream.questions_per_second)
        self.window = Window()
        #: Questions sent and not answered yet.
        self.in_flight = 0
        #: Questions that wait for the window or the ceiling.
        self.queue: deque[Errand] = deque()
        #: True while a timer will look at the queue.
        self.is_waiting_for_ceiling = False
        #: Questions go out as they are, as fast as the window allows.
        self.is_plain = not upstream.randomises_case and not upstream.questions_per_second
        self._randomises_case = upstream.randomises_case
        self._flattened = 0

    def has_room_for(self, count: int) -> bool:
        """Say whether so many questions may go out at once, without queue, ceiling or further ado."""
        return self.is_plain and not self.queue and self.in_flight + count <= self.window.size

    def send_all(self, errands: "Sequence[Errand]", now: float) -> int:
        """Put questions on the wire, as they are; returns how many went before the system would send no more."""
        try:
            port = self.ports.take(now, len(errands))
        except OSError:
            return 0
        send, pending = port.socket.send, port.pending
        for count, (errand, identifier) in enumerate(
            zip(errands, self.ports.identifiers(port, len(errands)), strict=True)
        ):
            try:
                send(identifier + wire.EDNS_HEAD + errand.question + wire.OPT_RECORD)
            except OSError:
                return count
            pending[identifier] = errand
            errand.key = (pending, identifier)
        return len(errands)

    def send(self, errand: Errand, now: float) -> None:
        """Put one question on the wire; raises OSError where the system will not send."""
        if self._randomises_case:
            errand.sent = _with_random_case(errand.question)
        elif errand.sent is not errand.question:
            errand.sent = errand.question
        body = wire.message_body(errand.sent, with_edns=errand.with_edns)
        errand.wait_under(self.ports.send(errand, body, now))

    def note_flattened(self) -> None:
        """Count an answer whose question lost the case of its letters; in the end stop randomising it."""
        self._flattened += 1
        if self._flattened >= _FLATTENED_IS_ENOUGH:
            self._randomises_case = False


def _with_random_case(question: bytes) -> bytes:
    """Set the case of each letter of the name at random; lengths, type and class stay (they are no letters)."""
    name, kind = question[:-4], question[-4:]
    bits = random.getrandbits(len(name))
    mixed = bytes(byte ^ 0x20 if 97 <= byte <= 122 and bits >> at & 1 else byte for at, byte in enumerate(name))
    return mixed + kind
