"""Names that nobody may bring again: keyed hashes that outlive the companies they belonged to (engine 8.1).

HMAC-SHA-256 of the canonical domain: whoever has the table and not the key learns no name from it. The key is asked for
only where there is something to hash, so that a database without such names needs none. Under another key every name
would look as if it were not refused; the hash of an empty name stands beside the others, by which the key is known.
"""

import hmac
from collections.abc import Callable, Collection
from typing import Final, TypeAlias

from sqlalchemy.ext.asyncio import AsyncConnection

from hunter.core.errors import Conflict, InvalidInput, Unavailable
from hunter.storage.statements import fetch_rows

#: Returns the key of the hashes, the same for every process that works with a database.
NameKey: TypeAlias = Callable[[], bytes]

_ANY: Final = "select exists (select from do_not_contact)"
_FIND: Final = "select name_hash from do_not_contact where name_hash = any(%(hashes)s)"
_ADD: Final = "insert into do_not_contact (name_hash) values (%(hash)s), (%(proof)s) on conflict do nothing"
#: No company has it.
_NO_NAME: Final = ""
_REMOVE: Final = "delete from do_not_contact where name_hash = %(hash)s"


class DoNotContact(Conflict):
    """The company asked to be left in peace: its name is refused until a person takes the mark back."""

    code = "DO_NOT_CONTACT"


class NameKeyChanged(Unavailable):
    """The hashes were made with another key: nobody can tell which names are refused, and no company is taken in."""

    code = "NAME_KEY_CHANGED"


def no_name_key() -> bytes:
    """Stand in for the key where nobody gave one; raises `InvalidInput`."""
    raise InvalidInput("names that must not be contacted need the key of this installation: HUNTER_SECRET_KEY")


class RefusedNames:
    """The hashes, asked by name."""

    def __init__(self, connection: AsyncConnection, key: NameKey) -> None:
        self._connection = connection
        self._key = key

    async def find(self, domains: Collection[str]) -> frozenset[str]:
        """Return those of the domains that are refused; raises `NameKeyChanged`."""
        if not await self._has_any():
            return frozenset()
        key = self._key()
        hashes = {_hash(key, domain): domain for domain in (*domains, _NO_NAME)}
        rows = await fetch_rows(self._connection, _FIND, {"hashes": list(hashes)})
        found = {hashes[bytes(value)] for (value,) in rows}
        if _NO_NAME not in found:
            raise NameKeyChanged("names that must not be contacted were hashed with another HUNTER_SECRET_KEY")
        return frozenset(found - {_NO_NAME})

    async def check_key(self) -> None:
        """Raise `NameKeyChanged` where the hashes were made with another key."""
        await self.find(())

    async def add(self, domain: str) -> None:
        """Refuse a name from now on; raises `NameKeyChanged`."""
        await self.check_key()
        key = self._key()
        await self._connection.exec_driver_sql(_ADD, {"hash": _hash(key, domain), "proof": _hash(key, _NO_NAME)})

    async def remove(self, domain: str) -> bool:
        """Let a name in again; False where it was not refused. Raises `NameKeyChanged`."""
        if not await self.find((domain,)):
            return False
        removed = await self._connection.exec_driver_sql(_REMOVE, {"hash": _hash(self._key(), domain)})
        return removed.rowcount > 0

    async def _has_any(self) -> bool:
        ((has_any,),) = await fetch_rows(self._connection, _ANY)
        return bool(has_any)


def _hash(key: bytes, domain: str) -> bytes:
    return hmac.digest(key, domain.encode(), "sha256")
