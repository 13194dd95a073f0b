-- One row per month just built: what the gate of responses looks at.
--
-- Reads: responses, superseded (a build that does not count yet), built_months (month, answers, responses, superseded).
create or replace table month_counts as
with responded as (
    select
        month,
        count(*) as responses,
        count(*) filter (where branch <> 'unknown') as matched_branch,
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
        count(*) as superseded
    from superseded
    group by month
),

-- the same row of the same file, twice
repeated as (
    select
        month,
        count(*) as duplicate_rows
    from (
        select month from responses
        group by month, hash(file_digest, source, source_row)
        having count(*) > 1
    )
    group by month
)

select
    b.month,
    b.answers,
    coalesce(r.responses, 0) as responses,
    coalesce(l.superseded, 0) as superseded,
    b.answers - coalesce(r.responses, 0) - coalesce(l.superseded, 0) as missing,
    coalesce(d.duplicate_rows, 0) as duplicate_rows,
    coalesce(r.matched_branch / nullif(r.responses, 0), 1) as match_rate,
    coalesce(r.out_of_range, 0) as out_of_range,
    coalesce(r.wrong_category, 0) as wrong_category
from built_months as b
left join responded as r on b.month = r.month
left join lost as l on b.month = l.month
left join repeated as d on b.month = d.month;
