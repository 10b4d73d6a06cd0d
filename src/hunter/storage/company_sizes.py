"""Sizes of companies: what each source says, and the best of it in force (engine specification 3.3).

From the best to the weakest: confirmed by a person, a referral, a list, the mail host. A better source never loses its
word to a weaker one; withdrawn, the next best is in force. The companies must be locked.
"""

from collections.abc import Sequence
from typing import Final

from sqlalchemy.ext.asyncio import AsyncConnection

from hunter.core.new_company import NewCompany
from hunter.storage.statements import arrays_of, texts, typed, unnested

_CONFIRM: Final = """
insert into company_sizes (domain, size_source, tenant_size, seat_count)
values (%(domain)s, 'confirmed', %(size)s, %(seats)s)
on conflict (domain, size_source) do update set tenant_size = excluded.tenant_size,
    seat_count = excluded.seat_count, updated_at = now()
"""
_WITHDRAW: Final = "delete from company_sizes where domain = %(domain)s and size_source = 'confirmed'"
_LISTED: Final = (*texts("domain", "tenant_size"), *typed("integer", "seat_count"))
_IMPORT: Final = f"""
insert into company_sizes as z (domain, size_source, tenant_size, seat_count)
select domain, 'import', tenant_size, seat_count from ({unnested(_LISTED)}) n order by domain
on conflict (domain, size_source) do update set tenant_size = excluded.tenant_size,
    seat_count = excluded.seat_count, updated_at = now()
where (z.tenant_size, z.seat_count) is distinct from (excluded.tenant_size, excluded.seat_count)
"""
_APPLY: Final = """
update companies c set tenant_size = best.tenant_size, seat_count = best.seat_count, size_source = best.size_source,
    size_confirmed_at = best.confirmed_at, updated_at = now()
from (
    select d.domain, coalesce(z.tenant_size, s.estimated_size) as tenant_size, z.seat_count,
        coalesce(z.size_source, case when s.estimated_size is not null then 'mx_pattern' end) as size_source,
        case when z.size_source = 'confirmed' then z.updated_at end as confirmed_at
    from unnest(%(domains)s::varchar[]) d(domain)
    left join domain_signals s on s.domain = d.domain
    left join lateral (
        select * from company_sizes where domain = d.domain
        order by array_position(array['confirmed', 'referral', 'import', 'mx_pattern'], size_source::text) limit 1
    ) z on true
) best
where c.domain = best.domain and (c.tenant_size, c.seat_count, c.size_source, c.size_confirmed_at)
    is distinct from (best.tenant_size, best.seat_count, best.size_source, best.confirmed_at)
"""


async def keep_confirmed_size(
    connection: AsyncConnection, domain: str, *, tenant_size: str | None, seat_count: int | None
) -> None:
    """Put a size that a person knows in force; both None withdraws it."""
    if tenant_size is None and seat_count is None:
        await connection.exec_driver_sql(_WITHDRAW, {"domain": domain})
    else:
        await connection.exec_driver_sql(_CONFIRM, {"domain": domain, "size": tenant_size, "seats": seat_count})
    await _apply(connection, [domain])


async def import_sizes(connection: AsyncConnection, companies: Sequence[NewCompany]) -> None:
    """Keep the sizes that a list gives, the last one of each company; in force where nothing better is known."""
    rows = {
        one.domain: {"domain": one.domain, "tenant_size": one.tenant_size, "seat_count": one.seat_count}
        for one in companies
        if one.seat_count is not None
    }
    if not rows:
        return
    await connection.exec_driver_sql(_IMPORT, arrays_of(_LISTED, rows.values()))
    await _apply(connection, sorted(rows))


async def _apply(connection: AsyncConnection, domains: Sequence[str]) -> None:
    await connection.exec_driver_sql(_APPLY, {"domains": list(domains)})
