-- One row per fact and period that its month belongs to: the month, its quarter and its year.
create or replace temp view period_fact as
with grains as (
    select
        unnest(['month', 'quarter', 'year']) as period_grain,
        unnest([interval 1 month, interval 3 month, interval 1 year]) as length
)

select
    g.period_grain,
    date_trunc(g.period_grain, f.month)::date as period_start,
    (date_trunc(g.period_grain, f.month) + g.length - interval 1 day)::date as period_end,
    f.metric,
    $dimensions,
    f.responses,
    f.promoters,
    f.passives,
    f.detractors,
    f.nonstandard_responses
from facts as f
cross join grains as g;
