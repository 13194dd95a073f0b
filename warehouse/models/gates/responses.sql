-- One row per month just built: what the gate of responses looks at.
--
-- Reads: responses, superseded (a build that does not count yet), built_months (month, answers).
create or replace table month_counts as
with responded as (
    select
        month,
        count(*) as responses,
        -- rows of files: two that are alike would be one answer that counts twice
        count(*) - count(distinct hash(file_digest, source, source_row)) as duplicate_ids,
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
)

select
    b.month,
    b.answers,
    coalesce(r.responses, 0) as responses,
    coalesce(l.superseded, 0) as superseded,
    b.answers - coalesce(r.responses, 0) - coalesce(l.superseded, 0) as missing,
    coalesce(r.duplicate_ids, 0) as duplicate_ids,
    r.matched_branch / nullif(r.responses, 0) as match_rate,
    coalesce(r.out_of_range, 0) as out_of_range,
    coalesce(r.wrong_category, 0) as wrong_category
from built_months as b
left join responded as r on b.month = r.month
left join lost as l on b.month = l.month;
