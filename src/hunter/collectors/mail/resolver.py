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
from hunter.collectors.mail.statistics import Statistics
from hunter.collectors.mail.tcp import TCPFailed
from hunter.collectors.mail.udp import Port
from hunter.collectors.mail.upstream import PendingQuery, QueryBatch, Upstream, UpstreamState, next_upstream
from hunter.collectors.mail.wheel import TICKS_PER_SECOND, Wheel

#: Longest time for questions asked together, in seconds from the first one sent.
BATCH_SECONDS: Final = 6.0
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
        self._states: list[UpstreamState] = []
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
            address = str(host), int(port)
            self._states.append(UpstreamState(upstream, address, watch=self._watch, unwatch=self._unwatch))
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
        states, self._states = self._states, []
        open_batches = self._wheel.batches().union(query.batch for upstream in states for query in upstream.queue)
        for upstream in states:
            upstream.queue.clear()
            upstream.ports.close()
            await upstream.tcp.close()
        for batch in open_batches:
            # Whoever still waits hears that nothing more will be known.
            if not batch.future.done():
                batch.future.set_result(None)

    async def lookup_many(self, questions: Iterable[tuple[str, int]]) -> list[Answer]:
        """Look up (name, type) pairs together; answers come in the same order.

        Names are ASCII; what cannot be a name is `unknown("name")`. All is settled within BATCH_SECONDS.
        """
        answers: list[Answer | None] = []
        encoded: list[bytes] = []
        for name, record_type in questions:
            try:
                encoded.append(wire.encode_name(name.lower()) + wire.encode_type(record_type))
                answers.append(None)
            except ValueError:
                answers.append(unknown("name"))
        asked = iter(await self.ask(encoded, TimeBudget(BATCH_SECONDS)))
        return [next(asked) if answer is None else answer for answer in answers]

    async def ask(self, questions: Sequence[bytes], budget: TimeBudget, *, is_one_zone: bool = False) -> list[Answer]:
        """Ask encoded questions (lower-case name, type, class) together; answers come in the same order.

        `is_one_zone`: the names stand and fall together, so that only one is repeated while all are silent.
        The time on the wire is taken from `budget`.
        """
        if not questions or budget.left_seconds <= 0 or not self._states:
            return [unknown("timeout")] * len(questions)
        self._turn += 1
        seconds = min(BATCH_SECONDS, budget.left_seconds)
        future = self._loop.create_future()
        batch = QueryBatch(questions, self._turn, future=future, seconds=seconds, is_one_zone=is_one_zone)
        self._send_batch(batch, self._loop.time())
        try:
            await batch.future
        finally:
            if batch.left:
                for query in batch.queries:
                    self._abandon(query)
        budget.left_seconds -= self._loop.time() - batch.started_at
        answers = [query.answer for query in batch.queries]
        # Each query knows its batch: without this they would wait for the cycle collector, which looks seldom.
        batch.queries = []
        return answers

    def _send_batch(self, batch: QueryBatch, now: float) -> None:
        """Send the questions of a new batch: all at once where the upstream has room for them, else one by one."""
        queries = batch.queries
        self.statistics.questions += len(queries)
        self._budget.count(len(queries))
        upstream = next_upstream(self._states, self._turn, now)
        if not upstream.has_room_for(len(queries)):
            for query in queries:
                self._submit(query, now)
            return
        batch.start(now)
        due = self._wheel.enter_all(batch, now + upstream.round_trips.timeout_seconds)
        upstream.in_flight += len(queries)
        for query in queries:
            query.tries = 1
            query.upstream = upstream
            query.sent_at = now
            query.due = due
        for query in queries[upstream.send_all(queries, now) :]:
            self._put_on_wire(upstream, query, now)

    def _submit(self, query: PendingQuery, now: float) -> None:
        """Send a question, or queue it where the upstream's window or rate is reached."""
        upstream = next_upstream(self._states, query.first_upstream + query.tries, now)
        if upstream.queue or upstream.in_flight >= upstream.window.size:
            self._enqueue(upstream, query)
        elif (wait := upstream.rate_limiter.acquire(now)) > 0:
            self._enqueue(upstream, query)
            self._drain_after(upstream, wait)
        else:
            self._send(upstream, query, now)

    def _enqueue(self, upstream: UpstreamState, query: PendingQuery) -> None:
        """Let a question wait for its upstream, but not beyond its deadline if that is running."""
        upstream.queue.append(query)
        if query.batch.deadline < inf:
            self._wheel.enter(query, inf)

    def _send(self, upstream: UpstreamState, query: PendingQuery, now: float) -> None:
        query.tries += 1
        query.upstream = upstream
        query.sent_at = now
        upstream.in_flight += 1
        query.batch.start(now)
        self._put_on_wire(upstream, query, now)
        if query.upstream is not None:
            self._wheel.enter(query, now + upstream.round_trips.timeout_seconds * (1 << (query.tries - 1)))

    def _put_on_wire(self, upstream: UpstreamState, query: PendingQuery, now: float) -> None:
        try:
            upstream.send(query, now)
        except OSError:
            # The place is given back without looking at the queue, which would meet the same refusal at once.
            upstream.in_flight -= 1
            query.upstream = None
            self._proceed(query, query.failed("network"), now)

    def _proceed(self, query: PendingQuery, step: Step, now: float) -> None:
        """Do what a query said."""
        match step:
            case Step.DONE:
                self._settle(query, now)
            case Step.AGAIN:
                query.note_failure(now)
                self._leave_upstream(query, now)
                self._repeat(query, now)
            case Step.WITHOUT_EDNS:
                # Once for each question at most, and soon known of the upstream: no matter for the budget of repeats.
                if query.upstream is not None:
                    query.upstream.note_edns_failure()
                self._leave_upstream(query, now)
                self.statistics.repeats += 1
                self._submit(query, now)
            case Step.LATER:
                query.note_failure(now)
                self._leave_upstream(query, now)
                query.is_pausing = True
                self._wheel.enter(query, now + random.uniform(*_PAUSE_SECONDS))
            case Step.TCP:
                if query.upstream is not None:
                    self._go_over_to_tcp(query, query.upstream, now)
            case Step.WAIT:
                self.statistics.strays += 1

    def _repeat(self, query: PendingQuery, now: float) -> None:
        """Send once more if the budget of repeats allows it, else wait for it; but not where nobody listens."""
        is_free = query.is_free_to_repeat and any(not upstream.health.is_circuit_open(now) for upstream in self._states)
        if is_free or self._budget.may_repeat(now):
            query.is_free_to_repeat = False
            self.statistics.repeats += 1
            self._submit(query, now)
        elif query.reason == "network":
            self._proceed(query, query.give_up(), now)
        else:
            query.is_pausing = True
            self._wheel.enter(query, now + _PAUSE_SECONDS[0])

    def _settle(self, query: PendingQuery, now: float) -> None:
        """Take the answer of a query; wake the one who asked with the last answer of the batch."""
        query.is_done = True
        query.stop_waiting()
        batch = query.batch
        batch.left -= 1
        upstream = query.upstream
        if upstream is not None:
            upstream.in_flight -= 1
            upstream.window.settled += 1
            if upstream.health.failures and query.answer.state != UNKNOWN:
                upstream.health.failures = 0
            if upstream.queue:
                self._drain(upstream, now)
        if not batch.left:
            if not batch.future.done():
                batch.future.set_result(None)
        elif batch.parked:
            batch.has_sign_of_life = batch.has_sign_of_life or query.answer.state != UNKNOWN
            self._release(batch, now)

    def _abandon(self, query: PendingQuery) -> None:
        """Nobody waits for the answer any more."""
        if not query.is_done:
            query.is_done = True
            query.stop_waiting()
            self._leave_upstream(query, self._loop.time())

    def _leave_upstream(self, query: PendingQuery, now: float) -> None:
        """Free the place that a question holds in its upstream's window."""
        upstream = query.upstream
        if upstream is not None:
            query.upstream = None
            upstream.in_flight -= 1
            if upstream.queue:
                self._drain(upstream, now)

    def _release(self, batch: QueryBatch, now: float) -> None:
        """Let parked questions go on, or let them end with the scout that found nobody."""
        if batch.has_sign_of_life:
            parked, batch.parked = batch.parked, ()
            for query in parked:
                if not query.is_done:
                    self._repeat(query, now)
        elif batch.scout is not None and batch.scout.is_done:
            parked, batch.parked = batch.parked, ()
            for query in parked:
                if not query.is_done:
                    self._proceed(query, query.give_up(), now)

    def _drain(self, upstream: UpstreamState, now: float) -> None:
        """Send what waits, as far as window and rate allow."""
        while upstream.queue and upstream.in_flight < upstream.window.size:
            first = upstream.queue[0]
            if first.is_done or now >= first.batch.deadline:
                upstream.queue.popleft()
                if not first.is_done:
                    self._proceed(first, first.give_up(), now)
                continue
            wait = upstream.rate_limiter.acquire(now)
            if wait > 0:
                self._drain_after(upstream, wait)
                return
            self._send(upstream, upstream.queue.popleft(), now)

    def _drain_after(self, upstream: UpstreamState, seconds: float) -> None:
        if not upstream.is_waiting_for_rate:
            upstream.is_waiting_for_rate = True
            self._loop.call_later(seconds, self._on_rate_allowed, upstream)

    def _on_rate_allowed(self, upstream: UpstreamState) -> None:
        upstream.is_waiting_for_rate = False
        self._drain(upstream, self._loop.time())

    def _watch(self, port: Port[PendingQuery]) -> None:
        self._loop.add_reader(port.socket.fileno(), self._on_readable, port)

    def _unwatch(self, port: Port[PendingQuery]) -> None:
        self._loop.remove_reader(port.socket.fileno())

    def _on_readable(self, port: Port[PendingQuery]) -> None:
        """Take in what has arrived on one socket."""
        receive, pending = port.socket.recv, port.pending
        now = self._loop.time()
        query: PendingQuery | None = None
        for _ in range(_PACKETS_AT_ONCE):
            try:
                packet = receive(_LARGEST_PACKET)
            except BlockingIOError:
                break
            except OSError:
                self._on_refusal(port, now)
                break
            query = pending.get(packet[:2])
            if query is None or len(packet) < _SMALLEST_PACKET:
                self.statistics.strays += 1
                continue
            step = query.receive(packet)
            if step is Step.DONE and query.tries == 1:
                self._settle(query, now)
            else:
                is_current = query.is_in_flight_under(pending, packet[:2])
                self._on_trouble(query, step, now, is_current=is_current)
        if query is not None and query.is_done and query.tries == 1 and query.upstream is not None:
            query.upstream.note_answer(query.sent_at, now)  # One answer of each reading is measured.

    def _on_trouble(self, query: PendingQuery, step: Step, now: float, *, is_current: bool) -> None:
        """Go on after a packet that is not simply the answer to a first try.

        A late answer counts. A late failure does not: it says nothing about the try that is under way or to come.
        """
        batch = query.batch
        batch.has_sign_of_life = batch.has_sign_of_life or step is not Step.WAIT
        if is_current or (step is Step.DONE and query.answer.state != UNKNOWN):
            self._proceed(query, step, now)
        else:
            self.statistics.strays += 1
        if batch.parked:
            self._release(batch, now)

    def _on_refusal(self, port: Port[PendingQuery], now: float) -> None:
        """The system says that nobody listens there: every try under way on this socket has failed."""
        for identifier, query in list(port.pending.items()):
            if query.is_in_flight_under(port.pending, identifier):
                self._proceed(query, query.failed("network"), now)

    def _go_over_to_tcp(self, query: PendingQuery, upstream: UpstreamState, now: float) -> None:
        """Ask the same upstream by TCP; the place in its UDP window is free meanwhile."""
        query.stop_waiting()
        self._leave_upstream(query, now)
        self._wheel.enter(query, inf)
        task = self._loop.create_task(self._ask_by_tcp(query, upstream))
        self._tcp_tasks.add(task)
        task.add_done_callback(self._tcp_tasks.discard)

    async def _ask_by_tcp(self, query: PendingQuery, upstream: UpstreamState) -> None:
        self.statistics.by_tcp += 1
        if query.has_lost_case:
            upstream.note_lost_case()
            query.has_lost_case = False
        query.sent = query.question
        body = wire.message_body(query.question, with_edns=query.with_edns)
        try:
            packet = await upstream.tcp.ask(body, timeout_seconds=_TCP_SECONDS)
            step = query.receive(packet, by_tcp=True)
        except TCPFailed:
            step = query.failed("tcp")
        if not query.is_done:
            # Another question's answer under our id is as good as none.
            self._proceed(query, query.failed("tcp") if step is Step.WAIT else step, self._loop.time())

    def _on_tick(self) -> None:
        """Look at every query whose time has come."""
        now = self._loop.time()
        self._timer = self._loop.call_later(1 / TICKS_PER_SECOND, self._on_tick)
        for query in self._wheel.due(now):
            self._on_due(query, now)
        if now - self._tidied_at > _TIDY_SECONDS:
            self._tidied_at = now
            for upstream in self._states:
                upstream.tidy(now)

    def _on_due(self, query: PendingQuery, now: float) -> None:
        if now >= query.batch.deadline:
            self._proceed(query, query.give_up(), now)
        elif query.is_pausing:
            query.is_pausing = False
            self._repeat(query, now)
        else:
            self._on_silence(query, now)

    def _on_silence(self, query: PendingQuery, now: float) -> None:
        self.statistics.silences += 1
        step, batch = query.timed_out(), query.batch
        if query.upstream is not None and (batch.has_sign_of_life or batch.left < len(batch.queries)):
            # A wholly silent batch is a dead zone; an upstream that drowns drops questions here and there.
            query.upstream.window.silent += 1
        if step is Step.AGAIN and batch.must_park(query):
            self._leave_upstream(query, now)
            batch.parked = (*batch.parked, query)
            self._wheel.enter(query, inf)
        else:
            self._proceed(query, step, now)
