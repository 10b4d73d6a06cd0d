"""Answer: what one question to the DNS came to, in one of three states; and what makes each state.

Absent needs an authoritative "there is none": NXDOMAIN, or NODATA that is no referral (RFC 2308 §2). Everything that
failed is unknown, with a stable reason.
"""

from typing import Final, Literal, NamedTuple

from hunter.collectors.mail import wire

FOUND: Final = "found"
ABSENT: Final = "absent"
UNKNOWN: Final = "unknown"

_FAILED_CODES: Final = {
    wire.FORMERR: "formerr",
    wire.SERVFAIL: "servfail",
    wire.NOTIMP: "notimp",
    wire.REFUSED: "refused",
}


class Answer(NamedTuple):
    """What became of one question. A tuple, because nine of them are made for every domain."""

    state: Literal["found", "absent", "unknown"]
    #: "" when found; `nxdomain` or `nodata` when absent; otherwise why we do not know: `timeout`, `servfail`,
    #: `refused`, `formerr`, `notimp`, `rcode`, `referral`, `malformed`, `network`, `tcp`, `name`.
    reason: str
    #: Records of the type asked for, see `wire.Value`.
    values: tuple[wire.Value, ...] = ()
    #: CNAME targets on the way, kept even where the last one does not exist.
    chain: tuple[str, ...] = ()
    #: Seconds for which the answer may be kept.
    ttl: int = 0
    #: Response code (RFC 1035 §4.1.1); None where no usable message came.
    rcode: int | None = None
    by_tcp: bool = False
    #: How often the question was sent.
    tries: int = 1


#: Makes a named tuple without the detour over its generated constructor, which costs more than all the rest here.
_new: Final = tuple.__new__


def unknown(reason: str, *, rcode: int | None = None, tries: int = 0) -> Answer:
    """Make the answer of a question that failed."""
    return Answer(UNKNOWN, reason, rcode=rcode, tries=tries)


def answer_from(reading: wire.Reading, *, by_tcp: bool, tries: int) -> Answer:
    """Judge a message that was read: found, absent, or unknown with its reason."""
    rcode = reading.rcode
    if rcode == wire.NOERROR:
        if reading.values:
            return _new(Answer, (FOUND, "", reading.values, reading.chain, reading.ttl, rcode, by_tcp, tries))
        if reading.is_referral:
            return unknown("referral", rcode=rcode, tries=tries)
        return _new(Answer, (ABSENT, "nodata", (), reading.chain, reading.ttl, rcode, by_tcp, tries))
    if rcode == wire.NXDOMAIN:
        return _new(Answer, (ABSENT, "nxdomain", (), reading.chain, reading.ttl, rcode, by_tcp, tries))
    return unknown(_FAILED_CODES.get(rcode, "rcode"), rcode=rcode, tries=tries)
