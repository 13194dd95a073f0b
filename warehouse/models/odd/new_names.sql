-- One row per kind of names (branch, industry, channel): the last month in which most answers are of names that begin,
-- where most of those of the month before are of names that end.
--
-- Reads: marts.fct_nps, marts.dim_branch.
with of_lists as (
    from marts.dim_branch
    where is_known
),

named as (
    select
        'branch' as kind,
        branch as name,
        month,
        responses
    from marts.fct_nps
    anti join of_lists using (branch)
    union all
    select
        'industry' as kind,
        industry as name,
        month,
        responses
    from marts.fct_nps
    union all
    select
        'channel' as kind,
        channel as name,
        month,
        responses
    from marts.fct_nps
),

answers as (
    select
        kind,
        name,
        month,
        sum(responses)::bigint as answers,
        min(month) over (partition by kind, name) as first_month,
        max(month) over (partition by kind, name) as last_month
    from named
    where name <> 'unknown'
    group by kind, name, month
),

months as (
    select
        kind,
        month,
        sum(answers)::bigint as answers,
        coalesce(sum(answers) filter (first_month = month), 0)::bigint as begun,
        coalesce(sum(answers) filter (last_month = month), 0)::bigint as ended,
        list(name order by name) filter (first_month = month) as new,
        list(name order by name) filter (last_month = month) as old
    from answers
    group by kind, month
),

pairs as (
    select
        *,
        lag(answers) over earlier as last_answers,
        lag(ended) over earlier as last_ended,
        lag(old) over earlier as last_old
    from months
    window earlier as (partition by kind order by month)
)

select
    kind,
    month,
    begun,
    answers,
    new,
    last_old
from pairs
where least(answers, last_answers) >= 20 and begun * 2 >= answers and last_ended * 2 >= last_answers
qualify row_number() over (partition by kind order by month desc) = 1
order by kind;
