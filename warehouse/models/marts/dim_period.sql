-- One row per period in which anybody answered: months, quarters, years and, of clients, rolling windows.
create table nps.marts.dim_period as
select
    period_grain,
    period_start,
    period_end,
    case period_grain
        when 'month' then strftime(period_start, '%Y-%m')
        when 'quarter' then strftime(period_start, '%Y') || '-Q' || quarter(period_start)
        when 'year' then strftime(period_start, '%Y')
        else strftime(period_start, '%Y-%m') || ' to ' || strftime(period_end, '%Y-%m')
    end as label
from periods
group by period_grain, period_start, period_end
order by period_grain, period_start;
