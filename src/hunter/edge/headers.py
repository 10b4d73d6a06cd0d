"""Reading headers of a raw ASGI scope. In: a scope. Out: text, decoded as HTTP has it (latin-1)."""

from collections.abc import Sequence

from starlette.types import Scope


def header(scope: Scope, name: str) -> str | None:
    """Return the first value of a header, named in lower case; None where it is missing."""
    values = header_values(scope, name)
    return values[0] if values else None


def header_values(scope: Scope, name: str) -> Sequence[str]:
    """Return every value of a header, named in lower case, in their order."""
    wanted = name.encode("latin-1")
    return [value.decode("latin-1") for key, value in scope["headers"] if key == wanted]


def peer_of(scope: Scope) -> str | None:
    """Return the address of the other end of the connection."""
    client = scope.get("client")
    return client[0] if client else None
