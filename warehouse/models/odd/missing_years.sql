-- One row, or none: the longest gap of five years or more between months of answers, and how many stand on either side.
--
-- Reads: marts.fct_nps.
with months as (
    select
        month,
        sum(responses)::bigint as answers
    from marts.fct_nps
    group by month
),

gaps as (
    select
        month,
        lag(month) over (order by month) as month_before,
        coalesce(sum(answers) over (order by month rows between unbounded preceding and 1 preceding), 0) as before,
        sum(answers) over (order by month rows between current row and unbounded following) as after
    from months
)

select
    month_before,
    month,
    before::bigint,
    after::bigint
from gaps
where datediff('month', month_before, month) >= 60
order by datediff('month', month_before, month) desc, month
limit 1;
