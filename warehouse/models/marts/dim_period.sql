-- One row per period in which anybody answered.
create table nps.marts.dim_period as
select
    period_grain,
    period_start,
    period_end,
    case period_grain
        when 'month' then strftime(period_start, '%Y-%m')
        when 'quarter' then strftime(period_start, '%Y') || '-Q' || quarter(period_start)
        else strftime(period_start, '%Y')
    end as label
from period_fact
group by period_grain, period_start, period_end
order by period_grain, period_start;
