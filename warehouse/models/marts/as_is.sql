-- One row per period and $dimension as branches are now: what nps_by_branch has of those that it is made of today.
--
-- Reads: nps_by_branch, dim_branch, setting.
create table nps.marts.$mart as
with counted as (
    select
        s.period_grain,
        s.period_start,
        s.period_end,
        b.$holds as $dimension,
        sum(s.responses)::bigint as responses,
        sum(s.promoters)::bigint as promoters,
        sum(s.passives)::bigint as passives,
        sum(s.detractors)::bigint as detractors,
        sum(s.nonstandard_responses)::bigint as nonstandard_responses,
        s.is_complete
    from nps.marts.nps_by_branch as s
    inner join nps.marts.dim_branch as b on s.branch = b.branch
    group by s.period_grain, s.period_start, s.period_end, b.$holds, s.is_complete
),

measured as (
    select
        *,
        interval_middle(promoters / responses, detractors / responses, responses) as middle,
        adjusted_error(promoters / responses, detractors / responses, responses) as standard_error
    from counted
)

select
    period_grain,
    period_start,
    period_end,
    $dimension,
    responses,
    promoters,
    passives,
    detractors,
    nonstandard_responses,
    nps_points(promoters, detractors, responses) as nps,
    greatest(middle - z_of_95() * standard_error, -100) as ci_low,
    least(middle + z_of_95() * standard_error, 100) as ci_high,
    standard_error,
    z_of_95() * standard_error as margin,
    responses < (select max(low_sample) from setting) as is_low_sample,
    is_complete
from measured
order by period_grain, period_start, $dimension;
