-- One row per metric, month with answers and period that the month belongs to: the month, its quarter, its year and, of
-- clients, the rolling windows of 3 and of 12 months that lie within the months from the first to the last answer.
--
-- Reads: facts, waves (closed ones of employees: they stay though their answers may not), about (today).
create or replace temp table periods as
with windows as (
    select
        unnest(['rolling_3m', 'rolling_12m']) as period_grain,
        unnest([3, 12]) as months
),

shifts as (
    select unnest(range(12)) as later
),

answered as (
    select distinct
        metric,
        month
    from facts
    union
    select
        'enps' as metric,
        month
    from waves
),

history as (
    select
        metric,
        min(month) as first_month,
        max(month) as last_month
    from answered
    where metric = 'nps'
    group by metric
),

found as (
    select
        a.metric,
        a.month,
        g.period_grain,
        starts_on(g.period_grain, a.month) as period_start,
        ends_on(g.period_grain, g.length, a.month) as period_end
    from answered as a
    cross join grains() as g
    union all
    select
        a.metric,
        a.month,
        w.period_grain,
        a.month - to_months(s.later) as period_start,
        a.month - to_months(s.later) + to_months(w.months) - interval 1 day as period_end
    from answered as a
    inner join history as h on a.metric = h.metric
    cross join windows as w
    cross join shifts as s
    where
        s.later < w.months
        and a.month - to_months(s.later) >= h.first_month
        and a.month - to_months(s.later) + to_months(w.months) <= h.last_month + interval 1 month
)

select
    metric,
    month,
    period_grain,
    period_start::date as period_start,
    period_end::date as period_end,
    period_end < (select today from about) as is_complete
from found;
