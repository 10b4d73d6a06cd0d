"""What every command of a process needs: settings, texts, the clock, and the folder in which Hunter keeps things.

In: the environment of this process. Out: checked values. Settings are read here and nowhere else.
"""

import gettext
import os
import sys
from collections.abc import Callable, Mapping
from dataclasses import fields
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from hunter.core.errors import InvalidInput, Unavailable
from hunter.sales.wording import Catalogue
from hunter.services.secret_files import SECRET_KEY_FILE, derived_key, read_or_make_secret
from hunter.settings.fields import Settings
from hunter.settings.reading import SettingError, load_settings

#: Where compiled catalogues lie, the first that has one wins: the environment of a checkout that was not ours to
#: write, else beside their sources.
LOCALE_FOLDERS: Final = (Path(sys.prefix) / "share" / "locale", Path(__file__).parents[1] / "locale")
LANGUAGES: Final = ("tr", "en")
#: Under which name Hunter keeps its things among those of other programs.
_NAME: Final = "hunter"
_ROOTS_FOLDER: Final = Path("/var/lib/hunter")


def settings_of_this_process(variables: Mapping[str, str] = MappingProxyType({})) -> Settings:
    """Read the environment and the `.env` file of the current folder, both behind the given variables.

    Raises `InvalidInput` naming the variable.
    """
    try:
        return load_settings(Path(".env"), variables)
    except SettingError as error:
        raise InvalidInput(str(error)) from error


def settings_in_effect(settings: Settings) -> Mapping[str, str]:
    """Return the settings that are not what they are by default, by their names; of a secret only that it is set."""
    given = {one.name: one for one in fields(Settings) if getattr(settings, one.name) != one.default}
    return {name: "set" if one.metadata["is_secret"] else str(getattr(settings, name)) for name, one in given.items()}


def load_catalogue(language: str) -> Catalogue:
    """Load the phrases of a language; raises `Unavailable` where the catalogues were not compiled."""
    folder = next((one for one in LOCALE_FOLDERS if gettext.find("hunter", one, [language])), LOCALE_FOLDERS[-1])
    try:
        return gettext.translation("hunter", folder, [language])
    except OSError as error:
        raise Unavailable(f"no texts for {language!r} in {folder}: start Hunter by ./hunter once") from error


def utc_now() -> datetime:
    """Return the time, aware, in UTC."""
    return datetime.now(UTC)


def clock_of(settings: Settings) -> Callable[[], datetime]:
    """Return a clock in the zone in which days are counted; raises `Unavailable` where its rules are missing."""
    try:
        return partial(datetime.now, ZoneInfo(settings.time_zone))
    except ZoneInfoNotFoundError as error:
        raise Unavailable(f"this machine has no time zones, {settings.time_zone} among them: install tzdata") from error


def data_folder(settings: Settings) -> Path:
    """Return the folder in which Hunter keeps things; it may not be there yet."""
    if settings.data_dir is not None:
        return settings.data_dir.absolute()
    if sys.platform == "win32":
        return (settings.localappdata or Path.home() / "AppData" / "Local") / _NAME
    if os.geteuid() == 0:
        return _ROOTS_FOLDER
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support" / _NAME
    named = settings.xdg_data_home
    return (named if named is not None and named.is_absolute() else Path.home() / ".local" / "share") / _NAME


def secret_key_of(settings: Settings) -> str:
    """Return the secret of this installation, made where there is none yet."""
    return settings.secret_key or read_or_make_secret(data_folder(settings), SECRET_KEY_FILE)


def name_key_of(settings: Settings) -> bytes:
    """Return the key of the names that must not be contacted; all machines of one database need the same secret."""
    return derived_key(secret_key_of(settings), "do not contact")
