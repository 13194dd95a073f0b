-- One row per month, quarter or year, programme that asks about rivals, and brand that is ranked in it (of enough
-- answers): its place among them, and how it moved beside them. Brands are held against each other within a programme
-- alone, since what clients tell the company itself is no measure for what an agency hears. Means are of scores, each
-- brand once: how many answers are about which is the survey's choice. Changes are held against those of brands that
-- are ranked in both periods, so that one that is new moves no mean.
--
-- Reads: facts, periods, setting.
create table nps.marts.$mart as
with asking as (
    select distinct programme from facts
    where metric = 'nps' and brand not in ('own', 'unknown')
),

counted as (
    select
        p.period_grain,
        p.period_start,
        p.period_end,
        f.programme,
        f.brand,
        p.is_complete,
        sum(f.responses)::bigint as responses,
        sum(f.promoters)::bigint as promoters,
        sum(f.passives)::bigint as passives,
        sum(f.detractors)::bigint as detractors,
        nps_points(sum(f.promoters), sum(f.detractors), sum(f.responses)) as nps
    from facts as f
    inner join periods as p on f.month = p.month and f.metric = p.metric
    inner join asking as a on f.programme = a.programme
    where f.metric = 'nps' and f.brand <> 'unknown' and not starts_with(p.period_grain, 'rolling')
    group by p.period_grain, p.period_start, p.period_end, f.programme, f.brand, p.is_complete
),

ranked as (
    select
        c.*,
        (c.period_end + interval 1 day)::date as next_start,
        rank() over (partition by c.period_grain, c.period_start, c.programme order by c.nps desc) as rank
    from counted as c
    inner join setting as s on s.metric = 'nps'
    where c.responses >= greatest(s.low_sample, s.shown_from)
),

before as (
    select
        period_grain,
        next_start as period_start,
        programme,
        brand,
        nps as previous_nps,
        rank as previous_rank
    from ranked
),

compared as (
    select
        *,
        nps - previous_nps as change
    from ranked
    left join before using (period_grain, period_start, programme, brand)
),

-- Sums over the brands of a period, from which each can be taken out again.
together as (
    select
        *,
        count(*) over of_period as brands,
        sum(nps) over of_period as sum_of_scores,
        count(change) over of_period as compared_brands,
        sum(change) over of_period as sum_of_changes,
        arg_max(brand, (nps, brand)) over others as best_rival,
        max(nps) over others as best_rival_nps
    from compared
    window
        of_period as (partition by period_grain, period_start, programme),
        others as (
            partition by period_grain, period_start, programme
            rows between unbounded preceding and unbounded following exclude current row
        )
)

select
    period_grain,
    period_start,
    period_end,
    programme,
    brand,
    responses,
    promoters,
    passives,
    detractors,
    nps,
    rank,
    brands,
    previous_rank,
    previous_rank - rank as places_gained,
    best_rival,
    nps - best_rival_nps as gap_to_best_rival,
    sum_of_scores / brands as market_nps,
    nps - sum_of_scores / brands as gap_to_market,
    (sum_of_scores - nps) / nullif(brands - 1, 0) as rivals_nps,
    nps - (sum_of_scores - nps) / nullif(brands - 1, 0) as gap_to_rivals,
    previous_nps,
    change,
    compared_brands,
    case when change is not null then sum_of_changes / compared_brands end as market_change,
    change - sum_of_changes / nullif(compared_brands, 0) as change_beside_market,
    (sum_of_changes - change) / nullif(compared_brands - 1, 0) as rivals_change,
    change - (sum_of_changes - change) / nullif(compared_brands - 1, 0) as change_beside_rivals,
    is_complete,
    (select p.published_at from publication as p) as as_of
from together
order by period_grain, period_start, programme, rank, brand;
