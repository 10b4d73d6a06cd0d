"""SPF policies (RFC 7208): the walk through a record's include tree, and the verdict on the whole of it.

In: the TXT texts of a domain and of every name that the walk asks for. Out: a signal. `Found` is a policy that
receivers can evaluate to its end; `Absent` says why there is none, or why what is published protects nobody;
`Unknown` says which look-up failed. No I/O: `pending()` names what has to be read, `receive()` takes the answers.
"""

from dataclasses import dataclass
from typing import Final

from hunter.core.records.spf_grammar import SPFRecord, SPFTerm
from hunter.core.records.spf_tree import Evaluation, Node, node_of, spf_record_of, spf_texts
from hunter.core.signals import NOT_ASKED, Absent, Found, Signal, Unknown

__all__ = ["SPF_BROKEN_REASONS", "SPFPolicy", "SPFTerm", "SPFWalk"]

#: Why a published policy protects nobody; stable codes.
SPF_BROKEN_REASONS: Final = ("multiple", "syntax", "loop", "missing_target", "limit")


@dataclass(frozen=True, slots=True)
class SPFPolicy:
    """A valid SPF policy with what its whole tree costs and names."""

    #: The record's text as published.
    text: str
    #: All terms in order, also those that no receiver evaluates because an `all` stands before them.
    terms: tuple[SPFTerm, ...]
    #: Direct `include:` targets that receivers evaluate, lower case without a trailing dot, macros unexpanded.
    includes: tuple[str, ...]
    #: Target of `redirect=` in the same form; None where an `all` makes receivers ignore it.
    redirect: str | None
    #: Qualifier of the first `all`, the redirect's where the record has none of its own; `+` lets everybody send.
    all_qualifier: str | None
    #: DNS look-ups that the whole tree asks for (RFC 7208 §4.6.4).
    lookups: int
    #: Look-ups known to find nothing.
    void_lookups: int
    #: Every include and redirect target of the whole tree, in order of meeting, without repeats.
    names: tuple[str, ...]


class SPFWalk:
    """Read one domain's SPF tree: read what `pending()` names, hand each answer to `receive()`, then take `signal()`.

    An error anywhere in the tree makes the policy `Absent` even when a look-up beside it failed: whatever that look-up
    had told could only have added terms, never have mended the error. `mx_is_absent` says that the domain is known to
    have no MX record at all, which makes its own `mx` a void look-up.
    """

    __slots__ = ("_domain", "_evaluation", "_mx_is_absent", "_nodes", "_record", "_texts", "_verdict")

    def __init__(self, domain: str, texts: Signal[tuple[str, ...]], *, mx_is_absent: bool = False) -> None:
        self._domain = domain
        self._mx_is_absent = mx_is_absent
        self._nodes: dict[str, Node] = {}
        self._evaluation: Evaluation | None = None
        self._record: SPFRecord | None = None
        self._verdict: Absent | Unknown = NOT_ASKED
        self._texts: tuple[str, ...] = ()
        if isinstance(texts, Found):
            self._texts = spf_texts(texts.value)
            self._open()
        else:
            self._verdict = texts if isinstance(texts, Absent) else Unknown(texts.reason)

    def _open(self) -> None:
        record = spf_record_of(self._texts)
        if isinstance(record, SPFRecord):
            self._record = record
        else:
            self._verdict = Absent(record, self._texts) if self._texts else Absent("nodata")

    def pending(self) -> tuple[str, ...]:
        """Return the names whose TXT must be read now, one level of the tree at once; empty when the walk is over.

        A walk asks for ten names at most, and for none once the policy is known to be broken.
        """
        evaluation = self._evaluated()
        return () if evaluation is None or evaluation.broken else tuple(evaluation.wanted)

    def receive(self, name: str, texts: Signal[tuple[str, ...]]) -> None:
        """Take the TXT answer for a name that `pending()` gave."""
        self._nodes[name] = node_of(texts)
        self._evaluation = None

    def signal(self) -> Signal[SPFPolicy]:
        """Return the verdict; a name of the tree that was never answered makes it `Unknown("not_asked")`."""
        evaluation = self._evaluated()
        if self._record is None or evaluation is None:
            return self._verdict
        if evaluation.broken is not None:
            return Absent(evaluation.broken, self._texts)
        if evaluation.failed is not None or evaluation.wanted:
            return Unknown((evaluation.failed or NOT_ASKED).reason, self._texts)
        return Found(self._policy(self._record, evaluation), self._texts)

    def _evaluated(self) -> Evaluation | None:
        if self._evaluation is None and self._record is not None:
            self._evaluation = Evaluation(self._domain, self._nodes, mx_is_absent=self._mx_is_absent).run(self._record)
        return self._evaluation

    def _policy(self, record: SPFRecord, evaluation: Evaluation) -> SPFPolicy:
        return SPFPolicy(
            text=self._texts[0],
            terms=record.terms,
            includes=record.includes,
            redirect=record.redirect,
            all_qualifier=evaluation.last_word(record),
            lookups=evaluation.lookups,
            void_lookups=evaluation.void_lookups,
            names=tuple(evaluation.names),
        )
