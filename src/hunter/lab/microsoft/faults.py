"""Scripted trouble of the Microsoft simulator: "the n-th request for this path meets that". Pure: it sends nothing.

Faults travel as JSON to a server in another process; each is used up by the request that meets it, or meets all.
"""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from hunter.core.errors import InvalidInput


class MicrosoftTrouble(StrEnum):
    """What a request meets instead of a plain answer."""

    #: The answer comes `seconds` late; its head comes at once and its body so much later.
    SLOW = "slow"
    SLOW_BODY = "slow_body"
    #: The connection is reset before anything is sent.
    RESET = "reset"
    #: Half of the body, then the end of the connection.
    CUT = "cut"
    #: The error page of a gateway, with status 200.
    HTML = "html"
    #: The right body under the type of a web page.
    WRONG_TYPE = "wrong_type"
    #: A body that is no JSON; JSON that is no object; a document without an issuer.
    BAD_JSON = "bad_json"
    LIST = "list"
    NO_ISSUER = "no_issuer"
    #: A status with an error page, and `retry_after` as it is written.
    STATUS = "status"
    #: To `location`.
    REDIRECT = "redirect"
    #: A body of two million bytes.
    HUGE = "huge"
    #: Packed although nobody allowed it.
    PACKED = "packed"


@dataclass(frozen=True, slots=True)
class ScriptedFault:
    """One line of a script."""

    trouble: MicrosoftTrouble
    #: Part of the path that a request must have.
    path: str = ""
    #: Which of the matching requests meets it, from 1; 0 for every one.
    nth: int = 1
    seconds: float = 0.0
    status: int = 503
    retry_after: str = ""
    location: str = ""


class Script:
    """The faults that are still to come."""

    def __init__(self, faults: Iterable[ScriptedFault] = ()) -> None:
        self._faults = tuple(faults)
        self._seen = [0] * len(self._faults)

    def meet(self, path: str) -> ScriptedFault | None:
        """Return the first fault that a request for this path meets; every matching line counts the request."""
        met: ScriptedFault | None = None
        for at, fault in enumerate(self._faults):
            if fault.path in path:
                self._seen[at] += 1
                if met is None and fault.nth in (0, self._seen[at]):
                    met = fault
        return met


def faults_to_json(faults: Iterable[ScriptedFault]) -> list[dict[str, Any]]:
    """Return the lines of a script as JSON values."""
    return [asdict(fault) for fault in faults]


def faults_from_json(rows: Iterable[Mapping[str, Any]]) -> list[ScriptedFault]:
    """Read the lines of a script; raises `InvalidInput`."""
    try:
        return [ScriptedFault(**{**row, "trouble": MicrosoftTrouble(row["trouble"])}) for row in rows]
    except (KeyError, TypeError, ValueError) as error:
        raise InvalidInput(f"no script of faults: {error}") from error
