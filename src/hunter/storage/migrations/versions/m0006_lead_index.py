"""The lead index anew: a facet key of 63 bits, counts by core and by value, cities, lists, tags and exclusion marks.

Everything here is made from the contract tables, which stay as they are: filled without indexes, then indexed, then
counted. All in the one transaction of the upgrade, so that a break in the middle leaves the database as it was.
"""

from typing import Final

from alembic import op

from hunter.storage.lead_index.schema_sql import KEY_CALL, count_anew, count_function, key_function, statistics
from hunter.storage.migrations.progress import say
from hunter.storage.migrations.versions import m0004_leads

revision: Final = "m0006_lead_index"
down_revision: Final = "m0005_marks_and_lists"
branch_labels: Final = None
depends_on: Final = None

#: The functions of m0003 stay, `lead_cell` too: the way down needs it.
_TAKE_AWAY: Final = """
drop view leads_expected;
drop table lead_scans;
drop table leads;
drop table lead_facets;
drop table lead_words;
drop table search_words;
drop function lead_words_keep;
drop function lead_facets_count;
"""

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
    tags TEXT[] NOT NULL,
    marks TEXT[] NOT NULL,
    city VARCHAR(100),
    lists INTEGER[] NOT NULL,
    annual_low_eur INTEGER,
    annual_high_eur INTEGER,
    last_changed_at TIMESTAMP WITH TIME ZONE,
    facet_key BIGINT NOT NULL,
    prio_rank SMALLINT GENERATED ALWAYS AS (lead_rank(priority_score, readiness_score)) STORED NOT NULL,
    name_key TEXT COLLATE "C" GENERATED ALWAYS AS (turkish_sort_key(canonical_name)) STORED,
    search_text TEXT COLLATE "C"
        GENERATED ALWAYS AS (turkish_fold((((domain)::text || ' ') || (canonical_name)::text) || (' ' ||
            coalesce(provider, '')))) STORED
);
CREATE TABLE lead_scans (
    id BIGINT NOT NULL,
    domain VARCHAR(255) COLLATE "C" NOT NULL,
    scanned_at TIMESTAMP WITH TIME ZONE,
    facet_key BIGINT NOT NULL,
    prio_rank SMALLINT NOT NULL,
    expires_at DATE,
    last_changed_at TIMESTAMP WITH TIME ZONE
);
CREATE TABLE lead_words (
    word TEXT COLLATE "C" NOT NULL,
    prio_rank SMALLINT NOT NULL,
    domain VARCHAR(255) COLLATE "C" NOT NULL,
    facet_key BIGINT NOT NULL,
    id BIGINT NOT NULL
);
CREATE TABLE search_words (
    word TEXT COLLATE "C" NOT NULL
);
CREATE TABLE lead_facets (
    facet_key BIGINT NOT NULL,
    shard SMALLINT NOT NULL,
    leads BIGINT NOT NULL
);
CREATE TABLE lead_core_facets (
    core_key BIGINT NOT NULL,
    shard SMALLINT NOT NULL,
    leads BIGINT NOT NULL,
    annual_low_eur BIGINT NOT NULL,
    annual_high_eur BIGINT NOT NULL
);
CREATE TABLE lead_value_facets (
    core_key BIGINT NOT NULL,
    field TEXT COLLATE "C" NOT NULL,
    value TEXT COLLATE "C" NOT NULL,
    shard SMALLINT NOT NULL,
    leads BIGINT NOT NULL
);
"""

_TERMS: Final = """
-- Under which words a lead is kept: those of its name, and its city and lists, which begin with a sign that no
-- word has.
create function lead_terms(search_text text, city text, lists integer[]) returns text[]
language sql immutable parallel safe
return lead_tokens(search_text) || array(select chr(1) || 'l' || list from unnest(lists) as list)
    || case when city is null then '{}'::text[] else array[chr(1) || 'c' || city] end;
"""

_VIEW: Final = f"""
-- What the row of each lead has to be.
create view leads_expected as
select e.*, {KEY_CALL} as facet_key from (
    select c.id, c.domain, c.canonical_name, c.provider, c.tenant_size, c.size_source, c.seat_count, s.local_provider,
        s.spf, s.dkim, s.dmarc_policy, s.expires_at, s.scan_status,
        l.readiness_score::smallint as readiness_score, l.segment, l.priority_score::smallint as priority_score,
        l.priority_category, s.gateway, s.m365_state,
        coalesce(nullif(c.d365_sync_status, 'pending'), 'not_synced')::varchar(50) as d365_sync_status,
        array(
            select distinct referral_type::text from partner_center_referrals
            where domain = c.domain and referral_type is not null order by 1
        ) as referral_types,
        array(select t.tag::text from tags t where t.domain = c.domain order by t.tag) as tags,
        array_remove(array[
            case when c.is_own_customer then 'own_customer' end,
            case when c.is_do_not_contact then 'do_not_contact' end,
            case when c.is_demo then 'demo' end
        ], null) as marks,
        c.city,
        -- As many as the rows of the indexes bear; nobody has so many.
        array(
            select list_id::integer from company_lists where domain = c.domain order by list_id desc limit 200
        ) as lists,
        l.annual_low_eur, l.annual_high_eur,
        greatest(
            (select max(changed_at) from provider_change_history where domain = c.domain),
            (select max(changed_at) from signal_change_history where domain = c.domain),
            (select max(changed_at) from score_change_history where domain = c.domain)
        ) as last_changed_at
    from companies c
    left join domain_signals s on s.domain = c.domain
    left join lead_scores l on l.domain = c.domain
) e;
"""

_ROWS: Final = (
    "id, domain, canonical_name, provider, tenant_size, size_source, seat_count, local_provider, spf, dkim, "
    "dmarc_policy, expires_at, scan_status, readiness_score, segment, priority_score, priority_category, gateway, "
    "m365_state, d365_sync_status, referral_types, tags, marks, city, lists, annual_low_eur, annual_high_eur, "
    "last_changed_at, facet_key"
)
_FILL: Final = f"""
insert into leads ({_ROWS}) select {_ROWS} from leads_expected order by domain;
insert into lead_scans (id, domain, scanned_at, facet_key, prio_rank, expires_at, last_changed_at)
select l.id, l.domain, s.scanned_at, l.facet_key, l.prio_rank, l.expires_at, l.last_changed_at
from leads l left join domain_signals s on s.domain = l.domain order by l.domain;
"""

_INDEXES: Final = """
ALTER TABLE leads
    ADD CONSTRAINT pk_leads PRIMARY KEY (id) INCLUDE (city, lists),
    ADD CONSTRAINT fk_leads_id_companies FOREIGN KEY(id) REFERENCES companies (id) ON DELETE CASCADE,
    ADD CONSTRAINT fk_leads_domain_companies FOREIGN KEY(domain) REFERENCES companies (domain) ON DELETE CASCADE;
CREATE UNIQUE INDEX uq_leads_domain ON leads (domain) INCLUDE (facet_key);
CREATE INDEX ix_leads_facet_key_domain ON leads (facet_key, domain)
    INCLUDE (id, expires_at, last_changed_at, city, lists, search_text);
CREATE INDEX ix_leads_prio_rank_domain ON leads (prio_rank, domain)
    INCLUDE (facet_key, expires_at, last_changed_at, city, lists, search_text);
CREATE INDEX ix_leads_readiness_score_domain ON leads (readiness_score, domain) INCLUDE (facet_key);
CREATE INDEX ix_leads_name_key_domain ON leads (name_key, domain) INCLUDE (facet_key, expires_at, last_changed_at);
CREATE INDEX ix_leads_expires_at ON leads (expires_at, domain) INCLUDE (facet_key, last_changed_at);
CREATE INDEX ix_leads_last_changed_at ON leads (last_changed_at, domain) INCLUDE (facet_key, expires_at);
CREATE INDEX ix_leads_city_prio_rank_domain ON leads (city, prio_rank, domain)
    INCLUDE (facet_key, expires_at, last_changed_at) WHERE city IS NOT NULL;
CREATE INDEX ix_leads_lists ON leads USING gin (lists);
CREATE INDEX ix_leads_search_text ON leads USING gin (search_text gin_trgm_ops);
CREATE INDEX ix_leads_grams ON leads USING gin (lead_grams(search_text));
-- Nothing is planned by their statistics, which would work out the n-grams of every row in the sample.
ALTER INDEX ix_leads_grams ALTER COLUMN 1 SET STATISTICS 0;
-- Searches read what such an index has not yet sorted in: keep that short.
ALTER INDEX ix_leads_search_text SET (gin_pending_list_limit = 512);
ALTER INDEX ix_leads_lists SET (gin_pending_list_limit = 512);
ALTER TABLE leads ALTER COLUMN search_text SET STATISTICS 300;
ALTER TABLE lead_scans
    ADD CONSTRAINT pk_lead_scans PRIMARY KEY (id) INCLUDE (scanned_at),
    ADD CONSTRAINT fk_lead_scans_id_companies FOREIGN KEY(id) REFERENCES companies (id) ON DELETE CASCADE;
CREATE INDEX ix_lead_scans_scanned_at_domain ON lead_scans (scanned_at, domain)
    INCLUDE (facet_key, expires_at, last_changed_at);
CREATE INDEX ix_lead_scans_prio_rank_domain ON lead_scans (prio_rank, domain)
    INCLUDE (scanned_at, facet_key, expires_at, last_changed_at);
"""

_CONSTRAINTS: Final = """
ALTER TABLE lead_facets ADD CONSTRAINT pk_lead_facets PRIMARY KEY (facet_key, shard);
ALTER TABLE lead_core_facets ADD CONSTRAINT pk_lead_core_facets PRIMARY KEY (core_key, shard);
ALTER TABLE lead_value_facets ADD CONSTRAINT pk_lead_value_facets PRIMARY KEY (core_key, field, value, shard);
ALTER TABLE lead_words ADD CONSTRAINT pk_lead_words PRIMARY KEY (word, prio_rank, domain) INCLUDE (facet_key, id);
CREATE INDEX ix_search_words_word ON search_words (word);
CREATE INDEX ix_search_words_trigrams ON search_words USING gin (word gin_trgm_ops);
-- The counts change with every batch: room for their new versions on the same page.
ALTER TABLE lead_facets SET (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.1);
ALTER TABLE lead_core_facets SET (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.1);
ALTER TABLE lead_value_facets SET (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.1);
"""

_WORDS: Final = """
insert into lead_words select word, prio_rank, domain, facet_key, id
from leads, unnest(lead_terms(search_text, city, lists)) as word order by 1, 2, 3;
insert into search_words select distinct word from lead_words where word >= ' ' order by 1;
"""

_KEEP_WORDS: Final = """
-- Rows of a lead are written by those alone who hold its company. A word that two writers bring at once stands twice
-- in `search_words`, which is read distinct: a constraint would make one wait for the other. A row that is there
-- against expectation is put right, so that no fault here keeps a scan from being stored.
create function lead_words_keep() returns trigger
language plpgsql volatile as $$
begin
    if tg_op = 'UPDATE' then
        delete from lead_words w using (
            select unnest(lead_terms(o.search_text, o.city, o.lists)) as word, o.prio_rank, o.domain
            from old_rows o left join new_rows n using (id)
            where (o.search_text, o.city, o.lists, o.prio_rank, o.facet_key)
                is distinct from (n.search_text, n.city, n.lists, n.prio_rank, n.facet_key)
        ) g where w.word = g.word and w.prio_rank = g.prio_rank and w.domain = g.domain;
    elsif tg_op = 'DELETE' then
        delete from lead_words w using (
            select unnest(lead_terms(o.search_text, o.city, o.lists)) as word, o.prio_rank, o.domain from old_rows o
        ) g where w.word = g.word and w.prio_rank = g.prio_rank and w.domain = g.domain;
        return null;
    end if;
    if tg_op = 'UPDATE' then
        with added as (
            insert into lead_words select t.word, n.prio_rank, n.domain, n.facet_key, n.id
            from new_rows n left join old_rows o using (id),
                unnest(lead_terms(n.search_text, n.city, n.lists)) as t(word)
            where (o.search_text, o.city, o.lists, o.prio_rank, o.facet_key)
                is distinct from (n.search_text, n.city, n.lists, n.prio_rank, n.facet_key)
            order by 1, 2, 3
            on conflict (word, prio_rank, domain) do update set facet_key = excluded.facet_key, id = excluded.id
            returning word
        )
        insert into search_words select distinct word from added a
        where word >= ' ' and not exists (select from search_words s where s.word = a.word);
    else
        with added as (
            insert into lead_words select t.word, n.prio_rank, n.domain, n.facet_key, n.id
            from new_rows n, unnest(lead_terms(n.search_text, n.city, n.lists)) as t(word) order by 1, 2, 3
            on conflict (word, prio_rank, domain) do update set facet_key = excluded.facet_key, id = excluded.id
            returning word
        )
        insert into search_words select distinct word from added a
        where word >= ' ' and not exists (select from search_words s where s.word = a.word);
    end if;
    return null;
end $$;
"""

_TRIGGERS: Final = "".join(
    f"""
create trigger {name}_inserted after insert on leads referencing new table as new_rows
for each statement execute function {function}();
create trigger {name}_updated after update on leads referencing old table as old_rows new table as new_rows
for each statement execute function {function}();
create trigger {name}_deleted after delete on leads referencing old table as old_rows
for each statement execute function {function}();
"""
    for name, function in (("lead_words", "lead_words_keep"), ("leads", "lead_facets_count"))
)
_STEPS: Final = (
    ("the old lead index goes", _TAKE_AWAY),
    ("tables, and the function of the facet key", _TABLES + _TERMS + key_function() + _VIEW),
    ("the rows of all leads, out of the contract tables", _FILL),
    ("their indexes", _INDEXES),
    ("their counts", count_anew()),
    ("the words of their names", _WORDS),
    ("indexes of counts and words", _CONSTRAINTS),
    ("triggers", count_function() + _KEEP_WORDS + _TRIGGERS),
    ("statistics", statistics("leads") + statistics("lead_scans")),
)


def upgrade() -> None:
    """Make and fill it."""
    run = op.get_bind().exec_driver_sql
    run("set local maintenance_work_mem = '256MB'; set local work_mem = '64MB'")
    leads = run("select count(*) from leads").scalar_one()
    for told, statements in _STEPS:
        if leads:
            say(f"{revision}, {leads:,} leads: {told}")
        run(statements)
    # What comes next is planned by what is there now.
    run("analyze leads, lead_scans, lead_facets, lead_core_facets, lead_value_facets, lead_words, search_words")


def downgrade() -> None:
    """Go back to the index of the release before, filled by its own step."""
    op.get_bind().exec_driver_sql(
        """
        drop view leads_ready;
        drop view leads_expected;
        drop table lead_scans;
        drop table leads;
        drop table lead_facets;
        drop table lead_core_facets;
        drop table lead_value_facets;
        drop table lead_words;
        drop table search_words;
        drop function lead_words_keep;
        drop function lead_facets_count;
        drop function lead_facets_shard;
        drop function lead_key;
        drop function lead_terms;
        """
    )
    m0004_leads.upgrade()
