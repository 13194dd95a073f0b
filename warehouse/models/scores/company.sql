-- One row more in `frozen` per month, quarter and year of all employees: the answers that may be shown of it.
--
-- Reads: company (period_grain, period_start and counts), periods.
insert into frozen by name
with spans as (
    select distinct
        period_grain,
        period_start,
        period_end,
        is_complete
    from periods
    where metric = 'enps'
)

select
    'enps_overall' as mart,
    '' as member,
    '' as second,
    c.period_grain,
    c.period_start,
    s.period_end,
    s.is_complete,
    c.responses,
    c.promoters,
    c.passives,
    c.detractors,
    c.nonstandard_responses,
    c.promoters - c.detractors as standard_balance
from company as c
inner join spans as s on c.period_grain = s.period_grain and c.period_start = s.period_start;
