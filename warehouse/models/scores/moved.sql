-- One row per mart, group (member and second, '' where it has none) and month or quarter: people who answered in it and
-- in the one before, by what their answers that count were: du, detractors that became passives.
--
-- Reads: repeats.
create or replace temp table moved as
select
    mart,
    coalesce(member, '') as member,
    coalesce(second, '') as second,
    'month' as period_grain,
    month as period_start,
    sum(month_dd)::bigint as dd,
    sum(month_du)::bigint as du,
    sum(month_dp)::bigint as dp,
    sum(month_ud)::bigint as ud,
    sum(month_uu)::bigint as uu,
    sum(month_up)::bigint as up,
    sum(month_pd)::bigint as pd,
    sum(month_pu)::bigint as pu,
    sum(month_pp)::bigint as pp
from repeats
group by all
union all
select
    mart,
    coalesce(member, '') as member,
    coalesce(second, '') as second,
    'quarter' as period_grain,
    date_trunc('quarter', month)::date as period_start,
    sum(quarter_dd)::bigint as dd,
    sum(quarter_du)::bigint as du,
    sum(quarter_dp)::bigint as dp,
    sum(quarter_ud)::bigint as ud,
    sum(quarter_uu)::bigint as uu,
    sum(quarter_up)::bigint as up,
    sum(quarter_pd)::bigint as pd,
    sum(quarter_pu)::bigint as pu,
    sum(quarter_pp)::bigint as pp
from repeats
group by all;
