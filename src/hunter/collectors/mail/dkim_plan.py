"""Which DKIM names to ask, and what the answers prove: the plan for one domain, without I/O.

A key is found where a text parses as one and no wildcard explains it. Absent needs NXDOMAIN at `_domainkey` *and* no
guessed selector: some servers deny a name that exists only above others (against RFC 8020). All else is unknown.
"""

import secrets
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Final

from hunter.collectors.mail.answer import ABSENT, FOUND, UNKNOWN, Answer
from hunter.collectors.mail.readings import text_of
from hunter.core.evidence import DKIMTarget
from hunter.core.records.dkim import DKIMKey, parse_dkim_key
from hunter.core.signals import Absent, Found, Signal, Unknown

#: Label of the name above all selectors (RFC 6376 §3.6.2.1).
DOMAINKEY: Final = "_domainkey"
#: Secondary selectors, asked only where their primary is missing: both are always published together.
_PRIMARY_OF: Final = {"selector2": "selector1"}
#: With fewer names a key could not be told from a wildcard without a further question.
_FEWEST_FIRST: Final = 2
#: How many of the other selectors are tried at a time.
_AT_A_TIME: Final = 9


class DKIMPlan:
    """The questions about one domain's DKIM keys, step by step.

    First the selectors that the provider guess names, then `_domainkey` itself (is there anything below?), then the
    other known selectors, the likely ones first, and none of them where a key was found before.
    """

    def __init__(self, guesses: Sequence[str], selectors: Sequence[str]) -> None:
        self._secondary, first = _order(tuple(guesses), tuple(selectors))
        self._selectors = selectors
        #: The other selectors that are still to be asked; None before the first of them is.
        self._others: list[str] | None = None
        #: Answers by selector, in the order asked.
        self._answers: dict[str, Answer] = {}
        #: What the `_domainkey` node itself answered.
        self._node: Answer | None = None
        #: The wildcard probe, a label that cannot exist, and what it answered.
        self._probe = ""
        self._probe_answer: Answer | None = None
        self._keys: list[DKIMKey] = []
        self._pending = first

    def pending(self) -> tuple[str, ...]:
        """Return the labels below `_domainkey` to ask now ("" is `_domainkey` itself); nothing when all is said."""
        return self._pending

    def receive(self, answers: Iterable[Answer]) -> None:
        """Take in the answers to what was pending, in the same order, and decide what to ask next."""
        for label, answer in zip(self._pending, answers, strict=True):
            if not label:
                self._node = answer
            elif label == self._probe:
                self._probe_answer = answer
            else:
                self._take(label, answer)
        self._pending = tuple(self._next())

    def _take(self, label: str, answer: Answer) -> None:
        self._answers[label] = answer
        if answer.state == FOUND:
            keys = [parse_dkim_key(label, text_of(value)) for value in answer.values]
            self._keys += [key for key in keys if key is not None and not key.is_revoked]

    def _next(self) -> list[str]:
        if self._keys:
            return self._new_probe() if self._may_be_wildcard() else []
        if self._node is None or self._secondary:
            labels = [*self._secondary] if self._node else [*self._secondary, ""]
            self._secondary = ()
            return labels + self._new_probe() if self._may_be_wildcard() else labels
        if self._is_denied() or self._is_below_wildcard():
            return []
        if self._others is None:
            self._others = [selector for selector in self._selectors if selector not in self._answers]
        labels, self._others = self._others[:_AT_A_TIME], self._others[_AT_A_TIME:]
        return labels if self._probe or not labels else labels + self._new_probe()

    def _may_be_wildcard(self) -> bool:
        """Say whether every name that was asked answers, and all alike: a wildcard would do just that.

        An alias that repeats the selector was written for it; a wildcard leads every name to one place.
        """
        if self._probe or not self._answers:
            return False
        answers = self._answers.items()
        if any(answer.state == ABSENT or _repeats(label, answer) for label, answer in answers):
            return False
        return len({answer.values for _, answer in answers if answer.state == FOUND}) == 1

    def _new_probe(self) -> list[str]:
        self._probe = f"x{secrets.token_hex(8)}"
        return [self._probe]

    def _is_denied(self) -> bool:
        """Say whether `_domainkey` does not exist; a text at a selector, whatever it says, proves that it does."""
        node = self._node
        is_there = any(answer.state == FOUND for answer in self._answers.values())
        return node is not None and node.reason == "nxdomain" and not node.chain and not is_there

    def _is_below_wildcard(self) -> bool:
        """Say whether a name that cannot exist is there all the same: then no selector needs to be either.

        A wildcard above `_domainkey` stops at it as soon as any name stands below (RFC 4592 §2.2.1), so a probe that
        is answered means that there is none, or that the wildcard stands below `_domainkey` itself.
        """
        probe = self._probe_answer
        return probe is not None and probe.state != UNKNOWN and (probe.reason != "nxdomain" or bool(probe.chain))

    def _is_wildcard_key(self) -> bool:
        """Say whether a name that cannot exist holds the same as the selectors do, or could not be asked."""
        probe = self._probe_answer
        if probe is None or probe.state == ABSENT:
            return False
        return probe.state == UNKNOWN or any(answer.values == probe.values for answer in self._answers.values())

    def keys(self) -> Signal[tuple[DKIMKey, ...]]:
        """Return the verdict; call it when nothing is pending."""
        if self._keys and not self._is_wildcard_key():
            return Found(tuple(self._keys), tuple([key.text for key in self._keys]))
        failed = next((answer for answer in self._answers.values() if answer.state == UNKNOWN), None)
        if failed is not None:
            return Unknown(failed.reason)
        if self._keys or self._is_below_wildcard():
            return Unknown("wildcard")
        node = self._node
        if node is None or node.state == UNKNOWN:
            return Unknown("not_asked" if node is None else node.reason)
        return Absent("nxdomain") if self._is_denied() else Unknown("selector_not_known")

    def targets(self) -> Signal[tuple[DKIMTarget, ...]]:
        """Return where the selectors' CNAME chains end; dangling ones count, they betray the provider all the same."""
        aliases = tuple(
            [DKIMTarget(label, answer.chain[-1]) for label, answer in self._answers.items() if answer.chain]
        )
        if aliases:
            return Found(aliases)
        failed = next((answer for answer in self._answers.values() if answer.state == UNKNOWN), None)
        return Unknown(failed.reason) if failed is not None else Absent("nodata")


@lru_cache(maxsize=256)
def _order(guesses: tuple[str, ...], selectors: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return which guesses are secondary, and which names are asked first.

    Further names join the first where a wildcard could not show otherwise; an alias at `selector1` shows it by itself.
    """
    secondary = tuple(second for second, primary in _PRIMARY_OF.items() if second in guesses and primary in guesses)
    first = [guess for guess in guesses if guess not in secondary]
    if "selector1" not in first:
        first += [selector for selector in selectors if selector not in first][: max(_FEWEST_FIRST - len(first), 0)]
    return secondary, tuple(first)


def _repeats(label: str, answer: Answer) -> bool:
    return bool(answer.chain) and label in answer.chain[0]
