-- One row per month just built and source: what the gate of responses looks at. `match_rate` is that of the month.
--
-- Reads: staged (the answers that the build was made from), responses, superseded (the build, which does not count
-- yet), built_months (month). The checksum of a set of rows is the sum of their hashes: two sets that have the same one
-- hold the same rows, each as often.
create or replace table month_counts as
with answered as (
    select
        month,
        source,
        count(*) as answers,
        sum(hash(source, file_digest, source_row)) as checksum
    from staged
    where month in (select month from built_months)
    group by month, source
),

responded as (
    select
        month,
        source,
        count(*) as responses,
        sum(hash(source, file_digest, source_row)) as checksum,
        count(*) filter (where branch = 'unknown') as unmatched,
        count(*) filter (where score not between 0 and 10) as out_of_range,
        count(*) filter (
            where category <> case when score >= 9 then 'promoter' when score >= 7 then 'passive' else 'detractor' end
        ) as wrong_category
    from responses
    group by month, source
),

lost as (
    select
        month,
        source,
        count(*) as superseded,
        sum(hash(source, file_digest, source_row)) as checksum
    from superseded
    group by month, source
),

counted as (
    select
        coalesce(a.month, r.month, l.month) as month,
        coalesce(a.source, r.source, l.source) as source,
        coalesce(a.answers, 0) as answers,
        coalesce(r.responses, 0) as responses,
        coalesce(l.superseded, 0) as superseded,
        (coalesce(a.checksum, 0) <> coalesce(r.checksum, 0) + coalesce(l.checksum, 0))::integer as other_rows,
        coalesce(r.unmatched, 0) as unmatched,
        coalesce(r.out_of_range, 0) as out_of_range,
        coalesce(r.wrong_category, 0) as wrong_category
    from answered as a
    full join responded as r on a.month = r.month and a.source = r.source
    full join lost as l on coalesce(a.month, r.month) = l.month and coalesce(a.source, r.source) = l.source
)

select
    *,
    answers - responses - superseded as missing,
    1 - sum(unmatched) over month_of / nullif(sum(responses) over month_of, 0) as match_rate
from counted
window month_of as (partition by month);
