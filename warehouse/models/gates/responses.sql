-- One row per month just built: what the gate of responses looks at.
--
-- Reads: staged (the answers that the build was made from), responses, superseded (the build, which does not count
-- yet), built_months (month, answers). The checksum of a set of rows is the sum of their hashes: two sets that have the
-- same one hold the same rows, each as often.
create or replace table month_counts as
with answered as (
    select
        month,
        sum(hash(source, file_digest, source_row)) as checksum
    from staged
    where month in (select month from built_months)
    group by month
),

responded as (
    select
        month,
        count(*) as responses,
        sum(hash(source, file_digest, source_row)) as checksum,
        count(*) filter (where branch <> 'unknown') as matched_branch,
        count(*) filter (where branch = 'unknown') as unmatched,
        count(*) filter (where score not between 0 and 10) as out_of_range,
        count(*) filter (
            where category <> case when score >= 9 then 'promoter' when score >= 7 then 'passive' else 'detractor' end
        ) as wrong_category
    from responses
    group by month
),

lost as (
    select
        month,
        count(*) as superseded,
        sum(hash(source, file_digest, source_row)) as checksum
    from superseded
    group by month
)

select
    b.month,
    b.answers,
    coalesce(r.responses, 0) as responses,
    coalesce(l.superseded, 0) as superseded,
    b.answers - coalesce(r.responses, 0) - coalesce(l.superseded, 0) as missing,
    (coalesce(a.checksum, 0) <> coalesce(r.checksum, 0) + coalesce(l.checksum, 0))::integer as other_rows,
    r.matched_branch / nullif(r.responses, 0) as match_rate,
    coalesce(r.unmatched, 0) as unmatched,
    coalesce(r.out_of_range, 0) as out_of_range,
    coalesce(r.wrong_category, 0) as wrong_category
from built_months as b
left join answered as a on b.month = a.month
left join responded as r on b.month = r.month
left join lost as l on b.month = l.month;
