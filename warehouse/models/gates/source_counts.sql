-- One row per source of the months just built: whose answers a rule of the gate of responses is about. Made only when
-- one fails.
--
-- Reads: staged, responses, superseded and month_counts, which `gates/responses` made; has its columns.
create or replace table source_counts as
with answered as (
    select
        source,
        count(*) as answers,
        sum(hash(source, file_digest, source_row)) as checksum
    from staged
    where month in (select month from month_counts)
    group by source
),

responded as (
    select
        source,
        count(*) as responses,
        sum(hash(source, file_digest, source_row)) as checksum,
        count(*) filter (where branch = 'unknown') as unmatched,
        count(*) filter (where score not between 0 and 10) as out_of_range,
        count(*) filter (
            where category <> case when score >= 9 then 'promoter' when score >= 7 then 'passive' else 'detractor' end
        ) as wrong_category
    from responses
    group by source
),

lost as (
    select
        source,
        count(*) as superseded,
        sum(hash(source, file_digest, source_row)) as checksum
    from superseded
    group by source
)

select
    a.source,
    abs(a.answers - coalesce(r.responses, 0) - coalesce(l.superseded, 0)) as missing,
    (a.checksum <> coalesce(r.checksum, 0) + coalesce(l.checksum, 0))::integer as other_rows,
    coalesce(r.unmatched, 0) as unmatched,
    coalesce(r.out_of_range, 0) as out_of_range,
    coalesce(r.wrong_category, 0) as wrong_category
from answered as a
left join responded as r on a.source = r.source
left join lost as l on a.source = l.source;
