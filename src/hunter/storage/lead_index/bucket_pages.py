"""Pages of an order by rank buckets, without residual filters: which buckets, and by which path their leads.

In: the buckets that a window touches. Out: its domains. Where few leads of a bucket match, the leads of their keys are
merged by domain; where many do, the index is scanned in which the bucket lies in order.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any, Final

from sqlalchemy.ext.asyncio import AsyncConnection

from hunter.storage.lead_index.facet_key import BESIDE_CORE
from hunter.storage.lead_index.filters import Filters
from hunter.storage.lead_index.ordering import bucket_key
from hunter.storage.lead_index.query import LeadQuery, LeadSort
from hunter.storage.lead_index.rank_buckets import PageWindow, RankBucket, after_values
from hunter.storage.statements import Plan, fetch_rows

#: What it costs to find the first lead of a key, in rows that an index scan passes.
_KEY_FOUND: Final = 20
#: Keys of a core, where they are not counted.
_KEYS_OF_A_CORE: Final = 60
#: `prio_rank` of leads without a score.
_UNSCORED_RANK: Final = 1253


@dataclass(frozen=True, slots=True)
class BucketPages:
    """The pages of one query in an order by buckets."""

    connection: AsyncConnection
    query: LeadQuery
    filters: Filters

    async def domains(self, window: PageWindow, buckets: Sequence[RankBucket]) -> list[str]:
        """Return the domains of a window out of the buckets that it touches."""
        if not buckets:
            return []
        skipped = max(window.offset - buckets[0].before, 0) if window.after is None else 0
        window = replace(window, offset=skipped)
        if not self._is_scanned(window, buckets):
            return await self._merged(window, buckets)
        found: list[str] = []
        # In the index of scores leads without one lie under null, in that of ranks they have a number.
        for _, same in groupby(buckets, key=lambda bucket: bucket.index_value < 0):
            left = window.limit - len(found)
            if left > 0:
                found += await self._scanned(replace(window, limit=left), list(same))
                window = replace(window, offset=0)
        return found

    def _is_scanned(self, window: PageWindow, buckets: Sequence[RankBucket]) -> bool:
        """Return whether to scan costs less than to merge."""
        scanned = merged = 0.0
        for at, bucket in enumerate(buckets):
            reach = min(bucket.matching, window.limit + (window.offset if at == 0 else 0))
            keys = len(bucket.keys)
            if self.filters.is_core:
                keys = min(bucket.matching, keys * _KEYS_OF_A_CORE)
            scanned += reach / max(bucket.matching, 1) * bucket.in_index
            merged += keys * _KEY_FOUND + min(bucket.matching, keys * reach)
        return scanned < merged

    async def _merged(self, window: PageWindow, buckets: Sequence[RankBucket]) -> list[str]:
        """Merge the leads of each bucket's keys by domain: nothing is read that does not match."""
        down = " desc" if window.is_backwards else ""
        pairs = [(key, bucket.number) for bucket in buckets for key in bucket.keys]
        keys = "unnest(%(keys)s::bigint[], %(buckets)s::bigint[]) as c(key, bucket)"
        if self.filters.is_core:
            # Of a core all keys that there are, which stand side by side.
            keys = f"""(
                select f.facet_key, c.bucket from {keys}
                join lead_facets f on f.facet_key between c.key and c.key + {BESIDE_CORE} group by 1, 2
            ) as c(key, bucket)"""
        after = "and (c.bucket > %(after_key)s or l.domain > %(after_domain)s)" if window.after is not None else ""
        statement = f"""
            select d.domain from {keys} cross join lateral (
                select l.domain from leads l where l.facet_key = c.key {after} order by l.domain{down} limit %(reach)s
            ) d order by c.bucket{down}, d.domain{down} offset %(skipped)s limit %(wanted)s
        """
        values = {"keys": [key for key, _ in pairs], "buckets": [number for _, number in pairs], **_values_of(window)}
        found = await fetch_rows(self.connection, statement, values, plan=Plan.FOR_ANY_VALUES)
        return [domain for (domain,) in found]

    async def _scanned(self, window: PageWindow, buckets: Sequence[RankBucket]) -> list[str]:
        """Scan the index in which the leads of a bucket lie side by side, in the order of their domains."""
        down = " desc" if window.is_backwards else ""
        is_by_score = self.query.sort is LeadSort.READINESS_SCORE and buckets[0].index_value >= 0
        column = "readiness_score" if is_by_score else "prio_rank"
        at = [_UNSCORED_RANK if bucket.index_value < 0 else bucket.index_value for bucket in buckets]
        after = "and (b.bucket > %(after_key)s or domain > %(after_domain)s)" if window.after is not None else ""
        statement = f"""
            select d.domain from unnest(%(buckets)s::bigint[], %(at)s::smallint[]) as b(bucket, at)
            cross join lateral (
                select domain from leads
                where {column} = b.at and {bucket_key(self.query.sort, self.query.order)} = b.bucket
                    and {self.filters.on_key} {after}
                order by domain{down} limit %(reach)s
            ) d order by b.bucket{down}, d.domain{down} offset %(skipped)s limit %(wanted)s
        """
        values = {"buckets": [bucket.number for bucket in buckets], "at": at, **_values_of(window)}
        found = await fetch_rows(self.connection, statement, {**self.filters.values, **values})
        return [domain for (domain,) in found]


def _values_of(window: PageWindow) -> dict[str, Any]:
    after = after_values(window.after) if window.after is not None else {}
    return {"skipped": window.offset, "wanted": window.limit, "reach": window.offset + window.limit, **after}
