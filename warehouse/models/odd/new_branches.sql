-- One row, or none: the last month in which most answers are of branches that begin, where most of those of the month
-- before are of branches that end.
--
-- Reads: marts.fct_nps, marts.dim_branch.
with of_no_list as (
    from marts.dim_branch
    where not is_known
),

answers as (
    select
        branch,
        month,
        sum(responses)::bigint as answers,
        min(month) over (partition by branch) as first_month,
        max(month) over (partition by branch) as last_month
    from marts.fct_nps
    semi join of_no_list using (branch)
    where branch <> 'unknown'
    group by branch, month
),

months as (
    select
        month,
        sum(answers)::bigint as answers,
        coalesce(sum(answers) filter (first_month = month), 0)::bigint as begun,
        coalesce(sum(answers) filter (last_month = month), 0)::bigint as ended,
        list(branch order by branch) filter (first_month = month) as new,
        list(branch order by branch) filter (last_month = month) as old
    from answers
    group by month
),

pairs as (
    select
        *,
        lag(answers) over earlier as last_answers,
        lag(ended) over earlier as last_ended,
        lag(old) over earlier as last_old
    from months
    window earlier as (order by month)
)

select
    month,
    begun,
    answers,
    new,
    last_old
from pairs
where least(answers, last_answers) >= 20 and begun * 2 >= answers and last_ended * 2 >= last_answers
order by month desc
limit 1;
