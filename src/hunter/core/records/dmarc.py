"""DMARC policies (RFC 9989 §4.10): the tree walk that finds the record which applies to a domain, and its verdict.

In: the TXT texts at `_dmarc.<domain>` and, where these hold no record, at the `_dmarc` names above it. Out: a signal.
No I/O: `pending()` names what has to be read, `receive()` takes the answers.
"""

from dataclasses import dataclass
from typing import Final

from hunter.core.records.dmarc_record import DMARCRecord, parse_dmarc
from hunter.core.signals import NOT_ASKED, Absent, Found, Signal, Unknown

#: With the question at the domain itself a walk makes eight at most (RFC 9989 §4.10).
_MOST_PARENTS: Final = 7


@dataclass(frozen=True, slots=True)
class DMARCPolicy:
    """The DMARC policy that applies to one domain name."""

    #: The policy for the asked domain: `none`, `quarantine` or `reject`, as published (`t=y` does not weaken it here).
    policy: str
    #: `pct` where published, clamped to 0..100; else 100.
    coverage: int
    #: True for `t=y`: published, but not asked to be enforced.
    is_testing: bool
    #: The domain whose record applies.
    domain: str
    #: The record's text.
    text: str
    #: `p` of the record; `none` where it is unusable and `rua` saves the record.
    published_policy: str
    #: `sp` where it is valid.
    subdomain_policy: str | None
    #: `np` where it is valid; it is for names that do not exist, so it never decides here.
    nonexistent_policy: str | None
    #: `y`, `n` or `u` where it is valid.
    psd: str | None
    #: Addresses of aggregate reports, as published.
    rua: tuple[str, ...]
    #: True when the record stands above the asked domain.
    is_inherited: bool


class DMARCWalk:
    """Find one domain's policy: read what `pending()` names, hand each answer to `receive()`, then take `signal()`.

    Two records at the domain itself end the walk: `Absent("multiple")`, also where a parent has a policy, because
    receivers disagree on what to do then. Two records at a parent count as none there (RFC 9989 §4.10, step 6).
    """

    __slots__ = ("_answers", "_domain", "_own", "_parents", "_verdict")

    def __init__(self, domain: str, texts: Signal[tuple[str, ...]]) -> None:
        self._domain = domain
        self._own = texts
        self._answers: dict[str, Signal[tuple[str, ...]]] = {}
        self._parents: tuple[str, ...] = ()
        self._verdict = self._judge_own(texts)
        if self._verdict is None:
            self._parents = _parents(domain)

    def _judge_own(self, texts: Signal[tuple[str, ...]]) -> Signal[DMARCPolicy] | None:
        if isinstance(texts, Unknown):
            return Unknown(texts.reason)
        records = _records(texts)
        if len(records) > 1:
            return Absent("multiple", tuple(record.text for record in records))
        return self._apply(self._domain, records[0]) if records else None

    def pending(self) -> tuple[str, ...]:
        """Return the owner names, such as `_dmarc.com.tr`, whose TXT must be read now; empty when the walk is over."""
        names = []
        for parent in self._parents:
            answer = self._answers.get(f"_dmarc.{parent}")
            if answer is None:
                names.append(f"_dmarc.{parent}")
            elif _ends_walk(_records(answer)):
                break
        return tuple(names)

    def receive(self, name: str, texts: Signal[tuple[str, ...]]) -> None:
        """Take the TXT answer for an owner name that `pending()` gave."""
        self._answers[name] = texts

    def signal(self) -> Signal[DMARCPolicy]:
        """Return the verdict; `Unknown` as soon as a name that failed, or was never read, could have changed it."""
        return self._judge_parents() if self._verdict is None else self._verdict

    def _judge_parents(self) -> Signal[DMARCPolicy]:
        """Choose among the records above: the highest, unless `psd` says where the organisation begins (§4.10.2)."""
        found: list[tuple[str, DMARCRecord]] = []
        void = Absent(self._own.reason if isinstance(self._own, Absent) else "nodata")
        for parent in self._parents:
            answer = self._answers.get(f"_dmarc.{parent}", NOT_ASKED)
            if isinstance(answer, Unknown):
                return Unknown(answer.reason)
            records = _records(answer)
            if len(records) > 1:
                void = Absent("multiple", tuple(record.text for record in records))
            elif records:
                found.append((parent, records[0]))
                if _ends_walk(records):
                    break
        return self._apply(*_choose(found)) if found else void

    def _apply(self, domain: str, record: DMARCRecord) -> Found[DMARCPolicy] | Absent:
        if not record.is_usable:
            return Absent("invalid", (record.text,))
        is_inherited = domain != self._domain
        policy = DMARCPolicy(
            policy=record.subdomain_policy or record.policy if is_inherited else record.policy,
            coverage=record.coverage,
            is_testing=record.is_testing,
            domain=domain,
            text=record.text,
            published_policy=record.policy,
            subdomain_policy=record.subdomain_policy,
            nonexistent_policy=record.nonexistent_policy,
            psd=record.psd,
            rua=record.rua,
            is_inherited=is_inherited,
        )
        return Found(policy, (record.text,))


def _parents(domain: str) -> tuple[str, ...]:
    """Return the names above a domain, longest first; a name of eight labels or more is cut to seven at once."""
    labels = domain.split(".")[1:][-_MOST_PARENTS:]
    return tuple(".".join(labels[start:]) for start in range(len(labels)))


def _records(answer: Signal[tuple[str, ...]]) -> tuple[DMARCRecord, ...]:
    texts = answer.value if isinstance(answer, Found) else ()
    return tuple([record for text in texts if (record := parse_dmarc(text)) is not None])


def _ends_walk(records: tuple[DMARCRecord, ...]) -> bool:
    return len(records) == 1 and records[0].psd in ("y", "n")


def _choose(found: list[tuple[str, DMARCRecord]]) -> tuple[str, DMARCRecord]:
    """Return the record that applies, of those met from the longest name to the shortest.

    Above `psd=y` nothing was read, and the organisation is the name one label below it; without a record of its own
    it is under the policy of the public suffix (RFC 9989 §4.10.1).
    """
    domain, record = found[-1]
    if record.psd == "y" and len(found) > 1 and found[-2][0].partition(".")[2] == domain:
        return found[-2]
    return domain, record
