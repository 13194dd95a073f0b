-- One row per month, quarter or year and brand that is ranked in it (of enough answers): its place among them, and how
-- it moved beside them. Means are of scores, each brand once: how many answers are about which is the survey's choice.
-- Changes are held against those of brands that are ranked in both periods, so that one that is new moves no mean.
--
-- Reads: nps.marts.nps_by_brand.
create table nps.marts.$mart as
with ranked as (
    select
        period_grain,
        period_start,
        period_end,
        brand,
        responses,
        nps,
        rank,
        best_rival,
        gap_to_best_rival,
        change_q_value,
        is_significant,
        is_complete,
        (period_end + interval 1 day)::date as next_start
    from nps.marts.nps_by_brand
    where rank is not null and not starts_with(period_grain, 'rolling')
),

before as (
    select
        period_grain,
        next_start as period_start,
        brand,
        nps as previous_nps,
        rank as previous_rank
    from ranked
),

compared as (
    select
        r.*,
        b.previous_nps,
        b.previous_rank,
        r.nps - b.previous_nps as change
    from ranked as r
    left join before as b
        on r.period_grain = b.period_grain and r.period_start = b.period_start and r.brand = b.brand
),

-- Sums over the brands of a period, from which each can be taken out again.
together as (
    select
        period_grain,
        period_start,
        count(*) as brands,
        sum(nps) as sum_of_scores,
        count(change) as compared_brands,
        sum(change) as sum_of_changes
    from compared
    group by period_grain, period_start
)

select
    c.period_grain,
    c.period_start,
    c.period_end,
    c.brand,
    c.responses,
    c.nps,
    c.rank,
    t.brands,
    c.previous_rank,
    c.previous_rank - c.rank as places_gained,
    c.best_rival,
    c.gap_to_best_rival,
    t.sum_of_scores / t.brands as market_nps,
    c.nps - t.sum_of_scores / t.brands as gap_to_market,
    (t.sum_of_scores - c.nps) / nullif(t.brands - 1, 0) as rivals_nps,
    c.nps - (t.sum_of_scores - c.nps) / nullif(t.brands - 1, 0) as gap_to_rivals,
    c.previous_nps,
    c.change,
    t.compared_brands,
    case when c.change is not null then t.sum_of_changes / t.compared_brands end as market_change,
    c.change - t.sum_of_changes / t.compared_brands as change_beside_market,
    (t.sum_of_changes - c.change) / nullif(t.compared_brands - 1, 0) as rivals_change,
    c.change - (t.sum_of_changes - c.change) / nullif(t.compared_brands - 1, 0) as change_beside_rivals,
    c.change_q_value,
    c.is_significant,
    c.is_complete
from compared as c
inner join together as t on c.period_grain = t.period_grain and c.period_start = t.period_start
order by c.period_grain, c.period_start, c.rank, c.brand;
