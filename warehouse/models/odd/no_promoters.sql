-- One row per survey, channel or branch without a promoter where others have many: its largest run of such months, of
-- thirty answers, and by chance in one of a million.
--
-- Reads: marts.fct_nps.
with parts as (
    select
        1 as kind,
        survey as name,
        *
    from marts.fct_nps
    union all by name
    select
        2 as kind,
        channel as name,
        *
    from marts.fct_nps
    union all by name
    select
        3 as kind,
        branch as name,
        *
    from marts.fct_nps
),

answers as (
    select
        kind,
        name,
        month,
        sum(responses)::bigint as answers,
        sum(promoters)::bigint as promoters,
        sum(detractors)::bigint as detractors
    from parts
    where name <> 'unknown'
    group by kind, name, month
),

numbered as (
    select
        *,
        sum((promoters > 0)::int) over (partition by kind, name order by month) as run
    from answers
),

runs as (
    select
        kind,
        name,
        min(month) as first_month,
        max(month) as last_month,
        sum(answers)::bigint as answers,
        sum(detractors)::bigint as detractors
    from numbered
    where promoters = 0
    group by kind, name, run
    having sum(answers) >= 30
),

months as (
    select
        kind,
        month,
        sum(answers) as answers,
        sum(promoters) as promoters
    from answers
    group by kind, month
),

beside as (
    select
        runs.kind,
        runs.name,
        runs.first_month,
        runs.last_month,
        runs.answers,
        runs.detractors,
        sum(months.promoters) / greatest(sum(months.answers) - any_value(runs.answers), 1) as share
    from runs
    inner join months on runs.kind = months.kind and months.month between runs.first_month and runs.last_month
    group by all
)

select
    ['survey', 'channel', 'branch'][kind] as kind,
    name,
    first_month,
    last_month,
    answers,
    detractors,
    share
from beside
where share > 0 and (share >= 1 or answers * ln(1 - share) < ln(1e-6))
qualify
    row_number() over (partition by kind, name order by answers desc, first_month asc) = 1
    and row_number() over (partition by first_month, last_month, answers order by kind) = 1
order by answers desc, kind asc, name asc
limit 5;
