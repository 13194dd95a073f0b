-- One row per mart, period and group of employees: its counts in all waves of the period, where each of these shows it.
-- What was not closed when the file was made shows nothing yet.
--
-- Reads: facts, periods, waves (`WaveRecord`), score_marts. A wave that knows nothing of what the table groups by has
-- no row of it.
create or replace temp table frozen as
with asked as (
    select
        survey,
        month
    from facts
    where metric = 'enps'
    union
    select
        survey,
        month
    from waves
),

needed as (
    select
        m.mart,
        p.period_grain,
        p.period_start,
        count(*) as waves
    from asked as a
    inner join periods as p on a.month = p.month and p.metric = 'enps'
    cross join score_marts as m
    where
        m.is_frozen
        and (
            (a.survey, a.month) not in (select (w.survey, w.month) from waves as w)
            or (a.survey, a.month, m.mart) in (
                select (w.survey, w.month, w.mart) from waves as w
                where w.kind = 'table'
            )
        )
    group by m.mart, p.period_grain, p.period_start
),

told as (
    select
        w.mart,
        p.period_grain,
        p.period_start,
        p.period_end,
        p.is_complete,
        w.members,
        sum(w.responses)::bigint as responses,
        sum(w.promoters)::bigint as promoters,
        sum(w.passives)::bigint as passives,
        sum(w.detractors)::bigint as detractors,
        sum(w.nonstandard_responses)::bigint as nonstandard_responses,
        count(*) as waves
    from waves as w
    inner join periods as p on w.month = p.month and p.metric = 'enps'
    where w.kind = 'group'
    group by w.mart, p.period_grain, p.period_start, p.period_end, p.is_complete, w.members
)

select
    t.mart,
    t.members[1] as member,
    coalesce(t.members[2], '') as second,
    t.period_grain,
    t.period_start,
    t.period_end,
    t.is_complete,
    t.responses,
    t.promoters,
    t.passives,
    t.detractors,
    t.nonstandard_responses,
    t.promoters - t.detractors as standard_balance,
    null::double as weight_sum,
    null::double as weight_promoters,
    null::double as weight_detractors,
    null::double as weight_sq_sum
from told as t
inner join needed as n
    on t.mart = n.mart and t.period_grain = n.period_grain and t.period_start = n.period_start and t.waves = n.waves;
