"""Searches for one word by the words themselves: `lead_words` has every word of every name, in the default order.

A lead that matches has a word in its name that contains the search word, or it has that in its domain alone. Those of
the second kind are found by n-grams of domains that stand in no word of the name (`lead_grams`).
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from psycopg.errors import LockNotAvailable
from sqlalchemy.exc import OperationalError
from sqlalchemy.ext.asyncio import AsyncConnection

from hunter.storage.lead_index.filters import MOST_WORDS, Filters

#: N-grams of domains are kept in lengths from three letters to this one.
_LONGEST_NGRAM: Final = 5
#: SQL for the words that contain the search word, beside other columns; as many as tell that there are too many.
WORDS: Final = f"""
array(select distinct word from search_words where word like %(word_0)s limit {MOST_WORDS + 1})
"""
# What is asked of the index is told apart from what is asked of its hits: with both in one place the server works out
# the n-grams of each hit once more.
_IN_DOMAINS: Final = """
select prio_rank, domain, facet_key, id from (
    select prio_rank, domain, facet_key, id, search_text from leads
    where lead_grams(search_text) && %(ngrams)s::text[] offset 0
) d where search_text like %(word_0)s and substr(search_text, strpos(search_text, ' ') + 1) not like %(word_0)s
"""

# Who writes leads holds a lock on `search_words`, also where it brings no new word: with this one nobody does.
_LOCK_WORDS: Final = "lock table search_words in share row exclusive mode"
_DROP_WORDS: Final = """
delete from search_words s where not exists (select from lead_words w where w.word = s.word)
    or exists (select from search_words o where o.word = s.word and o.ctid < s.ctid)
"""
#: Writers wait behind a lock that waits: a bulk run is not held up for the sake of a few words.
_WORDS_WAIT: Final = "set local lock_timeout = '2s'"


def ngrams_of(word: str) -> list[str]:
    """Return the n-grams of a word of which a domain that has it has one in the index of `lead_grams`."""
    length = min(len(word), _LONGEST_NGRAM)
    return sorted({word[start : start + length] for start in range(len(word) - length + 1)})


def with_words(filters: Filters, words: Sequence[str]) -> Filters:
    """Return filters that search by these words."""
    values = {f"found_{number}": word for number, word in enumerate(words)}
    ngrams = ngrams_of(filters.word or "")
    return replace(filters, words=tuple(words), values={**filters.values, **values, "ngrams": ngrams})


def named_in(words: Sequence[str]) -> str:
    """Return SQL for the leads that have one of the words in their names, once for each of those."""
    named = ", ".join(f"%(found_{number})s" for number in range(len(words)))
    return f"select domain, facet_key, id from lead_words where word in ({named})"


def hits_of(filters: Filters) -> str:
    """Return SQL for domain, key and number of the leads with one of the words, or the search word in the domain."""
    words = filters.words or ()
    hits = named_in(words)
    if len(words) > 1:
        # A name may have several of them.
        hits = f"(select distinct domain, facet_key, id from ({hits}) w)"
    if not filters.has_search:
        return hits
    return f"{hits} union all (select domain, facet_key, id from ({_IN_DOMAINS}) i)"


def first_hits(filters: Filters, limit: int) -> str:
    """Return SQL for the domains of the first hits in the default order, merged from the words."""
    # What stands beyond the limit in the order of one word does so in that of all.
    order = f"where {filters.on_key} order by prio_rank, domain limit {limit}"
    words = [
        f"(select prio_rank, domain from lead_words where word = %(found_{number})s and {filters.on_key} "
        f"order by prio_rank, domain limit {limit})"
        for number in range(len(filters.words or ()))
    ]
    if filters.has_search:
        words.append(f"(select prio_rank, domain from ({_IN_DOMAINS}) i {order})")
    merged = " union all ".join(words)
    return f"""
        select distinct on (prio_rank, domain) prio_rank, domain from ({merged}) m
        order by prio_rank, domain limit {limit}
    """


async def drop_words(connection: AsyncConnection) -> int:
    """Take away words that no name has any more; where leads are being written, the next time."""
    try:
        async with connection.begin_nested():
            await connection.exec_driver_sql(_WORDS_WAIT)
            await connection.exec_driver_sql(_LOCK_WORDS)
            return (await connection.exec_driver_sql(_DROP_WORDS)).rowcount
    except OperationalError as error:
        if isinstance(error.orig, LockNotAvailable):
            return 0
        raise
