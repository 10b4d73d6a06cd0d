"""One evaluation of an SPF include tree (RFC 7208 §4.6.4, §5.2, §6.1, §7): what it costs, names, lacks and breaks on.

In: a record, and what is known so far of the names below it. The tree is evaluated as a message meets it that no term
matches, so every term counts. Recursion ends at the look-up limit, however large or crooked the tree is.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Final, TypeAlias

from hunter.core.records.spf_grammar import SPFRecord, is_spf, parse_spf
from hunter.core.signals import Absent, Signal, Unknown

#: More look-ups than this, or more void ones, make receivers give up (RFC 7208 §4.6.4).
MOST_LOOKUPS: Final = 10
MOST_VOID_LOOKUPS: Final = 2

_LONGEST_NAME: Final = 253
_LONGEST_LABEL: Final = 63
#: The macros that the domain alone decides; every other one depends on the message (RFC 7208 §7.2).
_DOMAIN_MACRO: Final = re.compile(r"%\{([do])([0-9]*)(r?)([-.+,/_=]*)\}")

#: What is known of a name below the record: its own record, why it has none that works, or the look-up that failed.
Node: TypeAlias = SPFRecord | str | Unknown


def spf_texts(texts: Iterable[str]) -> tuple[str, ...]:
    """Pick the SPF records among a name's TXT texts (RFC 7208 §4.5)."""
    return tuple([text for text in texts if is_spf(text)])


def spf_record_of(texts: tuple[str, ...]) -> SPFRecord | str:
    """Return the one record that a name's SPF texts make, or the reason code why they make none (RFC 7208 §4.5)."""
    if len(texts) == 1:
        return parse_spf(texts[0]) or "syntax"
    return "multiple" if texts else "missing_target"


def node_of(answer: Signal[tuple[str, ...]]) -> Node:
    """Return what a TXT answer tells of an include or redirect target: no record there is an error (RFC 7208 §5.2)."""
    if isinstance(answer, Unknown):
        return answer
    return "missing_target" if isinstance(answer, Absent) else spf_record_of(spf_texts(answer.value))


def expand(target: str, domain: str, sender_domain: str) -> str | None:
    """Return the name that a target stands for; None when only a message could tell (RFC 7208 §7.3, §7.4)."""
    if "%" not in target:
        return target
    values = {"d": domain, "o": sender_domain}
    name = _DOMAIN_MACRO.sub(lambda macro: _transform(values[macro[1]], macro), target).removesuffix(".")
    while len(name) > _LONGEST_NAME and "." in name:
        name = name.partition(".")[2]
    return None if "%" in name else name


def _transform(value: str, macro: re.Match[str]) -> str:
    _, digits, reverse, delimiters = macro.groups()
    parts = re.split(f"[{re.escape(delimiters or '.')}]", value)
    if reverse:
        parts.reverse()
    # Four digits are more labels than a name can have; int() refuses numbers of thousands of digits.
    count = int(digits.lstrip("0")[:4] or "0")
    return ".".join(parts[-count:])


def can_be_asked(name: str) -> bool:
    """Tell whether a name fits into a DNS question (RFC 1035 §2.3.4)."""
    labels = name.split(".")
    return all(labels) and len(name) <= _LONGEST_NAME and len(max(labels, key=len)) <= _LONGEST_LABEL


class Evaluation:
    """What one evaluation has met; made fresh for every round of answers."""

    __slots__ = ("_domain", "_mx_is_absent", "_nodes", "broken", "failed", "lookups", "names", "void_lookups", "wanted")

    def __init__(self, domain: str, nodes: Mapping[str, Node], *, mx_is_absent: bool) -> None:
        self._domain = domain
        self._nodes = nodes
        self._mx_is_absent = mx_is_absent
        #: Terms met that cost a look-up.
        self.lookups = 0
        #: Of these, the ones known to find nothing.
        self.void_lookups = 0
        #: Include and redirect targets as written, in order of meeting; a dict serves as an ordered set.
        self.names: dict[str, None] = {}
        #: Names whose TXT is not known yet, in order of meeting.
        self.wanted: dict[str, None] = {}
        #: The first look-up below that failed.
        self.failed: Unknown | None = None
        #: Reason code of the first error met.
        self.broken: str | None = None

    def run(self, record: SPFRecord) -> "Evaluation":
        """Evaluate the domain's own record and all that is known below it."""
        self.broken = self._descend(record, self._domain, (self._domain,))
        return self

    def last_word(self, record: SPFRecord) -> str | None:
        """Return the qualifier of the `all` that ends an unbroken evaluation, which may stand behind redirects."""
        domain: str | None = self._domain
        node: Node | None = record
        while isinstance(node, SPFRecord) and node.all_qualifier is None and node.redirect is not None:
            domain = expand(node.redirect, domain or "", self._domain)
            node = self._nodes.get(domain or "")
        return node.all_qualifier if isinstance(node, SPFRecord) else None

    def _descend(self, record: SPFRecord, domain: str, path: tuple[str, ...]) -> str | None:
        self.lookups += record.lookups
        if self._mx_is_absent:
            self.void_lookups += sum((name or domain) == self._domain for name in record.mx_names)
        if self.lookups > MOST_LOOKUPS or self.void_lookups > MOST_VOID_LOOKUPS:
            return "limit"
        for target in record.targets:
            self.names[target] = None
            name = expand(target, domain, self._domain)
            broken = None if name is None else self._follow(name, path)
            if broken is not None:
                return broken
        return None

    def _follow(self, name: str, path: tuple[str, ...]) -> str | None:
        if name in path:
            return "loop"
        node = self._nodes.get(name)
        if isinstance(node, SPFRecord):
            return self._descend(node, name, (*path, name))
        if isinstance(node, str):
            return node
        if node is not None:
            self.failed = self.failed or node
        elif can_be_asked(name):
            self.wanted[name] = None
        else:
            return "missing_target"
        return None
