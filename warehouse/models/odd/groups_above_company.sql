-- One row per month in which groups of employees of a table have more answers together than all employees have, if any.
--
-- Reads: marts.$table, which has one row per group and period, marts.enps_overall, marts.enps_suppression.
with shown as (
    select
        period_start as month,
        sum(responses)::bigint as answers
    from marts.$table
    where period_grain = 'month'
    group by period_start
),

named as (
    select
        month,
        list(distinct survey order by survey) as surveys
    from marts.enps_suppression
    group by month
)

select
    shown.month,
    shown.answers,
    company.responses::bigint as responses,
    coalesce(named.surveys, []) as surveys
from shown
left join marts.enps_overall as company on shown.month = company.period_start and company.period_grain = 'month'
left join named on shown.month = named.month
where company.responses is null or shown.answers > company.responses
order by shown.month;
