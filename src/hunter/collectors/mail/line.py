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
from hunter.collectors.mail.flow import Ceiling, Health, RoundTrips, Window
from hunter.collectors.mail.tcp import TCPConnections
from hunter.collectors.mail.udp import Port, Ports

#: Answers with flattened letters after which an upstream is known not to keep their case.
_FLATTENED_IS_ENOUGH: Final = 3
#: Questions with EDNS that are called malformed within a second, after which an upstream is known not to speak it.
_STUMBLES_ARE_ENOUGH: Final = 20


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
    #: The last try failed at an upstream that rests now: to ask another one is no flood.
    is_free_to_repeat = False
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

    def is_in_flight_under(self, pending: "dict[bytes, Errand]", identifier: bytes) -> bool:
        """Say whether the try under way waits under this id; an earlier one may do so too."""
        key = self.key
        return self.line is not None and key is not None and key[0] is pending and key[1] == identifier

    def note_failure(self, now: float) -> None:
        """A try brought nothing: its upstream hears of it."""
        if self.line is not None:
            self.line.health.failed(now, self.sent_at)
            self.is_free_to_repeat = self.line.health.rests(now)

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
        self.health = Health()
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
        self._speaks_edns = True
        self._stumbles = 0

    def has_room_for(self, count: int) -> bool:
        """Say whether so many questions may go out at once, without queue, ceiling or further ado."""
        return self.is_plain and not self.queue and self.in_flight + count <= self.window.size

    def send_all(self, errands: "Sequence[Errand]", now: float) -> int:
        """Put questions on the wire, as they are; returns how many went before the system would send no more."""
        count = 0
        try:
            port = self.ports.take(now, len(errands))
            send, pending = port.socket.send, port.pending
            for errand, identifier in zip(errands, self.ports.identifiers(port, len(errands)), strict=True):
                send(identifier + wire.EDNS_HEAD + errand.question + wire.OPT_RECORD)
                pending[identifier] = errand
                errand.key = (pending, identifier)
                count += 1
        except OSError:
            return count
        return count

    def send(self, errand: Errand, now: float) -> None:
        """Put one question on the wire; raises OSError where the system will not send."""
        if self._randomises_case:
            if errand.sent is errand.question:
                # One spelling for all tries: late answers to earlier ones have to be known again.
                errand.sent = _with_random_case(errand.question)
        elif errand.sent is not errand.question:
            errand.sent = errand.question
        body = wire.message_body(errand.sent, with_edns=errand.with_edns and self._speaks_edns)
        errand.wait_under(self.ports.send(errand, body, now))

    def note_answer(self, sent_at: float, now: float) -> None:
        """Take in that a first try was answered: how long it took, and that the upstream lives."""
        self.round_trips.add(now - sent_at)
        self.health.answered_at = now

    def note_stumble(self) -> None:
        """Count a question that failed because of EDNS; in the end ask this upstream without it."""
        self._stumbles += 1
        if self._stumbles >= _STUMBLES_ARE_ENOUGH:
            self._speaks_edns = self.is_plain = False

    def tidy(self, now: float) -> None:
        """Replace worn sockets, adapt the window, forget single stumbles; called about once a second."""
        self.ports.tidy(now)
        self.window.adapt()
        self._stumbles = 0

    def note_flattened(self) -> None:
        """Count an answer whose question lost the case of its letters; in the end stop randomising it."""
        self._flattened += 1
        if self._flattened >= _FLATTENED_IS_ENOUGH:
            self._randomises_case = False


def next_line(lines: Sequence[Line], turn: int, now: float) -> Line:
    """Return the upstream whose turn it is, or another one while that rests and the other does not."""
    line = lines[turn % len(lines)]
    if not line.health.rests(now):
        return line
    awake = [other for other in lines if not other.health.rests(now)]
    return awake[turn % len(awake)] if awake else line


def _with_random_case(question: bytes) -> bytes:
    """Set the case of each letter of the name at random; lengths, type and class stay (they are no letters)."""
    name, kind = question[:-4], question[-4:]
    bits = random.getrandbits(len(name))
    mixed = bytes(byte ^ 0x20 if 97 <= byte <= 122 and bits >> at & 1 else byte for at, byte in enumerate(name))
    return mixed + kind
