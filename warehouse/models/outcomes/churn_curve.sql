-- One row per category and day after the first answer on which a client cancelled, or was seen for the last time: which
-- share has not cancelled until then.
--
-- Reads: spans (one row per client: category, days, is_event).
create table nps.marts.churn_curve as
with days as (
    select
        category,
        days as day,
        count_if(is_event) as events,
        count_if(not is_event) as censored
    from spans
    group by category, days
    union all
    select
        category,
        0 as day,
        0 as events,
        0 as censored
    from spans
    group by category
),

at_risk as (
    select
        *,
        sum(events + censored) over (partition by category order by day desc)::bigint as at_risk
    from days
),

survived as (
    select
        *,
        product(1 - events / at_risk) over until_day as survival,
        sum(events / nullif(at_risk * (at_risk - events), 0)) over until_day as log_variance
    from at_risk
    window until_day as (partition by category order by day)
)

select
    category,
    day,
    at_risk,
    events,
    censored,
    survival,
    survival_end(survival, log_variance, -1) as survival_low,
    survival_end(survival, log_variance, 1) as survival_high,
    (select p.published_at from publication as p) as as_of
from survived
order by category, day;
