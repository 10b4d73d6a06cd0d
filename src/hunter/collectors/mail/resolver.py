"""Resolver: the door to the DNS. Questions in, answers in three states out; never an exception for a remote failure.

A thin loop around `conversation.py`: it owns sockets, queues and one timer wheel, and does what the conversations say.
Late answers count: an earlier try keeps its id until the question is settled.
"""

import asyncio
import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Final

from hunter.collectors.mail import wire
from hunter.collectors.mail.answer import UNKNOWN, Answer, unknown
from hunter.collectors.mail.conversation import Step
from hunter.collectors.mail.flow import RetryBudget
from hunter.collectors.mail.line import Errand, Line, Upstream, Wave
from hunter.collectors.mail.tcp import TCPFailed
from hunter.collectors.mail.udp import Port

#: Longest time for questions asked together, in seconds from the first one sent.
WAVE_SECONDS: Final = 6.0
#: Timer resolution: time-outs are looked at twenty times a second.
_TICKS_PER_SECOND: Final = 20
_HELD_UP_TICKS: Final = 2
_PACKETS_AT_ONCE: Final = 256
_LARGEST_PACKET: Final = 4096
_SMALLEST_PACKET: Final = 12
#: Pause before an upstream that could not answer is asked again (seconds, drawn between the two).
_PAUSE_SECONDS: Final = (0.1, 0.2)
_TCP_SECONDS: Final = 3.0
_TIDY_SECONDS: Final = 1.0


@dataclass(slots=True)
class Statistics:
    """What the resolver did since it was opened."""

    #: Questions asked, and questions sent once more; their sum went over the wire by UDP.
    questions: int = 0
    repeats: int = 0
    silences: int = 0
    by_tcp: int = 0
    strays: int = 0


class TimeBudget:
    """Seconds that may be spent on the wire for one domain; waiting for a free place costs nothing."""

    __slots__ = ("left_seconds",)

    def __init__(self, seconds: float) -> None:
        self.left_seconds = seconds


class Resolver:
    """Asks upstreams in turn; use it as an asynchronous context manager inside one running loop."""

    def __init__(self, upstreams: Sequence[Upstream]) -> None:
        if not upstreams:
            raise ValueError("a resolver needs an upstream")
        self._upstreams = upstreams
        self._lines: list[Line] = []
        self._turn = 0
        self._budget = RetryBudget()
        self._wheel: dict[int, list[Wave]] = {}
        self._tick = 0
        self._timer: asyncio.TimerHandle | None = None
        self._was_held_up = False
        self._tidied_at = 0.0
        self._tcp_tasks: set[asyncio.Task[None]] = set()
        self.statistics = Statistics()

    async def __aenter__(self) -> "Resolver":
        self._loop = asyncio.get_running_loop()
        for upstream in self._upstreams:
            found = await self._loop.getaddrinfo(upstream.host, upstream.port)
            host, port = found[0][4][:2]
            self._lines.append(Line(upstream, (str(host), int(port)), watch=self._watch, unwatch=self._unwatch))
        self._tick = int(self._loop.time() * _TICKS_PER_SECOND)
        self._timer = self._loop.call_later(1 / _TICKS_PER_SECOND, self._on_tick)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._timer is not None:
            self._timer.cancel()
        for task in self._tcp_tasks:
            task.cancel()
        await asyncio.gather(*self._tcp_tasks, return_exceptions=True)
        for line in self._lines:
            line.ports.close()
            await line.tcp.close()
        self._lines = []

    async def lookup_many(self, questions: Iterable[tuple[str, int]]) -> list[Answer]:
        """Look up (name, type) pairs together; answers come in the same order.

        Names are ASCII; what cannot be a name is `unknown("name")`. All is settled within WAVE_SECONDS.
        """
        answers: list[Answer | None] = []
        encoded: list[bytes] = []
        for name, record_type in questions:
            try:
                encoded.append(wire.encode_name(name.lower()) + wire.encode_type(record_type))
                answers.append(None)
            except ValueError:
                answers.append(unknown("name"))
        asked = iter(await self.ask(encoded, TimeBudget(WAVE_SECONDS)))
        return [next(asked) if answer is None else answer for answer in answers]

    async def ask(self, questions: Sequence[bytes], budget: TimeBudget, *, is_one_zone: bool = False) -> list[Answer]:
        """Ask encoded questions (lower-case name, type, class) together; answers come in the same order.

        `is_one_zone`: the names stand and fall together, so that only one is repeated while all are silent.
        The time on the wire is taken from `budget`.
        """
        if not questions:
            return []
        self._turn += 1
        future = self._loop.create_future()
        seconds = min(WAVE_SECONDS, budget.left_seconds)
        wave = Wave(questions, self._turn, future=future, seconds=seconds, is_one_zone=is_one_zone)
        self._send_wave(wave, self._loop.time())
        try:
            await wave.future
        finally:
            if wave.left:
                for errand in wave.errands:
                    self._abandon(errand)
        budget.left_seconds -= self._loop.time() - wave.started_at
        return [errand.answer for errand in wave.errands]

    def _send_wave(self, wave: Wave, now: float) -> None:
        """Send the questions of a new wave: all at once where the upstream has room for them, else one by one."""
        errands = wave.errands
        self.statistics.questions += len(errands)
        self._budget.count(len(errands))
        line = self._lines[self._turn % len(self._lines)]
        if not line.has_room_for(len(errands)):
            for errand in errands:
                self._submit(errand, now)
            return
        wave.start(now)
        wave.due = due = int(min(now + line.round_trips.timeout_seconds, wave.deadline) * _TICKS_PER_SECOND) + 1
        self._wheel.setdefault(due, []).append(wave)
        line.in_flight += len(errands)
        for errand in errands:
            errand.tries = 1
            errand.line = line
            errand.sent_at = now
            errand.due = due
        for errand in errands[line.send_all(errands, now) :]:
            self._on_send_failure(errand, now)

    def _submit(self, errand: Errand, now: float) -> None:
        """Send a question, or queue it where the upstream's window or ceiling is reached."""
        lines = self._lines
        line = lines[(errand.first_upstream + errand.tries) % len(lines)]
        if line.queue or line.in_flight >= line.window.size:
            line.queue.append(errand)
        elif (wait := line.ceiling.take(now)) > 0:
            line.queue.append(errand)
            self._drain_after(line, wait)
        else:
            self._send(line, errand, now)

    def _send(self, line: Line, errand: Errand, now: float) -> None:
        errand.tries += 1
        errand.line = line
        errand.sent_at = now
        line.in_flight += 1
        errand.wave.start(now)
        try:
            line.send(errand, now)
        except OSError:
            self._on_send_failure(errand, now)
        else:
            self._arm(errand, now + line.round_trips.timeout_seconds * (1 << (errand.tries - 1)))

    def _on_send_failure(self, errand: Errand, now: float) -> None:
        # The place is given back without looking at the queue, which would meet the same refusal at once.
        if errand.line is not None:
            errand.line.in_flight -= 1
            errand.line = None
        self._proceed(errand, errand.failed("network"), now)

    def _arm(self, errand: Errand, at: float) -> None:
        """Look at the errand again at the given loop time, or at its wave's deadline if that comes first."""
        wave = errand.wave
        due = errand.due = int(min(at, wave.deadline) * _TICKS_PER_SECOND) + 1
        # Questions sent together fall due together: the wave is entered once for all of them.
        if wave.due != due:
            wave.due = due
            self._wheel.setdefault(due, []).append(wave)

    def _proceed(self, errand: Errand, step: Step, now: float) -> None:
        """Do what a errand said."""
        match step:
            case Step.DONE:
                self._settle(errand, now)
            case Step.AGAIN:
                self._leave_line(errand, now)
                self._repeat(errand, now)
            case Step.LATER:
                self._leave_line(errand, now)
                errand.is_pausing = True
                self._arm(errand, now + random.uniform(*_PAUSE_SECONDS))
            case Step.TCP:
                self._go_over_to_tcp(errand)
            case Step.WAIT:
                self.statistics.strays += 1

    def _repeat(self, errand: Errand, now: float) -> None:
        """Send once more if the budget of repeats allows it, else wait for it."""
        if self._budget.may_repeat(now):
            self.statistics.repeats += 1
            self._submit(errand, now)
        else:
            errand.is_pausing = True
            self._arm(errand, now + _PAUSE_SECONDS[0])

    def _settle(self, errand: Errand, now: float) -> None:
        """Take the answer of an errand; wake the one who asked with the last answer of the wave."""
        errand.is_done = True
        errand.stop_waiting()
        wave = errand.wave
        wave.left -= 1
        line = errand.line
        if line is not None:
            line.in_flight -= 1
            line.window.settled += 1
            if line.queue:
                self._drain(line, now)
        if not wave.left:
            if not wave.future.done():
                wave.future.set_result(None)
        elif wave.parked:
            wave.has_sign_of_life = wave.has_sign_of_life or errand.answer.state != UNKNOWN
            self._release(wave, now)

    def _abandon(self, errand: Errand) -> None:
        """Nobody waits for the answer any more."""
        if not errand.is_done:
            errand.is_done = True
            errand.stop_waiting()
            self._leave_line(errand, self._loop.time())

    def _leave_line(self, errand: Errand, now: float) -> None:
        """Free the place that a question holds in its upstream's window."""
        line = errand.line
        if line is not None:
            errand.line = None
            line.in_flight -= 1
            if line.queue:
                self._drain(line, now)

    def _release(self, wave: Wave, now: float) -> None:
        """Let parked questions go on, or let them end with the scout that found nobody."""
        if wave.has_sign_of_life:
            parked, wave.parked = wave.parked, ()
            for errand in parked:
                if not errand.is_done:
                    self._repeat(errand, now)
        elif wave.scout is not None and wave.scout.is_done:
            parked, wave.parked = wave.parked, ()
            for errand in parked:
                if not errand.is_done:
                    self._proceed(errand, errand.give_up(), now)

    def _drain(self, line: Line, now: float) -> None:
        """Send what waits, as far as window and ceiling allow."""
        while line.queue and line.in_flight < line.window.size:
            first = line.queue[0]
            if first.is_done or now >= first.wave.deadline:
                line.queue.popleft()
                if not first.is_done:
                    self._proceed(first, first.give_up(), now)
                continue
            wait = line.ceiling.take(now)
            if wait > 0:
                self._drain_after(line, wait)
                return
            self._send(line, line.queue.popleft(), now)

    def _drain_after(self, line: Line, seconds: float) -> None:
        if not line.is_waiting_for_ceiling:
            line.is_waiting_for_ceiling = True
            self._loop.call_later(seconds, self._on_ceiling, line)

    def _on_ceiling(self, line: Line) -> None:
        line.is_waiting_for_ceiling = False
        self._drain(line, self._loop.time())

    def _watch(self, port: Port[Errand]) -> None:
        self._loop.add_reader(port.socket.fileno(), self._on_readable, port)

    def _unwatch(self, port: Port[Errand]) -> None:
        self._loop.remove_reader(port.socket.fileno())

    def _on_readable(self, port: Port[Errand]) -> None:
        """Take in what has arrived on one socket."""
        receive, pending = port.socket.recv, port.pending
        now = self._loop.time()
        errand: Errand | None = None
        for _ in range(_PACKETS_AT_ONCE):
            try:
                packet = receive(_LARGEST_PACKET)
            except BlockingIOError:
                break
            except OSError:
                self._on_refusal(port, now)
                break
            errand = pending.get(packet[:2])
            if errand is None or len(packet) < _SMALLEST_PACKET:
                self.statistics.strays += 1
                continue
            step = errand.receive(packet)
            if step is Step.DONE and errand.tries == 1:
                self._settle(errand, now)
            else:
                self._on_trouble(errand, step, now)
        if errand is not None and errand.is_done and errand.tries == 1:
            # One round trip of each batch is measured.
            self._lines[errand.first_upstream % len(self._lines)].round_trips.add(now - errand.sent_at)

    def _on_trouble(self, errand: Errand, step: Step, now: float) -> None:
        """Go on after a packet that is not simply the answer to a first try."""
        if step is Step.WAIT:
            self.statistics.strays += 1
            return
        wave = errand.wave
        wave.has_sign_of_life = True
        self._proceed(errand, step, now)
        if wave.parked:
            self._release(wave, now)

    def _on_refusal(self, port: Port[Errand], now: float) -> None:
        """The system says that nobody listens there: every try under way on this socket has failed."""
        for errand in list(port.pending.values()):
            if errand.line is not None and not errand.is_pausing:
                self._proceed(errand, errand.failed("network"), now)

    def _go_over_to_tcp(self, errand: Errand) -> None:
        errand.stop_waiting()
        self._arm(errand, errand.wave.deadline)
        task = self._loop.create_task(self._ask_by_tcp(errand))
        self._tcp_tasks.add(task)
        task.add_done_callback(self._tcp_tasks.discard)

    async def _ask_by_tcp(self, errand: Errand) -> None:
        line = errand.line
        if line is None:
            return
        self.statistics.by_tcp += 1
        if errand.came_back_flattened:
            line.note_flattened()
            errand.came_back_flattened = False
        errand.sent = errand.question
        body = wire.message_body(errand.question, with_edns=errand.with_edns)
        try:
            packet = await line.tcp.ask(body, timeout_seconds=_TCP_SECONDS)
            step = errand.receive(packet, by_tcp=True)
        except TCPFailed:
            step = errand.failed("tcp")
        if not errand.is_done:
            # Another question's answer under our id is as good as none.
            self._proceed(errand, errand.failed("tcp") if step is Step.WAIT else step, self._loop.time())

    def _on_tick(self) -> None:
        """Look at every errand whose time has come."""
        now = self._loop.time()
        until = int(now * _TICKS_PER_SECOND)
        if until > self._tick + _HELD_UP_TICKS and not self._was_held_up:
            # The loop stood still, so answers may lie unread: read them before anything is called silent.
            self._was_held_up = True
            self._timer = self._loop.call_later(1 / _TICKS_PER_SECOND, self._on_tick)
            return
        self._was_held_up = False
        for tick in range(self._tick, until + 1):
            for wave in self._wheel.pop(tick, ()):
                for errand in wave.errands:
                    if errand.due == tick and not errand.is_done:
                        self._on_due(errand, now)
        self._tick = until + 1
        if now - self._tidied_at > _TIDY_SECONDS:
            self._tidied_at = now
            for line in self._lines:
                line.ports.tidy(now)
                line.window.adapt()
        self._timer = self._loop.call_later(1 / _TICKS_PER_SECOND, self._on_tick)

    def _on_due(self, errand: Errand, now: float) -> None:
        if now >= errand.wave.deadline:
            self._proceed(errand, errand.give_up(), now)
        elif errand.is_pausing:
            errand.is_pausing = False
            self._repeat(errand, now)
        else:
            self._on_silence(errand, now)

    def _on_silence(self, errand: Errand, now: float) -> None:
        self.statistics.silences += 1
        if errand.line is not None:
            errand.line.window.silent += 1
        step = errand.timed_out()
        wave = errand.wave
        if step is Step.AGAIN and wave.must_park(errand):
            self._leave_line(errand, now)
            wave.parked = (*wave.parked, errand)
            self._arm(errand, wave.deadline)
        else:
            self._proceed(errand, step, now)
