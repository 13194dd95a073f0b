-- One row per day of the years in which anybody answered, without gaps.
create table nps.marts.dim_date as
with days as (
    select unnest(generate_series(min(period_start), max(period_end), interval 1 day))::date as day
    from periods
    where period_grain = 'year'
)

select
    day,
    date_trunc('month', day)::date as month,
    date_trunc('quarter', day)::date as quarter,
    date_trunc('year', day)::date as year,
    strftime(day, '%Y-%m') as month_label,
    strftime(day, '%Y') || '-Q' || quarter(day) as quarter_label,
    strftime(day, '%Y') as year_label,
    isodow(day) as weekday
from days
order by day;
