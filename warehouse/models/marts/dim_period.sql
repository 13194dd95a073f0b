-- One row per period in which anybody answered: months, quarters, years and, of clients, rolling windows.
--
-- Reads: periods, period_names (what they are called in a language, where one is asked for).
create table nps.marts.dim_period as
with answered as (
    select
        period_grain,
        period_start,
        period_end,
        case period_grain
            when 'month' then strftime(period_start, '%Y-%m')
            when 'quarter' then strftime(period_start, '%Y') || '-Q' || quarter(period_start)
            when 'year' then strftime(period_start, '%Y')
            else strftime(period_start, '%Y-%m') || ' to ' || strftime(period_end, '%Y-%m')
        end as sortable
    from periods
    group by period_grain, period_start, period_end
)

select
    period_grain,
    period_start,
    period_end,
    coalesce(name, sortable) as label
from answered
left join period_names using (period_grain, period_start)
order by period_grain, period_start;
