-- One row per branch that ended after half a year of answers or more, when one other began that has about as many.
--
-- Of branches that no list has, and that began in the last half year; where most of all end at once it is `new_names`.
--
-- Reads: marts.fct_nps, marts.dim_branch.
with of_lists as (
    from marts.dim_branch
    where is_known
),

answers as (
    select
        branch,
        month,
        sum(responses)::bigint as answers
    from marts.fct_nps
    anti join of_lists using (branch)
    where branch <> 'unknown'
    group by branch, month
),

every_month as (
    select
        max(month) as last_month,
        sum(answers) / count(distinct month) as answers
    from answers
),

lives as (
    select
        branch,
        min(month) as first_month,
        max(month) as last_month,
        count(*) as months,
        sum(answers) / count(*) as answers
    from answers
    group by branch
    having count(*) = datediff('month', min(month), max(month)) + 1
),

-- In the month of the change both may have some; the month of now may bring more.
pairs as (
    select
        old.branch as old,
        new.branch as new,
        old.last_month,
        new.first_month,
        old.answers as answers_before,
        new.answers as answers_since,
        old.months
    from lives as old
    inner join lives as new on datediff('month', old.last_month, new.first_month) between 0 and 1
    cross join every_month as all_of
    where
        old.branch <> new.branch
        and old.last_month + interval 2 month <= all_of.last_month
        and new.last_month = all_of.last_month
        and new.first_month + interval 6 month > all_of.last_month
        and old.answers * 2 < all_of.answers
)

select
    first_month,
    old,
    new,
    round(answers_before)::bigint as answers_before,
    round(answers_since)::bigint as answers_since
from pairs
qualify
    count(*) over (partition by old) = 1
    and count(*) over (partition by new) = 1
    and months >= 6
    and least(answers_before, answers_since) >= 10
    and least(answers_before, answers_since) * 2 >= greatest(answers_before, answers_since)
order by first_month, old;
