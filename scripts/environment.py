"""Where the virtual environment of a checkout lies, and whether it is ready.

In: the checkout and the names of the requirement files a command needs. Out: an `Environment`. Reads files only;
`scripts/install.py` makes what is missing. The order of homes is decision 0001.
"""

import hashlib
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

# Raised when the launcher lays out an environment differently, so that older ones are made anew.
LAYOUT = "1"
TEXTS = "texts"


@dataclass(frozen=True, slots=True)
class Environment:
    """One virtual environment and the checkout it serves."""

    #: The checkout: the folder of the launcher.
    root: Path
    folder: Path

    @property
    def python(self) -> Path:
        return self.folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")

    @property
    def log(self) -> Path:
        """The record of the last set-up; its presence also says that the folder is ours to empty."""
        return self.folder / "setup.log"

    @property
    def unfinished(self) -> Path:
        """Lies there while packages are written; left behind by a set-up that was killed."""
        return self.folder / "setup.unfinished"

    @property
    def lock(self) -> Path:
        return self.folder.with_name(self.folder.name + ".lock")

    @property
    def is_in_checkout(self) -> bool:
        return self.folder == self.root / ".venv"

    def stamp(self, name: str) -> Path:
        """The file that says which state of a requirement file, or of the catalogues, is installed."""
        return self.folder / f"{name}.stamp"


def homes(root: Path) -> tuple[Environment, Environment]:
    """The environment in the checkout, and the one in the user's cache for a checkout of somebody else."""
    key = hashlib.sha256(os.fsencode(root)).hexdigest()[:12]
    return Environment(root, root / ".venv"), Environment(root, cache_folder() / "hunter" / key / "venv")


def cache_folder() -> Path:
    """The user's folder for files that can be made again."""
    named = os.environ.get("LOCALAPPDATA" if os.name == "nt" else "XDG_CACHE_HOME", "")
    return Path(named) if os.path.isabs(named) else Path.home() / ".cache"


def is_ours(folder: Path) -> bool:
    """True if this user may make files in the folder that its owner can also remove: owner and right to write.

    Root may write anywhere, but files of root in the checkout of somebody else would lock its owner out.
    """
    try:
        owner = folder.stat().st_uid
    except OSError:
        return False
    return os.access(folder, os.W_OK | os.X_OK) and (os.name == "nt" or owner == os.geteuid())


def is_buildable(environment: Environment) -> bool:
    """True if the environment may be made, or made anew, by this user."""
    folder = environment.folder
    return is_ours(folder.parent) and (is_ours(folder) or not os.path.lexists(folder))


def requirements(environment: Environment, name: str) -> Path:
    """The hash-pinned file of that name."""
    return environment.root / "requirements" / f"{name}.txt"


def wanted_stamp(environment: Environment, name: str) -> str:
    """What the stamp of an installed requirement file must say: its content, the interpreter and the checkout.

    The interpreter is the one the environment is linked to, so a changed system Python is seen; which Python runs the
    launcher does not matter, so two shells with different ones share an environment.
    """
    interpreter = os.path.realpath(environment.python)
    content = requirements(environment, name).read_bytes()
    return digest(LAYOUT.encode(), os.fsencode(interpreter), os.fsencode(environment.root), content)


def catalogues(environment: Environment) -> list[Path]:
    """The gettext sources of the checkout, in a fixed order."""
    return sorted((environment.root / "src" / "hunter" / "locale").glob("*/LC_MESSAGES/*.po"))


def compiled(environment: Environment, source: Path) -> Path:
    """Where the compiled form of a catalogue lies: beside its source, or in the environment if that is elsewhere."""
    if environment.is_in_checkout:
        return source.with_suffix(".mo")
    language, category, name = source.parts[-3:]
    return environment.folder / "share" / "locale" / language / category / f"{Path(name).stem}.mo"


def wanted_texts_stamp(environment: Environment) -> str:
    """What the stamp of the compiled catalogues must say: names and contents of their sources."""
    return digest(*(part for source in catalogues(environment) for part in (os.fsencode(source), source.read_bytes())))


def digest(*parts: bytes) -> str:
    """One hash over parts whose borders count."""
    whole = hashlib.sha256()
    for part in parts:
        whole.update(b"%d:" % len(part))
        whole.update(part)
    return whole.hexdigest()


def is_current(stamp: Path, wanted: str) -> bool:
    """True if the stamp is there and says what is wanted."""
    try:
        return stamp.read_text(encoding="ascii") == wanted
    except (OSError, UnicodeDecodeError):
        return False


def missing(environment: Environment, names: Sequence[str]) -> list[str]:
    """Those of the named requirement files that are not installed as they stand now."""
    if not os.access(environment.python, os.X_OK):
        return list(names)
    return [name for name in names if not is_current(environment.stamp(name), wanted_stamp(environment, name))]


def has_texts(environment: Environment) -> bool:
    """True if every catalogue is compiled as it stands now."""
    return is_current(environment.stamp(TEXTS), wanted_texts_stamp(environment)) and all(
        compiled(environment, source).exists() for source in catalogues(environment)
    )


def is_ready(environment: Environment, names: Sequence[str]) -> bool:
    """True if a command that needs these requirement files can start at once."""
    return not missing(environment, names) and has_texts(environment)


def choose(root: Path, names: Sequence[str]) -> Environment:
    """The environment to use: the one in the checkout if it is ready or ours to make, else the one in the cache."""
    in_checkout, in_cache = homes(root)
    if is_ready(in_checkout, names) or is_buildable(in_checkout):
        return in_checkout
    return in_cache
