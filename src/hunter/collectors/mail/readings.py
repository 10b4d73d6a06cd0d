"""From answers to signals: what one look-up came to, in the words of the core."""

from functools import lru_cache

from hunter.collectors.mail.answer import ABSENT, FOUND, Answer
from hunter.collectors.mail.wire import Value
from hunter.core.records.mx import MXHost, mail_hosts
from hunter.core.signals import Absent, Found, Signal, Unknown


@lru_cache(maxsize=64)
def _absent(reason: str) -> Absent:
    return Absent(reason)


@lru_cache(maxsize=64)
def _unknown(reason: str) -> Unknown:
    return Unknown(reason)


def without_value(answer: Answer) -> Absent | Unknown:
    """Return the signal of an answer that is not found."""
    return _absent(answer.reason) if answer.state == ABSENT else _unknown(answer.reason)


def text_of(value: Value) -> str:
    """Return a TXT value as text: UTF-8, with bytes that are none shown as `\\xNN`."""
    data = value if isinstance(value, bytes) else str(value).encode()
    return data.decode("ascii") if data.isascii() else data.decode("utf-8", "backslashreplace")


def answer_texts(answer: Answer) -> Signal[tuple[str, ...]]:
    """Read a TXT answer."""
    if answer.state == FOUND:
        return Found(tuple([text_of(value) for value in answer.values]))
    return without_value(answer)


def hosts_by_preference(answer: Answer) -> Signal[tuple[MXHost, ...]]:
    """Read an MX answer."""
    if answer.state == FOUND:
        return mail_hosts([value for value in answer.values if isinstance(value, tuple) and len(value) == 2])
    return without_value(answer)


def names(answer: Answer) -> Signal[tuple[str, ...]]:
    """Read an NS answer: host names, sorted."""
    if answer.state == FOUND:
        return Found(tuple(sorted([value for value in answer.values if isinstance(value, str)])))
    return without_value(answer)


def alias(answer: Answer) -> Signal[str]:
    """Read a CNAME answer: the name it leads to."""
    if answer.state == FOUND:
        return Found(str(answer.values[0]))
    return without_value(answer)


def service_host(answer: Answer) -> Signal[str]:
    """Read an SRV answer: the preferred target (RFC 2782); a lone root target means "not offered here"."""
    if answer.state != FOUND:
        return without_value(answer)
    offers = sorted([value for value in answer.values if isinstance(value, tuple) and len(value) == 4], key=_by_weight)
    target = offers[0][3] if offers else ""
    return Found(target) if target else _absent("nodata")


def _by_weight(offer: tuple[int, int, int, str]) -> tuple[int, int, str]:
    return offer[0], -offer[1], offer[3]
