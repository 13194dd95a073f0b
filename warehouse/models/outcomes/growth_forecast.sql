-- One row per branch and model: how much more revenue than a year before the quarter to come may bring, by models that
-- were right more often than the naive one in quarters which they had not seen. No row where none was.
--
-- Reads: growth_panel, growth_models.
create table nps.marts.growth_forecast as
with naive as (
    select backtest_mae as naive_mae
    from growth_models
    where model = 'naive'
),

without_nps as (
    select backtest_mae as mae
    from growth_models
    where model = 'growth'
),

better as (
    select
        m.*,
        n.naive_mae,
        case when m.model = 'growth + nps' then m.backtest_mae < w.mae end as beats_without_nps
    from growth_models as m
    cross join naive as n
    left join without_nps as w on true
    where m.model <> 'naive' and m.backtest_mae < n.naive_mae and m.folds >= 3 and m.observations >= 12
),

told as (
    select
        p.branch,
        p.period_start,
        p.growth_before,
        p.nps,
        b.*,
        b.constant + b.of_growth * p.growth_before + b.of_nps * p.nps as forecast
    from growth_panel as p
    cross join better as b
    where p.growth is null
)

select
    branch,
    'quarter' as period_grain,
    period_start,
    (period_start + interval 3 months - interval 1 day)::date as period_end,
    model,
    forecast,
    forecast - z_of_95() * backtest_rmse as low,
    forecast + z_of_95() * backtest_rmse as high,
    growth_before,
    nps as nps_before,
    backtest_mae,
    naive_mae,
    true as beats_naive,
    beats_without_nps,
    folds as quarters_tried,
    observations,
    constant,
    of_growth,
    of_nps,
    of_nps_error,
    r_squared,
    'association only' as cause,
    (select p.published_at from publication as p) as as_of
from told
order by branch, model;
