"""Secrets of an installation: made at first start, kept in a file that only its owner may read, the same ever after.

In: the data folder and a name. Out: the secret. Two first starts at once end with one secret.
"""

import hashlib
import hmac
import os
import secrets
import tempfile
from pathlib import Path
from typing import Final

from hunter.core.errors import InvalidInput

ADMIN_TOKEN_FILE: Final = "admin-token"
SECRET_KEY_FILE: Final = "secret-key"
_RANDOM_BYTES: Final = 32
_OWNER_ONLY: Final = 0o600
_OTHERS: Final = 0o077


def read_or_make_secret(folder: Path, name: str) -> str:
    """Return the secret of a file, which is made where it is missing.

    Raises `InvalidInput` for a file that others may read or that is empty: nobody can tell who has seen it.
    """
    path = folder / name
    if not path.exists():
        _make(path)
    mode = path.stat().st_mode
    if os.name == "posix" and mode & _OTHERS:
        raise InvalidInput(f"{path} may be read by others: make a new secret by deleting it, or chmod 600 it")
    secret = path.read_text(encoding="ascii", errors="replace").strip()
    if not secret:
        raise InvalidInput(f"{path} is empty: delete it, and a new one is made")
    return secret


def derived_key(secret: str, purpose: str) -> bytes:
    """Return a key for one purpose; who knows it learns nothing of the secret or of other keys."""
    return hmac.new(secret.encode(), purpose.encode(), hashlib.sha256).digest()


def _make(path: Path) -> None:
    """Write a new secret whole before it has its name; where somebody was faster, his stays."""
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, written = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
    try:
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(secrets.token_urlsafe(_RANDOM_BYTES) + "\n")
        Path(written).chmod(_OWNER_ONLY)
        _give_name(Path(written), path)
    finally:
        Path(written).unlink(missing_ok=True)


def _give_name(written: Path, path: Path) -> None:
    try:
        path.hardlink_to(written)
    except FileExistsError:
        return
