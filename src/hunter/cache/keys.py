"""Names of everything that is kept in Redis, and how they look in a log (engine specification 7.1, 7.2)."""

from hashlib import sha256


def cache_key(kind: str, name: str) -> str:
    """Return `cache:<kind>:<name>`."""
    return f"cache:{kind}:{name}"


def bucket_keys(name: str) -> tuple[str, str]:
    """Return the keys of a token bucket: its tokens, and when they were counted."""
    return f"rate_limit:{name}:tokens", f"rate_limit:{name}:last_update"


def counts_key(group: str) -> str:
    """Return the key of a group of counters."""
    return f"metrics:{group}"


def lock_key(domain: str) -> str:
    """Return the key under which a scan of a domain is locked."""
    return f"lock:scan:{domain}"


def masked(key: str) -> str:
    """Return a cache key as it may stand in a log: eight hex digits for what it is about."""
    kind, name = key.split(":", 2)[1:]
    return cache_key(kind, sha256(name.encode()).hexdigest()[:8])
