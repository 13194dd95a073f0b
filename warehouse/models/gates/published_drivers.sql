-- In how many periods and dimensions the effects of all members add up to the change of the overall score: in all.
insert into published_sums
with added as (
    select
        period_grain,
        period_start,
        dimension,
        sum(effect) as effect
    from nps.marts.nps_change_drivers
    group by period_grain, period_start, dimension
),

compared as (
    select coalesce(abs(a.effect - o.change) <= 1e-9, false) as is_same
    from added as a
    left join nps.marts.nps_overall as o on a.period_grain = o.period_grain and a.period_start = o.period_start
)

select
    'nps_change_drivers add up to the change of nps_overall: periods and dimensions' as name,
    count(*) as expected,
    count(*) filter (where is_same) as found,
    count(*) filter (where is_same) - count(*) as difference
from compared;
