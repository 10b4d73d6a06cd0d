"""What can go wrong between a question and its answer, and by what chance. Pure: decides, sends nothing.

Every chance is a seeded hash of what it concerns, never a random number, so that the same questions meet the same
trouble in every run. `is_dead` is the very function that the server decides by.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from itertools import accumulate
from math import isfinite
from typing import Final
from zlib import crc32

from hunter.core.errors import InvalidInput


class Fault(StrEnum):
    """What a server does instead of simply telling the truth."""

    #: Never answers, neither by UDP nor by TCP.
    DEAD = "dead"
    #: This UDP packet gets no answer; TCP is not touched.
    LOST = "lost"
    SERVFAIL = "servfail"
    REFUSED = "refused"
    NOTIMP = "notimp"
    #: FORMERR for a question with EDNS; a question without is answered.
    FORMERR_ON_EDNS = "formerr_on_edns"
    #: TC by UDP however small the answer; the truth by TCP.
    TRUNCATED = "truncated"
    #: The right answer under another id.
    WRONG_ID = "wrong_id"
    #: The right id, but an answer to a question that nobody asked.
    WRONG_QUESTION = "wrong_question"
    #: The question comes back in other letters than it was asked in.
    WRONG_CASE = "wrong_case"
    #: The answer's records belong to another name.
    OTHER_NAME = "other_name"
    #: The packet ends in the middle.
    CUT_PACKET = "cut_packet"
    #: The right id, then bytes without sense.
    GARBAGE = "garbage"
    #: A TXT question gets one TXT record of 64 kB: TC by UDP, whole by TCP.
    TXT_64K = "txt_64k"
    #: Two names that are each other's alias.
    CNAME_LOOP = "cname_loop"
    #: A TXT question gets an SPF text that is not UTF-8.
    NON_UTF8 = "non_utf8"
    #: A TXT question gets an SPF text with terminal control sequences.
    ESCAPE_CODES = "escape_codes"
    #: A forged packet with a wrong id and a false content comes first, then the truth.
    SPOOF_FIRST = "spoof_first"


#: The faults in which the server says something false, as `Faults.lies` takes them.
LIES: Final = (
    Fault.WRONG_ID,
    Fault.WRONG_QUESTION,
    Fault.WRONG_CASE,
    Fault.OTHER_NAME,
    Fault.CUT_PACKET,
    Fault.GARBAGE,
    Fault.TXT_64K,
    Fault.CNAME_LOOP,
    Fault.NON_UTF8,
    Fault.ESCAPE_CODES,
    Fault.SPOOF_FIRST,
)


class TCPService(StrEnum):
    """What becomes of clients that come by TCP."""

    ANSWER = "answer"
    #: Nobody listens.
    REFUSE = "refuse"
    #: The connection is taken and never answered.
    HANG = "hang"
    #: The connection is closed in the middle of the first answer.
    CUT = "cut"


@dataclass(frozen=True, slots=True)
class Behaviour:
    """How one name, or one question, is treated."""

    fault: Fault | None = None
    #: Milliseconds by which its answers come later than those of others.
    slow_ms: float = 0.0


@dataclass(frozen=True, slots=True)
class Faults:
    """All trouble of one server. Shares lie between 0 and 1; the shares of answers sum to at most 1."""

    #: Share of UDP questions that get no answer.
    loss: float = 0.0
    #: Share of answers that are SERVFAIL, REFUSED, NOTIMP. The next try of the same question is decided anew.
    servfail: float = 0.0
    refused: float = 0.0
    notimp: float = 0.0
    #: Share of questions with EDNS that get FORMERR.
    formerr_on_edns: float = 0.0
    #: Share of UDP answers with TC, whatever their size.
    truncate: float = 0.0
    #: Lies and the share of answers that tell them.
    lies: tuple[tuple[Fault, float], ...] = ()
    #: Share of domains (registrable names) that are never answered.
    dead: float = 0.0
    #: Share of domains whose answers are late, and by how much.
    slow: float = 0.0
    slow_ms: float = 3000.0
    #: Round trip added to every answer, and the span of chance on top of it.
    delay_ms: float = 0.0
    jitter_ms: float = 0.0
    tcp: TCPService = TCPService.ANSWER
    #: Another seed gives other victims.
    seed: int = 1

    def __post_init__(self) -> None:
        for name, share in (("dead", self.dead), ("slow", self.slow), *self._named_shares()):
            if not 0 <= share <= 1:
                raise InvalidInput(f"{name} is a share between 0 and 1, not {share}")
        if sum(share for _, share in self._named_shares()) > 1 + 1e-9:
            raise InvalidInput("the shares of answers that go wrong sum to more than 1")
        for name in ("slow_ms", "delay_ms", "jitter_ms"):
            if not (isfinite(value := getattr(self, name)) and value >= 0):
                raise InvalidInput(f"{name} is a number of milliseconds, not {value}")
        no_lies = [fault for fault, _ in self.lies if fault not in LIES]
        if no_lies:
            raise InvalidInput(f"{no_lies[0]} is no lie; the lies are {', '.join(LIES)}")

    def _named_shares(self) -> list[tuple[Fault, float]]:
        """Return the exclusive outcomes of one answer with their shares."""
        return [
            (Fault.LOST, self.loss),
            (Fault.SERVFAIL, self.servfail),
            (Fault.REFUSED, self.refused),
            (Fault.NOTIMP, self.notimp),
            (Fault.FORMERR_ON_EDNS, self.formerr_on_edns),
            (Fault.TRUNCATED, self.truncate),
            *self.lies,
        ]

    def answer_shares(self) -> list[tuple[Fault, float]]:
        """Return the faults of single answers that can happen at all, each with its share."""
        return [(fault, share) for fault, share in self._named_shares() if share]

    def is_dead(self, domain: str) -> bool:
        """Tell whether a domain (registrable name, any case, A-labels) is never answered under these faults."""
        return is_dead(domain, share=self.dead, seed=self.seed)

    def is_slow(self, domain: str) -> bool:
        """Tell whether the answers of a domain are late by `slow_ms` under these faults."""
        return _chance(_domain_key(domain), self.seed, _SLOW) < self.slow * _WHOLE


NO_FAULTS: Final = Faults()

_WHOLE: Final = 1 << 32
# Salts keep the decisions of one seed apart.
_DEAD: Final = 0x1B873593
_SLOW: Final = 0x2C1B3C6D
_ATTEMPT: Final = 0x9E3779B1
# Number of counters of tries. Two questions that share one only swap the moments at which trouble strikes.
_COUNTERS: Final = 1 << 22


def is_dead(domain: str, *, share: float, seed: int = 1) -> bool:
    """Tell whether `domain` belongs to the share of domains that a server with this seed never answers."""
    return _chance(_domain_key(domain), seed, _DEAD) < share * _WHOLE


def parse_lies(texts: Iterable[str]) -> tuple[tuple[Fault, float], ...]:
    """Read lies as a command line gives them: `wrong_id=0.05`, or `garbage` for every answer.

    Raises `InvalidInput`.
    """
    lies = []
    for text in texts:
        name, _, share = text.partition("=")
        try:
            lies.append((Fault(name.strip().replace("-", "_")), float(share) if share else 1.0))
        except ValueError as error:
            raise InvalidInput(f"{text!r} is no lie; write NAME=SHARE, NAME one of {', '.join(LIES)}") from error
    return tuple(lies)


def _domain_key(domain: str) -> bytes:
    return domain.lower().removesuffix(".").encode()


def _chance(subject: bytes, seed: int, salt: int) -> int:
    """Return a number in [0, 2**32) that the subject, the seed and the salt fix."""
    # CRC spreads the bytes; the two rounds after it break its linearity, or neighbours would share their fate.
    mixed = crc32(subject, (seed * 0x85EBCA6B ^ salt) & 0xFFFFFFFF) ^ salt
    mixed = ((mixed ^ (mixed >> 16)) * 0x45D9F3B) & 0xFFFFFFFF
    mixed = ((mixed ^ (mixed >> 16)) * 0x45D9F3B) & 0xFFFFFFFF
    return mixed ^ (mixed >> 16)


class FaultDice:
    """Decides what happens to each question of a server, and remembers how often each was asked."""

    def __init__(self, faults: Faults, domain_of: Callable[[bytes], bytes | None]) -> None:
        """`domain_of` names the domain (dotted, lower case) of a question; None for shared names, which never die."""
        self._seed = faults.seed
        self._domain_of = domain_of
        self._dead_below = int(faults.dead * _WHOLE)
        self._slow_below = int(faults.slow * _WHOLE)
        self._slow = Behaviour(slow_ms=faults.slow_ms)
        shares = faults.answer_shares()
        self._bounds = [int(bound * _WHOLE) for bound in accumulate(share for _, share in shares)]
        self._outcomes: list[Behaviour | None] = [*(Behaviour(fault) for fault, _ in shares), None]
        self._tries = bytearray(_COUNTERS) if shares else bytearray()

    @property
    def is_idle(self) -> bool:
        """Whether nothing can happen to any question."""
        return not (self._bounds or self._dead_below or self._slow_below)

    def outcome(self, question: bytes) -> Behaviour | None:
        """Decide one try of a question (name in lower case, type, class); None when it is simply answered."""
        slow = None
        if self._dead_below or self._slow_below:
            domain = self._domain_of(question)
            if domain is not None:
                if _chance(domain, self._seed, _DEAD) < self._dead_below:
                    return _DEAD_DOMAIN
                if _chance(domain, self._seed, _SLOW) < self._slow_below:
                    slow = self._slow
        if not self._bounds:
            return slow
        outcome = self._outcomes[bisect_right(self._bounds, self._next_chance(question))]
        if slow is None or outcome is None:
            return outcome or slow
        return Behaviour(outcome.fault, slow.slow_ms)

    def _next_chance(self, question: bytes) -> int:
        place = crc32(question) & (_COUNTERS - 1)
        tries = self._tries[place]
        self._tries[place] = (tries + 1) & 0xFF
        return _chance(question, self._seed, (_ATTEMPT * (tries + 1)) & 0xFFFFFFFF)


_DEAD_DOMAIN: Final = Behaviour(Fault.DEAD)
