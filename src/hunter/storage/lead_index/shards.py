"""Joining the shards of the counts, which writers keep apart so that they never wait; `hunter db tidy` does it.

In: an engine. Out: counts in shard 0, as far as nobody was writing, without those that are 0.
"""

from typing import Final

from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

#: Tables of counts: their keys and what they count.
_COUNTS: Final = (
    ("lead_facets", ("facet_key",), ("leads",)),
    ("lead_core_facets", ("core_key",), ("leads", "annual_low_eur", "annual_high_eur")),
    ("lead_value_facets", ("core_key", "field", "value"), ("leads",)),
)
_SHARDS: Final = " union ".join(f"select shard from {table} where shard > 0" for table, _, _ in _COUNTS)
#: The locks that `lead_facets_shard` takes.
_LOCK: Final = 1279349574
_TAKE_SHARD: Final = f"select pg_try_advisory_xact_lock({_LOCK}, 0) and pg_try_advisory_xact_lock({_LOCK}, %(shard)s)"


async def merge_shards(engine: AsyncEngine) -> None:
    """Join the counts that writers keep apart; a shard that somebody is writing waits for the next time."""
    async with engine.connect() as connection:
        shards = sorted(shard for (shard,) in await connection.exec_driver_sql(_SHARDS))
    for shard in (*shards, 0):
        async with engine.begin() as connection:
            if (await connection.exec_driver_sql(_TAKE_SHARD, {"shard": shard})).scalar_one():
                await (_merge(connection, shard) if shard else _drop_zeros(connection))


async def _merge(connection: AsyncConnection, shard: int) -> None:
    for table, keys, counts in _COUNTS:
        key, count = ", ".join(keys), ", ".join(counts)
        added = ", ".join(f"{name} = f.{name} + excluded.{name}" for name in counts)
        statement = f"""
            with taken as (delete from {table} where shard = %(shard)s returning {key}, {count})
            insert into {table} as f ({key}, shard, {count}) select {key}, 0, {count} from taken order by {key}
            on conflict ({key}, shard) do update set {added}
        """
        await connection.exec_driver_sql(statement, {"shard": shard})


async def _drop_zeros(connection: AsyncConnection) -> None:
    for table, _, counts in _COUNTS:
        zeros = " and ".join(f"{name} = 0" for name in counts)
        await connection.exec_driver_sql(f"delete from {table} where shard = 0 and {zeros}")
