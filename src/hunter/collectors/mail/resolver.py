"""Resolver: the door to the DNS. Questions in, answers in three states out; never an exception for a remote failure.

A thin loop around `conversation.py`: it owns sockets, queues and one timer wheel, and does what the conversations say.
"""

import asyncio
import random
from collections.abc import Iterable, Sequence
from math import inf
from types import TracebackType
from typing import Final

from hunter.collectors.mail import wire
from hunter.collectors.mail.answer import UNKNOWN, Answer, unknown
from hunter.collectors.mail.conversation import Step
from hunter.collectors.mail.flow import RetryBudget, TimeBudget
from hunter.collectors.mail.line import Errand, Line, Upstream, Wave, next_line
from hunter.collectors.mail.statistics import Statistics
from hunter.collectors.mail.tcp import TCPFailed
from hunter.collectors.mail.udp import Port
from hunter.collectors.mail.wheel import TICKS_PER_SECOND, Wheel

#: Longest time for questions asked together, in seconds from the first one sent.
WAVE_SECONDS: Final = 6.0
_PACKETS_AT_ONCE: Final = 256
_LARGEST_PACKET: Final = 4096
_SMALLEST_PACKET: Final = 12
#: Pause before an upstream that could not answer is asked again (seconds, drawn between the two).
_PAUSE_SECONDS: Final = (0.1, 0.2)
_TCP_SECONDS: Final = 3.0
_TIDY_SECONDS: Final = 1.0


class Resolver:
    """Asks upstreams in turn; use it as an asynchronous context manager inside one running loop."""

    def __init__(self, upstreams: Sequence[Upstream]) -> None:
        if not upstreams:
            raise ValueError("a resolver needs an upstream")
        self._upstreams = upstreams
        self._lines: list[Line] = []
        self._turn = 0
        self._budget = RetryBudget()
        self._wheel = Wheel()
        self._timer: asyncio.TimerHandle | None = None
        self._tidied_at = 0.0
        self._tcp_tasks: set[asyncio.Task[None]] = set()
        self.statistics = Statistics()

    async def __aenter__(self) -> "Resolver":
        self._loop = asyncio.get_running_loop()
        for upstream in self._upstreams:
            found = await self._loop.getaddrinfo(upstream.host, upstream.port)
            host, port = found[0][4][:2]
            self._lines.append(Line(upstream, (str(host), int(port)), watch=self._watch, unwatch=self._unwatch))
        self._wheel.start(self._loop.time())
        self._timer = self._loop.call_later(1 / TICKS_PER_SECOND, self._on_tick)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._timer is not None:
            self._timer.cancel()
        for task in self._tcp_tasks:
            task.cancel()
        await asyncio.gather(*self._tcp_tasks, return_exceptions=True)
        lines, self._lines = self._lines, []
        open_waves = self._wheel.waves().union(errand.wave for line in lines for errand in line.queue)
        for line in lines:
            line.queue.clear()
            line.ports.close()
            await line.tcp.close()
        for wave in open_waves:
            # Whoever still waits hears that nothing more will be known.
            if not wave.future.done():
                wave.future.set_result(None)

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
        if not questions or budget.left_seconds <= 0 or not self._lines:
            return [unknown("timeout")] * len(questions)
        self._turn += 1
        seconds = min(WAVE_SECONDS, budget.left_seconds)
        wave = Wave(questions, self._turn, future=self._loop.create_future(), seconds=seconds, is_one_zone=is_one_zone)
        self._send_wave(wave, self._loop.time())
        try:
            await wave.future
        finally:
            if wave.left:
                for errand in wave.errands:
                    self._abandon(errand)
        budget.left_seconds -= self._loop.time() - wave.started_at
        answers = [errand.answer for errand in wave.errands]
        # Each errand knows its wave: without this they would wait for the cycle collector, which looks seldom.
        wave.errands = []
        return answers

    def _send_wave(self, wave: Wave, now: float) -> None:
        """Send the questions of a new wave: all at once where the upstream has room for them, else one by one."""
        errands = wave.errands
        self.statistics.questions += len(errands)
        self._budget.count(len(errands))
        line = next_line(self._lines, self._turn, now)
        if not line.has_room_for(len(errands)):
            for errand in errands:
                self._submit(errand, now)
            return
        wave.start(now)
        due = self._wheel.enter_all(wave, now + line.round_trips.timeout_seconds)
        line.in_flight += len(errands)
        for errand in errands:
            errand.tries = 1
            errand.line = line
            errand.sent_at = now
            errand.due = due
        for errand in errands[line.send_all(errands, now) :]:
            self._put_on_wire(line, errand, now)

    def _submit(self, errand: Errand, now: float) -> None:
        """Send a question, or queue it where the upstream's window or ceiling is reached."""
        line = next_line(self._lines, errand.first_upstream + errand.tries, now)
        if line.queue or line.in_flight >= line.window.size:
            self._enqueue(line, errand)
        elif (wait := line.ceiling.take(now)) > 0:
            self._enqueue(line, errand)
            self._drain_after(line, wait)
        else:
            self._send(line, errand, now)

    def _enqueue(self, line: Line, errand: Errand) -> None:
        """Let a question wait for its upstream, but not beyond its deadline if that is running."""
        line.queue.append(errand)
        if errand.wave.deadline < inf:
            self._wheel.enter(errand, inf)

    def _send(self, line: Line, errand: Errand, now: float) -> None:
        errand.tries += 1
        errand.line = line
        errand.sent_at = now
        line.in_flight += 1
        errand.wave.start(now)
        self._put_on_wire(line, errand, now)
        if errand.line is not None:
            self._wheel.enter(errand, now + line.round_trips.timeout_seconds * (1 << (errand.tries - 1)))

    def _put_on_wire(self, line: Line, errand: Errand, now: float) -> None:
        try:
            line.send(errand, now)
        except OSError:
            # The place is given back without looking at the queue, which would meet the same refusal at once.
            line.in_flight -= 1
            errand.line = None
            self._proceed(errand, errand.failed("network"), now)

    def _proceed(self, errand: Errand, step: Step, now: float) -> None:
        """Do what a errand said."""
        match step:
            case Step.DONE:
                self._settle(errand, now)
            case Step.AGAIN:
                errand.note_failure(now)
                self._leave_line(errand, now)
                self._repeat(errand, now)
            case Step.WITHOUT_EDNS:
                # Once for each question at most, and soon known of the upstream: no matter for the budget of repeats.
                if errand.line is not None:
                    errand.line.note_stumble()
                self._leave_line(errand, now)
                self.statistics.repeats += 1
                self._submit(errand, now)
            case Step.LATER:
                errand.note_failure(now)
                self._leave_line(errand, now)
                errand.is_pausing = True
                self._wheel.enter(errand, now + random.uniform(*_PAUSE_SECONDS))
            case Step.TCP:
                if errand.line is not None:
                    self._go_over_to_tcp(errand, errand.line, now)
            case Step.WAIT:
                self.statistics.strays += 1

    def _repeat(self, errand: Errand, now: float) -> None:
        """Send once more if the budget of repeats allows it, else wait for it; but not where nobody listens."""
        is_free = errand.is_free_to_repeat and any(not line.health.rests(now) for line in self._lines)
        if is_free or self._budget.may_repeat(now):
            errand.is_free_to_repeat = False
            self.statistics.repeats += 1
            self._submit(errand, now)
        elif errand.reason == "network":
            self._proceed(errand, errand.give_up(), now)
        else:
            errand.is_pausing = True
            self._wheel.enter(errand, now + _PAUSE_SECONDS[0])

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
            if line.health.failures and errand.answer.state != UNKNOWN:
                line.health.failures = 0
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
                is_current = errand.is_in_flight_under(pending, packet[:2])
                self._on_trouble(errand, step, now, is_current=is_current)
        if errand is not None and errand.is_done and errand.tries == 1 and errand.line is not None:
            # One answer of each batch is measured.
            errand.line.note_answer(errand.sent_at, now)

    def _on_trouble(self, errand: Errand, step: Step, now: float, *, is_current: bool) -> None:
        """Go on after a packet that is not simply the answer to a first try.

        A late answer counts. A late failure does not: it says nothing about the try that is under way or to come.
        """
        wave = errand.wave
        wave.has_sign_of_life = wave.has_sign_of_life or step is not Step.WAIT
        if is_current or (step is Step.DONE and errand.answer.state != UNKNOWN):
            self._proceed(errand, step, now)
        else:
            self.statistics.strays += 1
        if wave.parked:
            self._release(wave, now)

    def _on_refusal(self, port: Port[Errand], now: float) -> None:
        """The system says that nobody listens there: every try under way on this socket has failed."""
        for identifier, errand in list(port.pending.items()):
            if errand.is_in_flight_under(port.pending, identifier):
                self._proceed(errand, errand.failed("network"), now)

    def _go_over_to_tcp(self, errand: Errand, line: Line, now: float) -> None:
        """Ask the same upstream by TCP; the place in its UDP window is free meanwhile."""
        errand.stop_waiting()
        self._leave_line(errand, now)
        self._wheel.enter(errand, inf)
        task = self._loop.create_task(self._ask_by_tcp(errand, line))
        self._tcp_tasks.add(task)
        task.add_done_callback(self._tcp_tasks.discard)

    async def _ask_by_tcp(self, errand: Errand, line: Line) -> None:
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
        self._timer = self._loop.call_later(1 / TICKS_PER_SECOND, self._on_tick)
        for errand in self._wheel.due(now):
            self._on_due(errand, now)
        if now - self._tidied_at > _TIDY_SECONDS:
            self._tidied_at = now
            for line in self._lines:
                line.tidy(now)

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
        step, wave = errand.timed_out(), errand.wave
        if errand.line is not None and (wave.has_sign_of_life or wave.left < len(wave.errands)):
            # A wholly silent wave is a dead zone; an upstream that drowns drops questions here and there.
            errand.line.window.silent += 1
        if step is Step.AGAIN and wave.must_park(errand):
            self._leave_line(errand, now)
            wave.parked = (*wave.parked, errand)
            self._wheel.enter(errand, inf)
        else:
            self._proceed(errand, step, now)
