"""The DNS cache: what DNS said of a domain's mail within the hour, for whoever asks where its mail goes (engine 7.1).

Every single scan renews it and none reads it: a scan says how things stand now, and the last scan, which is stored,
answers repeated ones. Lists leave it alone: a round trip to Redis costs a third of what a domain of a list costs.
"""

from typing import Final

from hunter.core.evidence import MailEvidence
from hunter.core.signals import NOT_ASKED, Unknown
from hunter.resilience.cache_store import CacheStore
from hunter.resilience.memory_cache import MemoryCache
from hunter.resilience.ttl_cache import Grade, Lifetimes, TTLCache

#: An hour for a complete analysis, a minute where anything stayed unknown.
LIFETIMES: Final = Lifetimes(found=3600, absent=3600, failed=60)
#: Domains in the memory of a process.
_MOST_DOMAINS: Final = 512


def dns_cache(store: CacheStore[MailEvidence] | None = None) -> TTLCache[MailEvidence]:
    """Return the cache of all processes that share the store; without one, that of this process."""
    return TTLCache(store or MemoryCache[MailEvidence](most=_MOST_DOMAINS), LIFETIMES, grade=_grade)


def _grade(mail: MailEvidence) -> Grade:
    if isinstance(mail.mx, Unknown):
        # Who asks again wants to know now where the mail goes.
        return Grade.NOT_CACHED
    signals = (getattr(mail, name) for name in mail.__slots__)
    is_complete = not any(isinstance(signal, Unknown) and signal != NOT_ASKED for signal in signals)
    return Grade.FOUND if is_complete else Grade.FAILED
