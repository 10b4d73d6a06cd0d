"""The functions that search and lists rest on: folding, order, and the rollup's cell."""

from typing import Final

from alembic import op

revision: Final = "m0003_functions"
down_revision: Final = "m0002_access_and_jobs"
branch_labels: Final = None
depends_on: Final = None

# The tables of `storage/folding.py`, as they are from this step on.
_FOLDED_FROM: Final = (
    "ABCDEFGHIJKLMNOPQRSTUVWXYZÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÐÑÒÓÔÕÖØÙÚÛÜÝÞßàáâãäåæçèéêëìíîïðñòóôõöøùúûüýþÿĀāĂăĄąĆćĈĉĊċ"
    "ČčĎďĐđĒēĔĕĖėĘęĚěĜĝĞğĠġĢģĤĥĨĩĪīĬĭĮįİıĴĵĶķĹĺĻļĽľŁłŃńŅņŇňŌōŎŏŐőŒœŔŕŖŗŘřŚśŜŝŞşŠšŢţŤťŨũŪūŬŭŮůŰűŲųŴŵŶŷŸŹźŻ"
    "żŽž"
)
_FOLDED_TO: Final = (
    "abcdefghijklmnopqrstuvwxyzaaaaaaaceeeeiiiidnoooooouuuuytsaaaaaaaceeeeiiiidnoooooouuuuytyaaaaaacccccc"
    "ccddddeeeeeeeeeegggggggghhiiiiiiiiiijjkkllllllllnnnnnnoooooooorrrrrrssssssssttttuuuuuuuuuuuuwwyyyzzz"
    "zzz"
)
_ACCENTS: Final = "\u0300\u0301\u0302\u0303\u0304\u0306\u0307\u0308\u030a\u030b\u030c\u0323\u0327\u0328"
_SORTED_FROM: Final = (
    "ABCDEFGHIJKLMNOPQRSTUVWXYZÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÐÑÒÓÔÕÖØÙÚÛÜÝÞßàáâãäåæèéêëìíîïðñòóôõøùúûýþÿĀāĂăĄąĆćĈĉĊċČčĎ"
    "ďĐđĒēĔĕĖėĘęĚěĜĝĞĠġĢģĤĥĨĩĪīĬĭĮįİĴĵĶķĹĺĻļĽľŁłŃńŅņŇňŌōŎŏŐőŒœŔŕŖŗŘřŚśŜŝŞŠšŢţŤťŨũŪūŬŭŮůŰűŲųŴŵŶŷŸŹźŻżŽž"
)
_SORTED_TO: Final = (
    "abcdefghıjklmnopqrstuvwxyzaaaaaaaçeeeeiiiidnooooöouuuüytsaaaaaaaeeeeiiiidnooooouuuytyaaaaaaccccccccd"
    "dddeeeeeeeeeeggğgggghhiiiiiiiiijjkkllllllllnnnnnnoooooooorrrrrrssssşssttttuuuuuuuuuuuuwwyyyzzzzzz"
)

_TEXTS: Final = f"""
create extension if not exists pg_trgm;

create function turkish_fold(value text) returns text
language sql immutable strict parallel safe
return translate(value, '{_FOLDED_FROM}{_ACCENTS}', '{_FOLDED_TO}');

create function turkish_sort_key(value text) returns text
language sql immutable strict parallel safe
return replace(replace(replace(replace(replace(replace(replace(
    translate(value, '{_SORTED_FROM}~{_ACCENTS}', '{_SORTED_TO} '),
    'i', 'i~'), 'ı', 'i'), 'ç', 'c~'), 'ğ', 'g~'), 'ö', 'o~'), 'ş', 's~'), 'ü', 'u~');
"""

# 31 bits, from the highest: tenant size 2, referrals 3, D365 3, Microsoft 365 3, play 3, score 7, priority 3,
# provider 4, segment 3. The highest number of a field is a word that is in no list.
_CELLS: Final = """
create function lead_rank(priority integer, score integer) returns smallint
language sql immutable parallel safe
return case when score is null then 1253 else coalesce(priority, 8) * 128 + 100 - score end::smallint;

create function lead_cell(
    segment text, provider text, priority integer, score integer, category text, m365 text,
    d365 text, referral_types text[], tenant_size text
) returns integer
language sql immutable parallel safe
return
    -- Shifts and ors bind alike, hence the brackets.
    (case tenant_size when 'small' then 1 when 'medium' then 2 when 'large' then 3 else 0 end << 29)
    | case when 'co-sell' = any(referral_types) then 1 << 26 else 0 end
    | case when 'marketplace' = any(referral_types) then 1 << 27 else 0 end
    | case when 'solution-provider' = any(referral_types) then 1 << 28 else 0 end
    | (case d365 when 'not_synced' then 0 when 'queued' then 1 when 'in_progress' then 2 when 'synced' then 3
        when 'error' then 4 else 7 end << 23)
    | (case m365 when 'yes' then 1 when 'likely' then 2 when 'no' then 3 when 'unknown' then 4 else 0 end << 20)
    | (case category when 'P1' then 1 when 'P2' then 2 when 'P3' then 3 when 'P4' then 4 when 'P5' then 5
        when 'P6' then 6 else 0 end << 17)
    | (coalesce(score + 1, 0) << 10)
    | (coalesce(priority, 0) << 7)
    | (case when provider is null then 0 else case provider when 'M365' then 1 when 'Google' then 2
        when 'Yandex' then 3 when 'Zoho' then 4 when 'Amazon' then 5 when 'SendGrid' then 6 when 'Mailgun' then 7
        when 'Hosting' then 8 when 'Local' then 9 when 'Unknown' then 10 else 15 end end << 3)
    | case when segment is null then 0 else case segment when 'Migration' then 1 when 'Existing' then 2
        when 'Cold' then 3 when 'Skip' then 4 else 7 end end;
"""


# Both read a search text: the domain, a space, and the words of name and provider.
_WORDS: Final = """
create function lead_tokens(search_text text) returns text[]
language sql immutable strict parallel safe
return array(
    select distinct word from unnest((string_to_array(search_text, ' '))[2:]) as word where length(word) > 2
);

-- The pieces of a domain, of three to five letters, in which a search for something that the domain has and no
-- word beside it finds one. From each letter on, the shortest text that no word beside has ends with its piece;
-- whatever begins there and is in no word has that text in it.
create function lead_grams(search_text text) returns text[]
language plpgsql immutable strict parallel safe as $$
declare
    domain constant text := split_part(search_text, ' ', 1);
    beside constant text := substr(search_text, length(domain) + 2);
    size constant integer := length(domain);
    grams text[] := '{}';
    letters integer;
    until integer;
begin
    foreach letters in array array[3, 4, 5] loop
        for start in 1..size - letters + 1 loop
            until := start + letters - 1;
            while until <= size and strpos(beside, substr(domain, start, until - start + 1)) > 0 loop
                until := until + 1;
            end loop;
            -- What stands beside up to the end of the domain does so from each later letter on.
            exit when until > size;
            grams := grams || substr(domain, until - letters + 1, letters);
        end loop;
    end loop;
    return grams;
end $$;
"""


def upgrade() -> None:
    """Make them."""
    for statements in (_TEXTS, _CELLS, _WORDS):
        op.get_bind().exec_driver_sql(statements)


def downgrade() -> None:
    """Take them away."""
    op.get_bind().exec_driver_sql(
        """
        drop function lead_grams;
        drop function lead_tokens;
        drop function lead_cell;
        drop function lead_rank;
        drop function turkish_sort_key;
        drop function turkish_fold;
        drop extension pg_trgm;
        """
    )
