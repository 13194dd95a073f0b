-- One row per mart, group (member and second, '' where it has none) and month or quarter: people who answered in it and
-- in the one before, by what their answers that count were: du, detractors that became passives.
--
-- Reads: repeats.
create or replace temp table moved as
with steps as (
    select
        mart,
        coalesce(member, '') as member,
        coalesce(second, '') as second,
        unnest(['month', 'quarter']) as period_grain,
        unnest([month, date_trunc('quarter', month)::date]) as period_start,
        unnest([month_dd, quarter_dd]) as dd,
        unnest([month_du, quarter_du]) as du,
        unnest([month_dp, quarter_dp]) as dp,
        unnest([month_ud, quarter_ud]) as ud,
        unnest([month_uu, quarter_uu]) as uu,
        unnest([month_up, quarter_up]) as up,
        unnest([month_pd, quarter_pd]) as pd,
        unnest([month_pu, quarter_pu]) as pu,
        unnest([month_pp, quarter_pp]) as pp
    from repeats
)

select
    mart,
    member,
    second,
    period_grain,
    period_start,
    sum(dd)::bigint as dd,
    sum(du)::bigint as du,
    sum(dp)::bigint as dp,
    sum(ud)::bigint as ud,
    sum(uu)::bigint as uu,
    sum(up)::bigint as up,
    sum(pd)::bigint as pd,
    sum(pu)::bigint as pu,
    sum(pp)::bigint as pp
from steps
group by all;
