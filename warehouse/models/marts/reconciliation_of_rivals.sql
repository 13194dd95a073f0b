-- One more row of meta.reconciliation per equation about $mart: every brand that is ranked stands in it, and what
-- differs from a mean adds up to nothing.
--
-- Reads: nps.marts.nps_by_brand, nps.marts.$mart.
insert into nps.meta.reconciliation
with added as (
    select
        count(*) = any_value(brands) and abs(sum(gap_to_market)) <= 1e-9 as are_scores_right,
        coalesce(abs(sum(change_beside_market)) <= 1e-9, count(change) = 0)
        and count(change) = any_value(compared_brands) as are_changes_right
    from nps.marts.$mart
    group by period_grain, period_start
),

equations as (
    select
        'brands that nps_by_brand ranks = $mart, of months, quarters and years' as name,
        (
            select count(*) from nps.marts.nps_by_brand
            where rank is not null and not starts_with(period_grain, 'rolling')
        ) as expected,
        (select count(*) from nps.marts.$mart) as found
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
        ) as found
)

select
    name,
    expected,
    found,
    found - expected as difference
from equations
order by name;
