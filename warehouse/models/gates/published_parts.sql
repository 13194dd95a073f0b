-- In how many periods the groups of $mart (those with $among) add up to $whole: in all of them.
insert into published_sums
with parts as (
    select
        period_grain,
        period_start,
        sum(promoters) as promoters,
        sum(passives) as passives,
        sum(detractors) as detractors
    from nps.marts.$mart
    where $among
    group by period_grain, period_start
),

whole as (
    select
        period_grain,
        period_start,
        sum(promoters) as promoters,
        sum(passives) as passives,
        sum(detractors) as detractors
    from nps.marts.$whole
    group by period_grain, period_start
),

compared as (
    select
        coalesce(
            p.promoters = w.promoters and p.passives = w.passives and p.detractors = w.detractors, false
        ) as is_same
    from whole as w
    full join parts as p on w.period_grain = p.period_grain and w.period_start = p.period_start
)

select
    '$mart adds up to $whole: periods' as name,
    count(*) as expected,
    count(*) filter (where is_same) as found,
    count(*) filter (where is_same) - count(*) as difference
from compared;
