-- Further rows of meta.reconciliation: that no revenue is lost between activity and branches, in ten-thousandths, and
-- that nothing is forecast by what is not better than the naive forecast.
--
-- Reads: deed_feeds, branch_revenue, nps.marts.growth_forecast.
insert into nps.meta.reconciliation
with equations as (
    select
        'amounts of activity = revenue of branches, and of accounts of no known branch' as name,
        (select 10000 * sum(paid) from deed_feeds) as expected,
        (select 10000 * sum(revenue) from branch_revenue) as found
    union all
    select
        'rows of growth_forecast = those that beat the naive forecast' as name,
        (select count(*) from nps.marts.growth_forecast) as expected,
        (
            select count(*) from nps.marts.growth_forecast
            where backtest_mae < naive_mae
        ) as found
)

select
    name,
    coalesce(expected, 0)::bigint as expected,
    coalesce(found, 0)::bigint as found,
    (coalesce(found, 0) - coalesce(expected, 0))::bigint as difference
from equations;
