-- One row per month or quarter, group of clients and two of detractors, passives and promoters: how many people of the
-- group answered in the period and in the one just before, and went from the one to the other (or stayed).
--
-- Reads: moved, score_marts, periods.
create table nps.marts.nps_movement as
with steps as (
    select
        unnest(['detractors', 'passives', 'promoters']) as from_group,
        unnest([1, 4, 7]) as place
),

told as (
    select
        m.period_grain,
        m.period_start,
        case when s.is_driver then s.standard else 'overall' end as dimension,
        case when s.is_driver then m.member else 'overall' end as member,
        f.from_group,
        unnest(['detractors', 'passives', 'promoters']) as to_group,
        unnest([m.dd, m.du, m.dp, m.ud, m.uu, m.up, m.pd, m.pu, m.pp][f.place:f.place + 2]) as people
    from moved as m
    inner join score_marts as s on m.mart = s.mart and (s.is_driver or s.mart = 'nps_overall')
    cross join steps as f
),

spans as (
    select distinct
        period_grain,
        period_start,
        period_end,
        is_complete
    from periods
    where metric = 'nps'
)

select
    t.period_grain,
    t.period_start,
    p.period_end,
    t.dimension,
    t.member,
    t.from_group,
    t.to_group,
    t.people,
    p.is_complete
from told as t
inner join spans as p on t.period_grain = p.period_grain and t.period_start = p.period_start
where t.people > 0
order by t.period_grain, t.period_start, t.dimension, t.member, t.from_group, t.to_group;
