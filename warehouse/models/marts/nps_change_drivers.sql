-- One row per period, dimension and member of it that answers are of in the period or in the one just before: how much
-- of the change of the overall score came from it. The effects of all members of a dimension add up to the change.
--
-- Reads: driver_groups (one row per dimension, period and member). Shares are of answers; what is said of both periods
-- is the mean of both. Since the changes of all shares add up to 0, scores may be taken from any constant: from the
-- mean of both overall scores, a member that grew and is better than that drives the score up.
create table nps.marts.nps_change_drivers as
with steps as (
    select
        a.period_grain,
        a.period_start,
        a.period_end,
        a.is_complete,
        a.responses as all_responses,
        b.responses as all_before,
        (a.nps + b.nps) / 2 as middle
    from nps.marts.nps_overall as a
    inner join nps.marts.nps_overall as b
        on a.period_grain = b.period_grain and a.period_start = b.period_end + interval 1 day
),

before as (
    select
        dimension,
        member,
        period_grain,
        (period_end + interval 1 day)::date as period_start,
        responses as previous_responses,
        nps as previous_nps
    from driver_groups
),

now as (
    select
        dimension,
        member,
        period_grain,
        period_start,
        responses,
        nps
    from driver_groups
),

compared as (
    select
        *,
        responses / all_responses as share,
        previous_responses / all_before as previous_share
    from now
    full join before using (dimension, member, period_grain, period_start)
    inner join steps using (period_grain, period_start)
),

driven as (
    select
        *,
        coalesce((nps - previous_nps) * (share + previous_share) / 2, 0) as rate_effect,
        coalesce((share - previous_share) * ((nps + previous_nps) / 2 - middle), 0) as mix_effect,
        case when previous_nps is null then share * (nps - middle) else 0 end as entered_effect,
        case when nps is null then -previous_share * (previous_nps - middle) else 0 end as left_effect
    from compared
)

select
    period_grain,
    period_start,
    period_end,
    dimension,
    member,
    coalesce(responses, 0)::bigint as responses,
    coalesce(previous_responses, 0)::bigint as previous_responses,
    coalesce(share, 0) as share,
    coalesce(previous_share, 0) as previous_share,
    nps,
    previous_nps,
    rate_effect,
    mix_effect,
    entered_effect,
    left_effect,
    rate_effect + mix_effect + entered_effect + left_effect as effect,
    is_complete
from driven
order by period_grain, period_start, dimension, member;
