-- One row per dimension, member of it, period of the answer, horizon and category: how many clients bought again and
-- how many cancelled in so many days after they had answered, and by how much that differs from detractors. It says
-- what goes with what.
--
-- Reads: nps.marts.fct_outcome, setting, about.
create table nps.marts.nps_outcomes as
with spread as (
    select
        month,
        category,
        horizon,
        clients,
        complete,
        bought_again,
        at_risk,
        churned,
        unnest(['all', 'branch', 'industry']) as dimension,
        unnest(['all', branch, industry]) as member
    from nps.marts.fct_outcome
),

counted as (
    select
        s.dimension,
        s.member,
        g.period_grain,
        starts_on(g.period_grain, s.month) as period_start,
        ends_on(g.period_grain, g.length, s.month) as period_end,
        s.horizon,
        s.category,
        sum(s.clients)::bigint as clients,
        sum(s.complete)::bigint as complete,
        sum(s.bought_again)::bigint as bought_again,
        sum(s.at_risk)::bigint as at_risk,
        sum(s.churned)::bigint as churned
    from spread as s
    cross join grains() as g
    group by all
),

rated as (
    select
        *,
        share_of(bought_again, complete) as repeated,
        share_of(churned, at_risk) as gone
    from counted
),

detractors as (
    select *
    from rated
    where category = 'detractor'
)

select
    r.dimension,
    r.member,
    r.period_grain,
    r.period_start,
    r.period_end,
    r.horizon,
    r.category,
    r.clients,
    r.complete,
    r.bought_again,
    r.repeated.middle as repeat_rate,
    r.repeated.low as repeat_rate_low,
    r.repeated.high as repeat_rate_high,
    r.repeated.middle - d.repeated.middle as repeat_difference,
    difference_end(r.repeated, d.repeated, -1) as repeat_difference_low,
    difference_end(r.repeated, d.repeated, 1) as repeat_difference_high,
    r.repeated.middle / nullif(d.repeated.middle, 0) as risk_ratio,
    r.at_risk,
    r.churned,
    r.gone.middle as churn_rate,
    r.gone.low as churn_rate_low,
    r.gone.high as churn_rate_high,
    r.gone.middle - d.gone.middle as churn_difference,
    difference_end(r.gone, d.gone, -1) as churn_difference_low,
    difference_end(r.gone, d.gone, 1) as churn_difference_high,
    r.gone.middle / nullif(d.gone.middle, 0) as churn_ratio,
    r.complete < t.low_sample as is_low_sample,
    r.period_end < (select a.today from about as a) as is_complete,
    'association only' as cause,
    (select p.published_at from publication as p) as as_of
from rated as r
left join detractors as d
    on
        r.category <> 'detractor'
        and r.dimension = d.dimension and r.member = d.member and r.period_grain = d.period_grain
        and r.period_start = d.period_start and r.horizon = d.horizon
cross join setting as t
where t.metric = 'nps'
order by r.dimension, r.member, r.period_grain, r.period_start, r.horizon, r.category;
