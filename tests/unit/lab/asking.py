"""Asks a world without sockets: dnspython writes the question, the lab answers, dnspython judges the answer."""

from collections.abc import Mapping, Sequence
from typing import Any

import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdatatype

from hunter.lab.dns.faults import NO_FAULTS, Faults
from hunter.lab.dns.responder import Responder
from hunter.lab.dns.worlds import ServedWorld, World


def world_of(records: Mapping[str, Mapping[str, Sequence[Any]]], **options: Any) -> World:
    """A world of these records; options as `World.from_records` takes them."""
    return World.from_records(records, **options)


def packet_for(name: str, rdtype: str, *, payload: int | None = 1232) -> bytes:
    """A question on the wire; `payload` None asks without EDNS."""
    if payload is None:
        return dns.message.make_query(name, rdtype, id=0x1234, use_edns=False).to_wire()
    return dns.message.make_query(name, rdtype, id=0x1234, use_edns=0, payload=payload).to_wire()


def react(
    world: ServedWorld,
    packet: bytes,
    *,
    faults: Faults = NO_FAULTS,
    by_tcp: bool = False,
) -> tuple[bytes, ...]:
    """The messages sent back for one packet."""
    return Responder(world, faults).react(packet, by_tcp=by_tcp).messages


def ask(world: ServedWorld, name: str, rdtype: str, *, by_tcp: bool = True) -> dns.message.Message:
    """The one answer to a question, as dnspython reads it."""
    (message,) = react(world, packet_for(name, rdtype), by_tcp=by_tcp)
    return dns.message.from_wire(message)


def rcode_of(answer: dns.message.Message) -> str:
    return dns.rcode.to_text(answer.rcode())


def texts_of(section: Sequence[Any]) -> list[str]:
    """The records of a section, a line each, without time to live: `name type data`."""
    return [
        f"{rrset.name.to_text(omit_final_dot=True)} {dns.rdatatype.to_text(rrset.rdtype)} {rdata.to_text()}"
        for rrset in section
        for rdata in rrset
    ]


def flags_of(answer: dns.message.Message) -> set[str]:
    return set(dns.flags.to_text(answer.flags).split())
