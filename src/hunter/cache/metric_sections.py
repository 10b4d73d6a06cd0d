"""The sections `cache` and `rate_limit` of the metrics (engine specification 7.3), made of shared counters.

In: sums by group. Out: the keys of the contract.
"""

from collections.abc import Mapping
from typing import Any, Final

from hunter.cache.counters import Counts, SharedCounters

#: What is cached, and two kinds that no longer are: their sections stay, with zeros.
KINDS: Final = ("dns", "whois", "tenant", "realm", "ip_enrichment", "provider", "scoring")
_CACHE: Final = ("hits", "misses", "sets", "deletes")
_LIMITS: Final = ("fallback_used", "circuit_breaker_open", "circuit_breaker_closed")
_GROUPS: Final = ("cache", "rate_limit", "rate_limit_hits", "rate_limit_acquired")


async def read_sections(counters: SharedCounters) -> dict[str, dict[str, Any]]:
    """Return both sections over all processes."""
    counts = await counters.read(*_GROUPS)
    return {
        "cache": cache_section(counts["cache"], expirations=await counters.expirations()),
        "rate_limit": limit_section(counts),
    }


def cache_section(counts: Mapping[str, int], *, expirations: int) -> dict[str, Any]:
    """Return the figures of all kinds together, and `by_kind` those of each."""
    by_kind = {kind: {what: counts.get(f"{kind}:{what}", 0) for what in _CACHE} for kind in KINDS}
    together = {what: sum(one[what] for one in by_kind.values()) for what in _CACHE}
    return {
        **_with_rate(together),
        "ttl_expirations": expirations,
        "by_kind": {kind: _with_rate(one) for kind, one in by_kind.items()},
    }


def limit_section(counts: Counts) -> dict[str, Any]:
    """Return the figures of all limits together, and `per_key` those of each; a hit is a refusal."""
    hits, acquired = counts["rate_limit_hits"], counts["rate_limit_acquired"]
    return {
        "hits": sum(hits.values()),
        "acquired": sum(acquired.values()),
        **{what: counts["rate_limit"].get(what, 0) for what in _LIMITS},
        "per_key": {
            name: {"hits": hits.get(name, 0), "acquired": acquired.get(name, 0)} for name in sorted({*hits, *acquired})
        },
    }


def _with_rate(counts: Mapping[str, int]) -> dict[str, Any]:
    total = counts["hits"] + counts["misses"]
    rate = round(100 * counts["hits"] / total, 2) if total else 0.0
    return {**counts, "total": total, "hit_rate_percent": rate}
