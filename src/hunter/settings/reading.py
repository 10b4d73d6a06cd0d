"""Reading the settings: the environment and an optional `.env` file in, one frozen `Settings` out.

Nothing is read on import. A value that cannot be used is refused with the name of its variable.
"""

import os
from collections.abc import Iterator, Mapping
from dataclasses import MISSING, Field, dataclass, fields
from pathlib import Path
from types import MappingProxyType
from typing import Any, cast

from hunter.settings.fields import Settings
from hunter.settings.kinds import PRESENCE, SettingKind


class SettingError(ValueError):
    """A setting has a value that cannot be used; the message names the variable. `wiring` translates it."""


@dataclass(frozen=True, slots=True)
class SettingLine:
    """One row of the settings reference."""

    variable: str
    #: Other variables that are read where that one is not set.
    also: tuple[str, ...]
    kind: str
    default: str
    unit: str
    meaning: str


def describe_settings() -> tuple[SettingLine, ...]:
    """List every setting in the order of the class, for the reference page."""
    return tuple(
        SettingLine(
            variable=_variables(one)[0],
            also=_variables(one)[1:],
            kind=_kind(one).words,
            default=_default_text(one),
            unit=str(one.metadata["unit"]),
            meaning=str(one.metadata["meaning"]),
        )
        for one in fields(Settings)
    )


def load_settings(dotenv: Path | None = None, over: Mapping[str, str] = MappingProxyType({})) -> Settings:
    """Read this process's environment and the given `.env` file, if it is there; errors as for `read_settings`.

    Variables of `over` win over both.
    """
    text = ""
    if dotenv is not None:
        try:
            text = dotenv.read_text(encoding="utf-8-sig")
        except FileNotFoundError:
            pass
        except (OSError, UnicodeDecodeError) as error:
            raise SettingError(f"{dotenv} cannot be read: {error}") from error
    return read_settings({**os.environ, **over}, text)


def read_settings(environ: Mapping[str, str], dotenv: str = "") -> Settings:
    """Build the settings from an environment; it wins over the text of a `.env` file, both over the defaults.

    Names are compared without regard to case, unknown and empty variables are ignored. Raises `SettingError`
    naming the variable.
    """
    given = {**parse_dotenv(dotenv), **{name.upper(): value for name, value in environ.items()}}
    values: dict[str, Any] = {}
    for one in fields(Settings):
        for variable, text in _given(one, given):
            values[one.name] = _read(one, variable, text)
            break
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


def _given(one: Field[Any], given: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Yield the variables of a setting that are set, with their text; the first one counts."""
    for variable in _variables(one):
        text = given.get(variable, "").strip()
        if text:
            yield variable, text


def _read(one: Field[Any], variable: str, text: str) -> object:
    try:
        # Bytes that are no UTF-8 come as halves of surrogate pairs (`os.environ`), which no file or answer can hold.
        text.encode()
    except UnicodeEncodeError:
        raise SettingError(f"{variable} is not written in UTF-8") from None
    try:
        return _kind(one).read(text)
    except ValueError as error:
        # A secret is not repeated; neither is the error that may hold it.
        given = "" if one.metadata["is_secret"] else f", not {text!r}"
        raise SettingError(f"{variable} {error}{given}") from None


def _variables(one: Field[Any]) -> tuple[str, ...]:
    return (f"{one.metadata['prefix']}{one.name.upper()}", *one.metadata["also"])


def _kind(one: Field[Any]) -> SettingKind:
    return cast(SettingKind, one.metadata["kind"])


def _default_text(one: Field[Any]) -> str:
    if one.default is MISSING:
        raise TypeError(f"{one.name} needs a default")
    if one.metadata["default_words"]:
        return str(one.metadata["default_words"])
    if one.default is None or one.default == ():
        return "none"
    if isinstance(one.default, tuple):
        return ", ".join(one.default)
    if isinstance(one.default, bool):
        return "not set" if _kind(one) is PRESENCE else str(one.default).lower()
    return f"{one.default:g}" if isinstance(one.default, float) else str(one.default)
