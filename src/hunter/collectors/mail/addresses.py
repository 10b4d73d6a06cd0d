"""Addresses of hosts, for those who ask where one stands: A and AAAA together, in three states (RFC 1035, RFC 3596)."""

from collections.abc import Sequence

from hunter.collectors.mail import wire
from hunter.collectors.mail.answer import ABSENT, FOUND, Answer
from hunter.collectors.mail.resolver import Resolver
from hunter.core.signals import Absent, Found, Signal, Unknown


class AddressLookUp:
    """Looks hosts up through one resolver; belongs to the loop of that resolver."""

    def __init__(self, resolver: Resolver) -> None:
        self._resolver = resolver

    async def addresses(self, hosts: Sequence[str]) -> list[Signal[tuple[str, ...]]]:
        """Return the addresses of each host, IPv4 first: found if it has any, absent only if both answers say so."""
        questions = [(host, kind) for host in hosts for kind in (wire.A, wire.AAAA)]
        answers = await self._resolver.lookup_many(questions)
        return [_joined(*answers[at : at + 2]) for at in range(0, len(answers), 2)]


def _joined(ipv4: Answer, ipv6: Answer) -> Signal[tuple[str, ...]]:
    both = (ipv4, ipv6)
    found = tuple(str(value) for answer in both if answer.state == FOUND for value in answer.values)
    if found:
        return Found(found, found)
    failed = next((answer for answer in both if answer.state != ABSENT), None)
    return Absent(ipv4.reason) if failed is None else Unknown(failed.reason)
