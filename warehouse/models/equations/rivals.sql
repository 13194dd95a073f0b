-- Equations about $mart: every answer about a brand that is ranked is in it, and what differs from a mean adds up to
-- nothing.
--
-- Reads: facts, periods, setting, nps.marts.$mart.
with enough as (
    select sum(f.responses) as responses
    from facts as f
    inner join periods as p on f.month = p.month and f.metric = p.metric
    where
        f.metric = 'nps'
        and f.brand <> 'unknown'
        and not starts_with(p.period_grain, 'rolling')
        and f.programme in (
            select a.programme from facts as a
            where a.metric = 'nps' and a.brand not in ('own', 'unknown')
        )
    group by p.period_grain, p.period_start, f.programme, f.brand
    having sum(f.responses) >= (
        select greatest(s.low_sample, s.shown_from) from setting as s
        where s.metric = 'nps'
    )
),

added as (
    select
        count(*) = any_value(brands)
        and bool_and(promoters + passives + detractors = responses)
        and abs(sum(gap_to_market)) <= 1e-9 as are_scores_right,
        coalesce(abs(sum(change_beside_market)) <= 1e-9, count(change) = 0)
        and count(change) = any_value(compared_brands) as are_changes_right
    from nps.marts.$mart
    group by period_grain, period_start, programme
)

select
    'facts about brands with enough answers = $mart, of months, quarters and years' as name,
    (select coalesce(sum(responses), 0) from enough) as expected,
    (select coalesce(sum(responses), 0) from nps.marts.$mart) as found
union all
select
    'gaps of $mart to the mean of all brands add up to 0: periods' as name,
    (select count(*) from added) as expected,
    (
        select count(*) from added
        where are_scores_right
    ) as found
union all
select
    'changes of $mart beside the mean of all brands add up to 0: periods' as name,
    (select count(*) from added) as expected,
    (
        select count(*) from added
        where are_changes_right
    ) as found;
