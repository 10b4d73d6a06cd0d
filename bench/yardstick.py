"""The fixed yardstick, and the bare loop that shows that the yardstick itself was not slowed.

One sequential analyser, one reused `dns.resolver.Resolver` with its defaults, no cache, exactly six questions a domain.
It does not judge and asks little, so that a ratio against it cannot be had by making it do more.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import dns.message
import dns.query
import dns.resolver
from dns.rdatatype import MX, TXT, RdataType

SELECTORS: Final = ("selector1", "google", "default")
QUESTIONS: Final = 6


@dataclass(frozen=True, slots=True)
class Seen:
    """What the yardstick read of one domain, as texts; empty where there is nothing."""

    mx: tuple[str, ...]
    spf: tuple[str, ...]
    dmarc: tuple[str, ...]
    dkim: tuple[str, ...]


class Yardstick:
    """Asks one server about one domain after the other."""

    def __init__(self, host: str, port: int) -> None:
        self._resolver = dns.resolver.Resolver(configure=False)
        self._resolver.nameservers = [host]
        self._resolver.port = port

    def look_at(self, domain: str) -> Seen:
        """Ask the six questions about a domain."""
        return Seen(
            mx=self._ask(domain, MX),
            spf=tuple(text for text in self._ask(domain, TXT) if text.startswith('"v=spf1')),
            dmarc=self._ask(f"_dmarc.{domain}", TXT),
            dkim=tuple(text for name in _selector_names(domain) for text in self._ask(name, TXT)),
        )

    def _ask(self, name: str, kind: RdataType) -> tuple[str, ...]:
        try:
            answer = self._resolver.resolve(name, kind, search=False, raise_on_no_answer=False)
        except (dns.resolver.NXDOMAIN, dns.resolver.NoNameservers):
            return ()
        return tuple(record.to_text() for record in answer.rrset or ())

    def cpu_seconds(self, domains: Sequence[str]) -> float:
        """Look at all domains; returns the CPU time of this process."""
        cpu = time.process_time()
        for domain in domains:
            self.look_at(domain)
        return time.process_time() - cpu


def bare_cpu_seconds(domains: Sequence[str], host: str, port: int) -> float:
    """Ask the yardstick's questions by bare `dns.query.udp`; returns the CPU time of this process."""
    cpu = time.process_time()
    for domain in domains:
        for name, kind in _questions(domain):
            dns.query.udp(dns.message.make_query(name, kind), host, port=port)
    return time.process_time() - cpu


def _questions(domain: str) -> list[tuple[str, RdataType]]:
    return [(domain, MX), (domain, TXT), (f"_dmarc.{domain}", TXT), *((name, TXT) for name in _selector_names(domain))]


def _selector_names(domain: str) -> list[str]:
    return [f"{selector}._domainkey.{domain}" for selector in SELECTORS]
