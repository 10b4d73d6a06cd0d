"""Kinds of settings: how the text of a variable becomes its value, and how both are called for people."""

from collections.abc import Callable
from dataclasses import dataclass, field
from ipaddress import ip_address, ip_network
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import idna

PREFIX: Final = "HUNTER_"
#: Words for a flag, as people write them.
_MOST_DIGITS: Final = 12
_FEWEST_SECRET_CHARACTERS: Final = 16
_ON: Final = ("1", "true", "yes", "on")
_OFF: Final = ("0", "false", "no", "off")
#: Letters, digits and these make the name of a header (RFC 9110 §5.6.2).
_IN_HEADERS: Final = frozenset("!#$%&'*+-.^_`|~")


@dataclass(frozen=True, slots=True)
class SettingKind:
    """How the text of one setting becomes its value."""

    #: The type in words, for people.
    words: str
    #: Text to value; raises ValueError with a sentence for people.
    read: Callable[[str], Any]


def setting(
    kind: SettingKind,
    default: object,
    *,
    meaning: str,
    unit: str = "",
    prefix: str = PREFIX,
    also: tuple[str, ...] = (),
    default_words: str = "",
    is_secret: bool = False,
) -> Any:
    """Describe one field of `Settings`.

    Its variable is the field's name in capitals behind `prefix`; `also` are variables that are read where that one is
    not set, in this order; `default_words` says the default where the value itself would not; a secret's value is shown
    nowhere, also not where it is refused.
    """
    facts = {
        "kind": kind,
        "unit": unit,
        "meaning": meaning,
        "prefix": prefix,
        "also": also,
        "default_words": default_words,
        "is_secret": is_secret,
    }
    return field(default=default, metadata=facts, repr=not is_secret)


def _text_list(text: str) -> tuple[str, ...]:
    items = tuple(item.strip() for item in text.split(",") if item.strip())
    if not items:
        raise ValueError("needs at least one entry, separated by commas")
    return items


def _networks(text: str) -> tuple[str, ...]:
    networks = _text_list(text)
    for network in networks:
        try:
            ip_network(network)
        except ValueError:
            raise ValueError("must be networks, written ADDRESS or ADDRESS/BITS, separated by commas") from None
    return networks


def _header(text: str) -> str:
    if not all(letter.isascii() and (letter.isalnum() or letter in _IN_HEADERS) for letter in text):
        raise ValueError("must be the name of a header such as X-Forwarded-User")
    return text


def _server_address(*schemes: str, form: str) -> Callable[[str], str]:
    """Read the URL of a server that is not the web's; of its parts only scheme and port are looked at."""

    def read(text: str) -> str:
        try:
            parts = urlsplit(text)
            is_address = parts.scheme in schemes and parts.port != 0
        except ValueError:
            is_address = False
        if not is_address:
            raise ValueError(f"must be an address such as {form}")
        return text

    return read


def _rate(text: str) -> float:
    try:
        rate = float(text)
    except ValueError:
        raise ValueError("must be a number such as 10") from None
    if not 0 <= rate <= 1_000_000:
        raise ValueError("must lie between 0 and 1000000; 0 means unlimited")
    return rate


def _language(text: str) -> str:
    if text.lower() not in ("tr", "en"):
        raise ValueError("must be tr or en")
    return text.lower()


def _flag(text: str) -> bool:
    if text.lower() in _ON:
        return True
    if text.lower() in _OFF:
        return False
    raise ValueError("must be true or false")


def _path(text: str) -> Path:
    if "\0" in text:
        raise ValueError("must be a path")
    return Path(text).expanduser()


def _time_zone(text: str) -> str:
    try:
        return ZoneInfo(text).key
    except (KeyError, ValueError, OSError):
        raise ValueError("must be a time zone such as Europe/Istanbul") from None


def _is_host(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        idna.encode(text, uts46=True)
    return True


def _web_address(text: str) -> str:
    try:
        parts = urlsplit(text)
        is_address = parts.scheme in ("http", "https") and _is_host(parts.hostname or "") and parts.port != 0
        is_address = is_address and not parts.query and not parts.fragment
    except ValueError:
        is_address = False
    if not is_address or not text.isprintable() or " " in text:
        raise ValueError("must be an address such as https://HOST[:PORT]/PATH")
    return text


def _error_reports(text: str) -> str:
    """Take an address for error reports; what it may look like is Sentry's (docs.sentry.io, "DSN")."""
    parts = urlsplit(_web_address(text))
    if not parts.username or not parts.path.rsplit("/", 1)[-1].isdecimal():
        raise ValueError("must be an address such as https://KEY@HOST/PROJECT")
    return text


def _secret(text: str) -> str:
    if len(text) < _FEWEST_SECRET_CHARACTERS:
        raise ValueError(f"must have {_FEWEST_SECRET_CHARACTERS} characters at least")
    return text


def _whole(low: int, high: int) -> Callable[[str], int]:
    """Read a whole number between two bounds, both allowed."""

    def read(text: str) -> int:
        if not (text.isascii() and text.isdecimal() and len(text) <= _MOST_DIGITS):
            raise ValueError("must be a whole number such as 10")
        number = int(text)
        if not low <= number <= high:
            raise ValueError(f"must lie between {low} and {high}")
        return number

    return read


def _port(text: str) -> int:
    try:
        return _whole(0, 65_535)(text)
    except ValueError:
        raise ValueError("must be a port from 0 to 65535; 0 takes a free one") from None


def _word_of(*words: str) -> Callable[[str], str]:
    """Read one of several words, in any case."""
    by_folded = {word.lower(): word for word in words}

    def read(text: str) -> str:
        if text.lower() not in by_folded:
            raise ValueError(f"must be one of {', '.join(words)}")
        return by_folded[text.lower()]

    return read


LANGUAGE: Final = SettingKind("`tr` or `en`", _language)
SERVERS: Final = SettingKind("addresses, separated by commas", _text_list)
TARGETS: Final = SettingKind("networks or hosts, separated by commas", _text_list)
RATE: Final = SettingKind("number, 0 = unlimited", _rate)
FLAG: Final = SettingKind("`true` or `false`", _flag)
PRESENCE: Final = SettingKind("set or not", bool)
SECRET: Final = SettingKind("text of 16 characters at least", _secret)
TEXT: Final = SettingKind("text", str)
PATH: Final = SettingKind("path", _path)
ZONE: Final = SettingKind("time zone", _time_zone)
COUNT: Final = SettingKind("whole number from 1", _whole(1, 1_000_000_000))
COUNT_OR_NONE: Final = SettingKind("whole number", _whole(0, 1_000_000_000))
#: A hundred years; an interval of the database goes further, a date may not.
DAYS: Final = SettingKind("whole number", _whole(0, 36_500))
HOURS: Final = SettingKind("whole number", _whole(0, 876_000))
PORT: Final = SettingKind("port", _port)
NETWORKS: Final = SettingKind("networks, separated by commas", _networks)
HEADER: Final = SettingKind("name of a header", _header)
DATABASE: Final = SettingKind(
    "address of PostgreSQL",
    _server_address("postgresql", "postgres", "postgresql+psycopg", form="postgresql://USER:PASSWORD@HOST:PORT/NAME"),
)
REDIS: Final = SettingKind(
    "address of Redis",
    _server_address("redis", "rediss", "unix", form="redis://USER:PASSWORD@HOST:PORT/0 or unix://PATH?db=0"),
)
LIST: Final = SettingKind("texts, separated by commas", _text_list)
ENVIRONMENT: Final = SettingKind(
    "`development`, `test`, `staging` or `production`", _word_of("development", "test", "staging", "production")
)
LEVEL: Final = SettingKind("`DEBUG`, `INFO`, `WARNING` or `ERROR`", _word_of("DEBUG", "INFO", "WARNING", "ERROR"))
WEB_ADDRESS: Final = SettingKind("web address", _web_address)
DSN: Final = SettingKind("address `https://KEY@HOST/PROJECT`", _error_reports)
