-- One row per month in which groups of employees have more answers together than all employees have.
--
-- Reads: marts.fct_enps, marts.enps_overall.
with shown as (
    select
        month,
        sum(responses)::bigint as answers,
        list(distinct survey order by survey) as surveys
    from marts.fct_enps
    group by month
)

select
    shown.month,
    shown.answers,
    company.responses::bigint as responses,
    shown.surveys
from shown
inner join marts.enps_overall as company on shown.month = company.period_start and company.period_grain = 'month'
where shown.answers > company.responses
order by shown.month;
