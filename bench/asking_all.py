"""The analyst that asks everything: the first batch, SRV, `_domainkey` and all selectors of the list, of every domain.

It is the measure of our plan of questions: what asking all costs, and what it finds. It judges DKIM by the rule in its
own few lines: found is a key that a wildcard does not explain; absent needs NXDOMAIN at `_domainkey` and no selector
there; all else is unknown.
"""

from collections.abc import Sequence
from typing import Final

from hunter.collectors.mail import wire
from hunter.collectors.mail.answer import ABSENT, FOUND, UNKNOWN, Answer
from hunter.collectors.mail.readings import answer_texts, hosts_by_preference, text_of
from hunter.collectors.mail.resolver import Resolver
from hunter.core.records.dkim import parse_dkim_key
from hunter.core.records.dmarc import DMARCWalk
from hunter.core.records.spf import SPFWalk
from hunter.core.signals import Absent, Signal

_ABOVE: Final = "_domainkey"


class AskingAll:
    """Asks all questions about one domain at a time; names that domains share are asked once and kept."""

    def __init__(self, resolver: Resolver, selectors: Sequence[str]) -> None:
        self._resolver = resolver
        self._selectors = selectors
        self._kept: dict[str, Signal[tuple[str, ...]]] = {}

    async def dkim_state(self, domain: str) -> str:
        """Ask everything about a domain; returns the state of DKIM: `found`, `absent` or `unknown`."""
        first = [
            (domain, wire.MX),
            (domain, wire.TXT),
            (f"_dmarc.{domain}", wire.TXT),
            (domain, wire.NS),
            (f"autodiscover.{domain}", wire.CNAME),
            (f"_autodiscover._tcp.{domain}", wire.SRV),
        ]
        below = [(f"{selector}.{_ABOVE}.{domain}", wire.TXT) for selector in self._selectors]
        answers = await self._resolver.lookup_many([*first, (f"{_ABOVE}.{domain}", wire.TXT), *below])
        await self._walk(domain, answers)
        above, by_selector = answers[len(first)], answers[len(first) + 1 :]
        return judge(above, dict(zip(self._selectors, by_selector, strict=True)))

    async def _walk(self, domain: str, answers: Sequence[Answer]) -> None:
        """Read the names to which SPF and DMARC lead."""
        mx, txt, dmarc = answers[:3]
        walks = (
            SPFWalk(domain, answer_texts(txt), mx_is_absent=isinstance(hosts_by_preference(mx), Absent)),
            DMARCWalk(domain, answer_texts(dmarc)),
        )
        for walk in walks:
            while names := walk.pending():
                missing = [name for name in names if name not in self._kept]
                found = await self._resolver.lookup_many([(name, wire.TXT) for name in missing])
                self._kept.update(zip(missing, map(answer_texts, found), strict=True))
                for name in names:
                    walk.receive(name, self._kept[name])


def judge(above: Answer, by_selector: dict[str, Answer]) -> str:
    """Return the state of DKIM that follows from the answers to every question."""
    answers = list(by_selector.values())
    if any(answer.state == UNKNOWN for answer in (above, *answers)):
        return UNKNOWN
    # Thirty names that all hold the same were not published one by one.
    is_wildcard = all(answer.state == FOUND for answer in answers) and len({answer.values for answer in answers}) == 1
    if not is_wildcard and any(_is_key(selector, answer) for selector, answer in by_selector.items()):
        return FOUND
    is_denied = above.reason == "nxdomain" and all(answer.state == ABSENT for answer in answers)
    return ABSENT if is_denied else UNKNOWN


def _is_key(selector: str, answer: Answer) -> bool:
    keys = [parse_dkim_key(selector, text_of(value)) for value in answer.values]
    return any(key is not None and not key.is_revoked for key in keys)
