"""Rare answers, read by dnspython: unusual record types, EDNS options, escaped names, damage.

What dnspython refuses is refused: `None`. The result has the same shape as that of the quick reader in `wire.py`.
"""

import dns.exception
import dns.flags
import dns.message
import dns.name
import dns.opcode
import dns.rcode
import dns.rdatatype
import dns.rrset
from dns.rdata import Rdata

from hunter.collectors.mail import wire


def read_rare_answer(packet: bytes) -> wire.Reading | None:
    """Read an answer with dnspython; None where it refuses the message or the answer contradicts itself."""
    try:
        message = dns.message.from_wire(packet)
        result = message.resolve_chaining()  # type: ignore[attr-defined]
    except (dns.exception.DNSException, ValueError, AttributeError):
        # AttributeError: a message of another opcode has no chain to follow.
        return None
    if message.opcode() != dns.opcode.QUERY:
        return None
    return wire.Reading(
        rcode=int(message.rcode()),
        values=tuple(dict.fromkeys(_value(rdata) for rdata in result.answer)) if result.answer else (),
        chain=tuple(_text(rrset[0].target) for rrset in result.cnames),
        ttl=result.minimum_ttl,
        is_referral=_is_referral(message, has_answer=result.answer is not None or bool(result.cnames)),
    )


def _is_referral(message: dns.message.Message, *, has_answer: bool) -> bool:
    kinds = {rrset.rdtype for rrset in message.authority}
    return (
        not has_answer
        and bool(kinds)
        and dns.rdatatype.SOA not in kinds
        and not message.flags & (dns.flags.AA | dns.flags.RA)
        and message.rcode() == dns.rcode.NOERROR
    )


def _text(name: dns.name.Name) -> str:
    return name.to_text(omit_final_dot=True).lower() if name != dns.name.root else ""


def _value(rdata: Rdata) -> wire.Value:
    """Turn dnspython's record into the value that `wire.py` gives for its type; other types as their text."""
    match rdata.rdtype:
        case dns.rdatatype.TXT:
            return b"".join(rdata.strings)  # type: ignore[attr-defined]
        case dns.rdatatype.MX:
            return rdata.preference, _text(rdata.exchange)  # type: ignore[attr-defined]
        case dns.rdatatype.SRV:
            return rdata.priority, rdata.weight, rdata.port, _text(rdata.target)  # type: ignore[attr-defined]
        case dns.rdatatype.NS | dns.rdatatype.CNAME:
            return _text(rdata.target)  # type: ignore[attr-defined]
        case dns.rdatatype.SOA:
            return int(rdata.minimum)  # type: ignore[attr-defined]
        case _:
            return rdata.to_text()
