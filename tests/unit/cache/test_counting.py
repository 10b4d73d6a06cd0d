"""Counts of one process, the sections they end in, and keys."""

from hunter.cache.keys import masked
from hunter.cache.metric_sections import KINDS, cache_section, limit_section
from hunter.cache.tally import Tally


def test_what_could_not_be_handed_over_is_added_to_what_came_since() -> None:
    tally = Tally()
    tally.count("cache", "dns:hits", 2)
    taken = tally.take()
    tally.count("cache", "dns:hits")
    tally.give_back(taken)
    assert tally.take() == {"cache": {"dns:hits": 3}}
    assert tally.take() == {}


def test_names_beyond_the_most_are_counted_together() -> None:
    tally = Tally(most=2)
    for name in ("a", "b", "c", "d", "a"):
        tally.count("domains", name)
    assert tally.seen() == {"domains": {"a": 2, "b": 1, "others": 2}}


def test_the_cache_section_sums_all_kinds_and_keeps_those_that_are_not_cached() -> None:
    counts = {"dns:hits": 3, "dns:misses": 1, "whois:misses": 2, "whois:sets": 2, "dns:deletes": 1}
    section = cache_section(counts, expirations=7)
    by_kind = section.pop("by_kind")
    assert section == {
        "hits": 3,
        "misses": 3,
        "total": 6,
        "hit_rate_percent": 50.0,
        "sets": 2,
        "deletes": 1,
        "ttl_expirations": 7,
    }
    assert tuple(by_kind) == KINDS
    assert by_kind["dns"]["hit_rate_percent"] == 75.0
    assert by_kind["scoring"]["total"] == 0


def test_the_limit_section_names_every_limit() -> None:
    counts = {
        "rate_limit": {"fallback_used": 2, "circuit_breaker_open": 1},
        "rate_limit_hits": {"dns": 4},
        "rate_limit_acquired": {"dns": 10, "api_key_7": 1},
    }
    assert limit_section(counts) == {
        "hits": 4,
        "acquired": 11,
        "fallback_used": 2,
        "circuit_breaker_open": 1,
        "circuit_breaker_closed": 0,
        "per_key": {"api_key_7": {"hits": 0, "acquired": 1}, "dns": {"hits": 4, "acquired": 10}},
    }


def test_a_masked_key_tells_its_kind_and_not_its_name() -> None:
    shown = masked("cache:ip_enrichment:2001:db8::1")
    assert shown.startswith("cache:ip_enrichment:")
    assert len(shown) == len("cache:ip_enrichment:") + 8
    assert "2001" not in shown
