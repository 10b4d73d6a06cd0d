"""The row of every lead, its rollup, and the views; filled from the contract tables, which hold the truth."""

from typing import Final

from alembic import op

revision: Final = "m0004_leads"
down_revision: Final = "m0003_functions"
branch_labels: Final = None
depends_on: Final = None

_TABLES: Final = """
CREATE TABLE leads (
    id BIGINT NOT NULL,
    domain VARCHAR(255) COLLATE "C" NOT NULL,
    canonical_name VARCHAR(255) NOT NULL,
    provider VARCHAR(50),
    tenant_size VARCHAR(50),
    size_source VARCHAR(20),
    seat_count INTEGER,
    local_provider VARCHAR(255),
    spf BOOLEAN,
    dkim BOOLEAN,
    dmarc_policy VARCHAR(50),
    expires_at DATE,
    scan_status VARCHAR(50),
    readiness_score SMALLINT,
    segment VARCHAR(50),
    priority_score SMALLINT,
    priority_category VARCHAR(10),
    gateway VARCHAR(100),
    m365_state VARCHAR(10),
    d365_sync_status VARCHAR(50) NOT NULL,
    referral_types TEXT[] NOT NULL,
    annual_low_eur INTEGER,
    annual_high_eur INTEGER,
    last_changed_at TIMESTAMP WITH TIME ZONE,
    cell INTEGER
        GENERATED ALWAYS AS (lead_cell(segment, provider, priority_score, readiness_score, priority_category,
            m365_state, d365_sync_status, referral_types, tenant_size)) STORED NOT NULL,
    prio_rank SMALLINT GENERATED ALWAYS AS (lead_rank(priority_score, readiness_score)) STORED NOT NULL,
    name_key TEXT COLLATE "C" GENERATED ALWAYS AS (turkish_sort_key(canonical_name)) STORED,
    search_text TEXT COLLATE "C"
        GENERATED ALWAYS AS (turkish_fold((((domain)::text || ' ') || (canonical_name)::text) || (' ' ||
            coalesce(provider, '')))) STORED,
    CONSTRAINT pk_leads PRIMARY KEY (id),
    CONSTRAINT fk_leads_id_companies FOREIGN KEY(id) REFERENCES companies (id) ON DELETE CASCADE,
    CONSTRAINT fk_leads_domain_companies FOREIGN KEY(domain) REFERENCES companies (domain) ON DELETE CASCADE
);
CREATE INDEX ix_leads_cell_domain ON leads (cell, domain) INCLUDE (id, expires_at, last_changed_at, search_text);
CREATE INDEX ix_leads_expires_at ON leads (expires_at, domain) INCLUDE (cell, last_changed_at);
CREATE INDEX ix_leads_last_changed_at ON leads (last_changed_at, domain) INCLUDE (cell, expires_at);
CREATE INDEX ix_leads_name_key_domain ON leads (name_key, domain) INCLUDE (cell, expires_at, last_changed_at);
CREATE INDEX ix_leads_prio_rank_domain ON leads (prio_rank, domain)
    INCLUDE (cell, expires_at, last_changed_at, search_text);
CREATE INDEX ix_leads_readiness_score_domain ON leads (readiness_score, domain) INCLUDE (cell);
CREATE INDEX ix_leads_search_text ON leads USING gin (search_text gin_trgm_ops);
CREATE INDEX ix_leads_grams ON leads USING gin (lead_grams(search_text));
-- Nothing is planned by their statistics, which would work out the pieces of every row in the sample.
ALTER INDEX ix_leads_grams ALTER COLUMN 1 SET STATISTICS 0;
CREATE UNIQUE INDEX uq_leads_domain ON leads (domain) INCLUDE (cell);
CREATE TABLE lead_scans (
    id BIGINT NOT NULL,
    domain VARCHAR(255) COLLATE "C" NOT NULL,
    scanned_at TIMESTAMP WITH TIME ZONE,
    cell INTEGER NOT NULL,
    expires_at DATE,
    last_changed_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_lead_scans PRIMARY KEY (id) INCLUDE (scanned_at),
    CONSTRAINT fk_lead_scans_id_companies FOREIGN KEY(id) REFERENCES companies (id) ON DELETE CASCADE
);
CREATE INDEX ix_lead_scans_scanned_at_domain ON lead_scans (scanned_at, domain)
    INCLUDE (cell, expires_at, last_changed_at);
CREATE TABLE lead_words (
    word TEXT COLLATE "C" NOT NULL,
    prio_rank SMALLINT NOT NULL,
    domain VARCHAR(255) COLLATE "C" NOT NULL,
    cell INTEGER NOT NULL,
    id BIGINT NOT NULL,
    CONSTRAINT pk_lead_words PRIMARY KEY (word, prio_rank, domain) INCLUDE (cell, id)
);
CREATE TABLE search_words (
    word TEXT COLLATE "C" NOT NULL
);
CREATE INDEX ix_search_words_word ON search_words (word);
CREATE INDEX ix_search_words_trigrams ON search_words USING gin (word gin_trgm_ops);
CREATE TABLE lead_facets (
    cell INTEGER NOT NULL,
    shard SMALLINT NOT NULL,
    leads BIGINT NOT NULL,
    annual_low_eur BIGINT NOT NULL,
    annual_high_eur BIGINT NOT NULL,
    CONSTRAINT pk_lead_facets PRIMARY KEY (cell, shard)
);
-- The counts change with every batch: room for their new versions on the same page.
ALTER TABLE lead_facets SET (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.1);
-- Searches read what the trigram index has not yet sorted in: keep that short.
ALTER INDEX ix_leads_search_text SET (gin_pending_list_limit = 512);
ALTER TABLE leads ALTER COLUMN search_text SET STATISTICS 300;
-- Filters are bit operations on the cell: only such statistics tell the planner how many rows they leave. Other kinds
-- of statistics over eight expressions would take the analysis minutes and gigabytes.
CREATE STATISTICS leads_cells (mcv) ON (cell >> 0 & 7), (cell >> 3 & 15), (cell >> 7 & 7), (cell >> 10 & 127),
    (cell >> 17 & 7), (cell >> 20 & 7), (cell >> 23 & 7), (cell >> 29 & 3) FROM leads;
CREATE STATISTICS lead_scans_cells (mcv) ON (cell >> 0 & 7), (cell >> 3 & 15), (cell >> 7 & 7), (cell >> 10 & 127),
    (cell >> 17 & 7), (cell >> 20 & 7), (cell >> 23 & 7), (cell >> 29 & 3) FROM lead_scans;
"""

_ROLLUP: Final = """
-- A writer takes the first shard that nobody holds and keeps it until it commits: no writer ever waits here.
create function lead_facets_shard() returns smallint
language plpgsql volatile as $$
begin
    for shard in 0..255 loop
        if pg_try_advisory_xact_lock(1279349574, shard) then
            return shard;
        end if;
    end loop;
    raise exception 'more than 256 transactions write leads' using errcode = 'lock_not_available';
end $$;

create function lead_facets_count() returns trigger
language plpgsql volatile as $$
begin
    if tg_op = 'INSERT' then
        insert into lead_facets as f
        select cell, (select lead_facets_shard()), count(*),
            coalesce(sum(annual_low_eur), 0), coalesce(sum(annual_high_eur), 0)
        from new_rows group by cell order by cell
        on conflict (cell, shard) do update set leads = f.leads + excluded.leads,
            annual_low_eur = f.annual_low_eur + excluded.annual_low_eur,
            annual_high_eur = f.annual_high_eur + excluded.annual_high_eur;
    elsif tg_op = 'DELETE' then
        insert into lead_facets as f
        select cell, (select lead_facets_shard()), -count(*),
            -coalesce(sum(annual_low_eur), 0), -coalesce(sum(annual_high_eur), 0)
        from old_rows group by cell order by cell
        on conflict (cell, shard) do update set leads = f.leads + excluded.leads,
            annual_low_eur = f.annual_low_eur + excluded.annual_low_eur,
            annual_high_eur = f.annual_high_eur + excluded.annual_high_eur;
    else
        insert into lead_facets as f
        select cell, (select lead_facets_shard()), sum(n), sum(n * low), sum(n * high)
        from (
            select cell, 1 as n, coalesce(annual_low_eur, 0)::bigint as low,
                coalesce(annual_high_eur, 0)::bigint as high
            from new_rows
            union all
            select cell, -1, coalesce(annual_low_eur, 0)::bigint, coalesce(annual_high_eur, 0)::bigint from old_rows
        ) as moved
        group by cell having sum(n) <> 0 or sum(n * low) <> 0 or sum(n * high) <> 0 order by cell
        on conflict (cell, shard) do update set leads = f.leads + excluded.leads,
            annual_low_eur = f.annual_low_eur + excluded.annual_low_eur,
            annual_high_eur = f.annual_high_eur + excluded.annual_high_eur;
    end if;
    return null;
end $$;
"""


_WORDS: Final = """
-- Rows of a lead are written by those alone who hold its company. A word that two writers bring at once stands twice
-- in `search_words`, which is read distinct: a constraint would make one wait for the other. A row that is there
-- against expectation is put right, so that no fault here keeps a scan from being stored.
create function lead_words_keep() returns trigger
language plpgsql volatile as $$
begin
    if tg_op = 'UPDATE' then
        delete from lead_words w using (
            select unnest(lead_tokens(o.search_text)) as word, o.prio_rank, o.domain
            from old_rows o left join new_rows n using (id)
            where (o.search_text, o.prio_rank, o.cell) is distinct from (n.search_text, n.prio_rank, n.cell)
        ) g where w.word = g.word and w.prio_rank = g.prio_rank and w.domain = g.domain;
    elsif tg_op = 'DELETE' then
        delete from lead_words w using (
            select unnest(lead_tokens(o.search_text)) as word, o.prio_rank, o.domain from old_rows o
        ) g where w.word = g.word and w.prio_rank = g.prio_rank and w.domain = g.domain;
        return null;
    end if;
    if tg_op = 'UPDATE' then
        with added as (
            insert into lead_words select t.word, n.prio_rank, n.domain, n.cell, n.id
            from new_rows n left join old_rows o using (id), unnest(lead_tokens(n.search_text)) as t(word)
            where (o.search_text, o.prio_rank, o.cell) is distinct from (n.search_text, n.prio_rank, n.cell)
            order by 1, 2, 3
            on conflict (word, prio_rank, domain) do update set cell = excluded.cell, id = excluded.id returning word
        )
        insert into search_words select distinct word from added a
        where not exists (select from search_words s where s.word = a.word);
    else
        with added as (
            insert into lead_words select t.word, n.prio_rank, n.domain, n.cell, n.id
            from new_rows n, unnest(lead_tokens(n.search_text)) as t(word) order by 1, 2, 3
            on conflict (word, prio_rank, domain) do update set cell = excluded.cell, id = excluded.id returning word
        )
        insert into search_words select distinct word from added a
        where not exists (select from search_words s where s.word = a.word);
    end if;
    return null;
end $$;
"""

_TRIGGERS: Final = """
create trigger lead_words_inserted after insert on leads referencing new table as new_rows
for each statement execute function lead_words_keep();
create trigger lead_words_updated after update on leads referencing old table as old_rows new table as new_rows
for each statement execute function lead_words_keep();
create trigger lead_words_deleted after delete on leads referencing old table as old_rows
for each statement execute function lead_words_keep();
create trigger leads_inserted after insert on leads referencing new table as new_rows
for each statement execute function lead_facets_count();
create trigger leads_updated after update on leads referencing old table as old_rows new table as new_rows
for each statement execute function lead_facets_count();
create trigger leads_deleted after delete on leads referencing old table as old_rows
for each statement execute function lead_facets_count();
"""

_VIEWS: Final = """
-- What the row of each lead has to be.
create view leads_expected as
select c.id, c.domain, c.canonical_name, c.provider, c.tenant_size, c.size_source, c.seat_count, s.local_provider,
    s.spf, s.dkim, s.dmarc_policy, s.expires_at, s.scan_status,
    l.readiness_score::smallint as readiness_score, l.segment, l.priority_score::smallint as priority_score,
    l.priority_category, s.gateway, s.m365_state,
    coalesce(nullif(c.d365_sync_status, 'pending'), 'not_synced')::varchar(50) as d365_sync_status,
    coalesce(r.referral_types, '{}')::text[] as referral_types, l.annual_low_eur, l.annual_high_eur,
    greatest(
        (select max(changed_at) from provider_change_history where domain = c.domain),
        (select max(changed_at) from signal_change_history where domain = c.domain),
        (select max(changed_at) from score_change_history where domain = c.domain)
    ) as last_changed_at
from companies c
left join domain_signals s on s.domain = c.domain
left join lead_scores l on l.domain = c.domain
left join lateral (
    select array_agg(distinct referral_type::text order by referral_type::text) as referral_types
    from partner_center_referrals where domain = c.domain and referral_type is not null
) r on true;

create view leads_ready as
select c.id as company_id, c.canonical_name, c.domain, c.provider, c.tenant_size, c.country, c.contact_emails,
    c.contact_quality_score, c.linkedin_pattern, c.updated_at as company_updated_at, c.d365_lead_id,
    c.d365_sync_status, c.d365_sync_last_at, c.d365_sync_error,
    s.id as signal_id, s.spf, s.dkim, s.dmarc_policy, s.dmarc_coverage, s.mx_root, s.local_provider, s.registrar,
    s.expires_at, s.nameservers, s.scan_status, s.scanned_at,
    l.id as score_id, l.readiness_score, l.segment, l.reason, l.technical_heat, l.commercial_segment,
    l.commercial_heat, l.priority_category, l.priority_label, l.updated_at as score_updated_at
from companies c
left join domain_signals s on s.domain = c.domain
left join lead_scores l on l.domain = c.domain;
"""

_FILL: Final = """
insert into leads (id, domain, canonical_name, provider, tenant_size, size_source, seat_count, local_provider, spf,
    dkim, dmarc_policy, expires_at, scan_status, readiness_score, segment, priority_score,
    priority_category, gateway, m365_state, d365_sync_status, referral_types, annual_low_eur, annual_high_eur,
    last_changed_at)
select * from leads_expected order by domain;
insert into lead_scans (id, domain, scanned_at, cell, expires_at, last_changed_at)
select l.id, l.domain, s.scanned_at, l.cell, l.expires_at, l.last_changed_at
from leads l left join domain_signals s on s.domain = l.domain order by l.domain;
"""


def upgrade() -> None:
    """Make and fill them."""
    for statements in (_TABLES, _ROLLUP, _WORDS, _TRIGGERS, _VIEWS, _FILL):
        op.get_bind().exec_driver_sql(statements)


def downgrade() -> None:
    """Take them away; the contract tables keep everything that they say."""
    op.get_bind().exec_driver_sql(
        """
        drop view leads_ready;
        drop view leads_expected;
        drop table lead_scans;
        drop table leads;
        drop table lead_facets;
        drop table lead_words;
        drop table search_words;
        drop function lead_words_keep;
        drop function lead_facets_count;
        drop function lead_facets_shard;
        """
    )
