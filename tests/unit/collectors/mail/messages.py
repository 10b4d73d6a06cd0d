"""Messages made by dnspython, and answers in their three states, for tests of the mail collector without sockets."""

import dns.flags
import dns.message
import dns.rcode
import dns.rrset
from dns.message import Message

from hunter.collectors.mail import wire
from hunter.collectors.mail.answer import ABSENT, FOUND, UNKNOWN, Answer

NAME = "firma.example"
QUESTION = wire.encode_name(NAME) + wire.encode_type(wire.TXT)
KEY = b"v=DKIM1; k=rsa; p=MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEA"


def response(*records: str, name: str = NAME, kind: str = "TXT", code: str = "NOERROR") -> Message:
    """An answer from a resolver; records are lines like `firma.example. 60 IN TXT "x"`, without any it is a denial."""
    message = dns.message.make_response(dns.message.make_query(name, kind), recursion_available=True)
    message.set_rcode(dns.rcode.from_text(code))
    for record in records:
        owner, ttl, _, record_type, text = record.split(" ", 4)
        message.answer.append(dns.rrset.from_text(owner, int(ttl), "IN", record_type, text))
    if not records:
        message.authority.append(dns.rrset.from_text("example.", 60, "IN", "SOA", "ns.example. x.example. 1 2 3 4 60"))
    return message


def text(value: str = "v=spf1 -all") -> bytes:
    """The packet that answers QUESTION with one text."""
    return response(f'{NAME}. 60 IN TXT "{value}"').to_wire()


def truncated() -> bytes:
    """The packet that sends the asker to TCP."""
    message = response()
    message.flags |= dns.flags.TC
    return message.to_wire()


def error(code: str) -> bytes:
    """The packet with a response code and nothing else."""
    message = response(code=code)
    message.authority.clear()
    return message.to_wire()


def found(*values: wire.Value, chain: tuple[str, ...] = ()) -> Answer:
    """The answer that holds these values."""
    return Answer(FOUND, "", values, chain, ttl=60, rcode=0)


def key(*chain: str) -> Answer:
    """The answer that holds a DKIM key."""
    return found(KEY, chain=chain)


def denied(*chain: str) -> Answer:
    """The answer that the name does not exist, or the last one of its chain."""
    return Answer(ABSENT, "nxdomain", (), chain, rcode=3)


def empty(*chain: str) -> Answer:
    """The answer that nothing of the asked type is there."""
    return Answer(ABSENT, "nodata", (), chain, rcode=0)


def failed(reason: str = "timeout") -> Answer:
    """No answer."""
    return Answer(UNKNOWN, reason)
