"""Every setting of Hunter: name, type, unit, default and one sentence.

In: the environment and an optional `.env` file, read when asked and never on import. Out: one frozen `Settings`.
Plain dataclasses, because a validation framework would more than double the time in which `hunter scan` starts.
"""

import os
from collections.abc import Callable, Mapping
from dataclasses import MISSING, Field, dataclass, field, fields
from pathlib import Path
from typing import Any, Final, cast

PREFIX: Final = "HUNTER_"


class SettingError(ValueError):
    """A setting has a value that cannot be used; the message names the variable. `wiring` translates it."""


@dataclass(frozen=True, slots=True)
class SettingKind:
    """How the text of one setting becomes its value."""

    #: The type in words, for people.
    words: str
    #: Text to value; raises ValueError with a sentence for people.
    read: Callable[[str], Any]


def _text_list(text: str) -> tuple[str, ...]:
    items = tuple(item.strip() for item in text.split(",") if item.strip())
    if not items:
        raise ValueError("needs at least one entry, separated by commas")
    return items


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


LANGUAGE: Final = SettingKind("`tr` or `en`", _language)
SERVERS: Final = SettingKind("addresses, separated by commas", _text_list)
RATE: Final = SettingKind("number, 0 = unlimited", _rate)
PRESENCE: Final = SettingKind("set or not", bool)
TEXT: Final = SettingKind("text", str)


def _setting(kind: SettingKind, default: object, *, meaning: str, unit: str = "", prefix: str = PREFIX) -> Any:
    return field(default=default, metadata={"kind": kind, "unit": unit, "meaning": meaning, "prefix": prefix})


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """All settings with their values; a field's variable is its name in capitals, after `HUNTER_` where it is ours."""

    language: str = _setting(
        LANGUAGE, "tr", meaning="Language of sentences for salespeople where no `--lang` is given."
    )
    dns_servers: tuple[str, ...] = _setting(
        SERVERS,
        ("8.8.8.8", "8.8.4.4", "1.1.1.1", "1.0.0.1"),
        meaning="Recursive name servers that are asked where no `--server` is given; each `HOST` or `HOST:PORT`.",
    )
    dns_rate_per_second: float = _setting(
        RATE, 10.0, unit="domain analyses per second", meaning="Pace while at least one of the servers is public."
    )
    dns_private_rate_per_second: float = _setting(
        RATE,
        0.0,
        unit="domain analyses per second",
        meaning="Pace while every server is private, on this machine, or named by `--server`.",
    )
    dns_upstream_questions_per_second: float = _setting(
        RATE, 500.0, unit="questions per second", meaning="Ceiling for each public server that `--server` did not name."
    )
    no_color: bool = _setting(PRESENCE, False, prefix="", meaning="Any text here keeps colour out of the output.")
    term: str = _setting(TEXT, "", prefix="", meaning="With `dumb` there is neither colour nor a live line.")


@dataclass(frozen=True, slots=True)
class SettingLine:
    """One row of the settings reference."""

    variable: str
    kind: str
    default: str
    unit: str
    meaning: str


def describe_settings() -> tuple[SettingLine, ...]:
    """List every setting in the order of the class, for the reference page."""
    return tuple(
        SettingLine(
            variable=_variable(one),
            kind=_kind(one).words,
            default=_default_text(one),
            unit=str(one.metadata["unit"]),
            meaning=str(one.metadata["meaning"]),
        )
        for one in fields(Settings)
    )


def load_settings(dotenv: Path | None = None) -> Settings:
    """Read this process's environment and the given `.env` file, if it is there; errors as for `read_settings`."""
    text = ""
    if dotenv is not None:
        try:
            text = dotenv.read_text(encoding="utf-8-sig")
        except FileNotFoundError:
            pass
        except (OSError, UnicodeDecodeError) as error:
            raise SettingError(f"{dotenv} cannot be read: {error}") from error
    return read_settings(os.environ, text)


def read_settings(environ: Mapping[str, str], dotenv: str = "") -> Settings:
    """Build the settings from an environment; it wins over the text of a `.env` file, both over the defaults.

    Names are compared without regard to case, unknown and empty variables are ignored. Raises `SettingError`
    naming the variable.
    """
    given = {**parse_dotenv(dotenv), **{name.upper(): value for name, value in environ.items()}}
    values: dict[str, Any] = {}
    for one in fields(Settings):
        text = given.get(_variable(one), "").strip()
        if text:
            values[one.name] = _read(one, text)
    return Settings(**values)


def parse_dotenv(text: str) -> dict[str, str]:
    """Read `NAME=value` lines; comments, blank lines and `export` are allowed, as are quotes around a value."""
    values: dict[str, str] = {}
    for line in text.splitlines():
        name, separator, value = line.strip().removeprefix("export ").partition("=")
        if not separator or name.startswith("#"):
            continue
        value = value.strip()
        if len(value) >= 2 and value[0] == value[-1] and value[0] in "'\"":
            value = value[1:-1]
        values[name.strip().upper()] = value
    return values


def _read(one: Field[Any], text: str) -> object:
    try:
        return _kind(one).read(text)
    except ValueError as error:
        raise SettingError(f"{_variable(one)} {error}, not {text!r}") from error


def _variable(one: Field[Any]) -> str:
    return str(one.metadata["prefix"]) + one.name.upper()


def _kind(one: Field[Any]) -> SettingKind:
    return cast(SettingKind, one.metadata["kind"])


def _default_text(one: Field[Any]) -> str:
    if one.default is MISSING:
        raise TypeError(f"{one.name} needs a default")
    if isinstance(one.default, tuple):
        return ", ".join(one.default)
    if isinstance(one.default, bool):
        return "not set"
    return f"{one.default:g}" if isinstance(one.default, float) else str(one.default)
