-- Equations about revenue: none is lost between activity and branches, in ten-thousandths, and nothing is forecast by
-- what is not better than the naive forecast.
--
-- Reads: deed_feeds, branch_revenue, nps.marts.growth_forecast.
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
    ) as found;
