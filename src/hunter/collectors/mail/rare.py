"""Rare answers, read by dnspython: unusual record types, EDNS options, escaped names, damage.

What dnspython refuses is refused: `None`. The result has the same shape as that of the quick reader in `wire.py`.
"""

from dns.exception import DNSException
from dns.flags import AA, RA
from dns.message import QueryMessage, from_wire
from dns.name import Name, root
from dns.opcode import QUERY
from dns.rcode import NOERROR
from dns.rdata import Rdata
from dns.rdatatype import SOA as SOA_TYPE
from dns.rdtypes.ANY.CNAME import CNAME
from dns.rdtypes.ANY.MX import MX
from dns.rdtypes.ANY.NS import NS
from dns.rdtypes.ANY.SOA import SOA
from dns.rdtypes.ANY.TXT import TXT
from dns.rdtypes.IN.SRV import SRV

from hunter.collectors.mail.wire import Reading, Value


def read_rare_answer(packet: bytes) -> Reading | None:
    """Read an answer with dnspython; None where it refuses the message or the answer contradicts itself."""
    try:
        message = from_wire(packet)
        if not isinstance(message, QueryMessage) or message.opcode() != QUERY:
            return None
        result = message.resolve_chaining()
    except (DNSException, ValueError):
        return None
    chain = tuple(_text(rdata.target) for rrset in result.cnames for rdata in rrset if isinstance(rdata, CNAME))
    values = tuple(dict.fromkeys(_value(rdata) for rdata in result.answer)) if result.answer else ()
    is_referral = not values and not chain and _names_others_only(message)
    return Reading(int(message.rcode()), values, chain, result.minimum_ttl, is_referral)


def _names_others_only(message: QueryMessage) -> bool:
    """Say whether the message names servers of another zone, from somebody who did not go and ask them."""
    kinds = {rrset.rdtype for rrset in message.authority}
    is_final = bool(message.flags & (AA | RA)) or message.rcode() != NOERROR
    return bool(kinds) and SOA_TYPE not in kinds and not is_final


def _text(name: Name) -> str:
    return "" if name == root else name.to_text(omit_final_dot=True).lower()


def _value(rdata: Rdata) -> Value:
    """Turn dnspython's record into the value that `wire.py` gives for its type; other types as their text."""
    match rdata:
        case TXT():
            return b"".join(rdata.strings)
        case MX():
            return rdata.preference, _text(rdata.exchange)
        case SRV():
            return rdata.priority, rdata.weight, rdata.port, _text(rdata.target)
        case NS() | CNAME():
            return _text(rdata.target)
        case SOA():
            return int(rdata.minimum)
        case _:
            return rdata.to_text()
