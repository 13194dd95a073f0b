-- One row per $keys: the NPS of a metric, how certain it is, and what it was before. Of employees only groups that are
-- large enough to hide everyone in them, and nothing that tells their weights.
--
-- Reads: facts, periods, setting (one row per metric: minimum_group, low_sample, is_private); of groups of employees
-- frozen in place of facts.
create table nps.marts.$mart as
with monthly as (
    select
        $months,
        sum(responses)::bigint as responses,
        sum(promoters)::bigint as promoters,
        sum(passives)::bigint as passives,
        sum(detractors)::bigint as detractors,
        sum(nonstandard_responses)::bigint as nonstandard_responses,
        sum(case when nonstandard_responses = 0 then promoters - detractors else 0 end)::bigint as standard_balance,
        sum(weight_sum) as weight_sum,
        sum(weight_promoters) as weight_promoters,
        sum(weight_detractors) as weight_detractors,
        sum(weight_sq_sum) as weight_sq_sum
    from facts
    where $holds
    group by $months
),

counted as (
    select
        $keys,
        is_complete,
        sum(responses)::bigint as responses,
        sum(promoters)::bigint as promoters,
        sum(passives)::bigint as passives,
        sum(detractors)::bigint as detractors,
        sum(nonstandard_responses)::bigint as nonstandard_responses,
        sum(standard_balance)::bigint as standard_balance,
        sum(weight_sum) as weight_sum,
        sum(weight_promoters) as weight_promoters,
        sum(weight_detractors) as weight_detractors,
        sum(weight_sq_sum) as weight_sq_sum
    from monthly
    inner join periods using (month)
    where metric = '$metric'
    group by $keys, is_complete
),

-- What may be shown, with the shares and the number of answers that the interval is made from.
shown as (
    select
        c.*,
        c.responses < s.low_sample as is_low_sample,
        s.is_private,
        case when s.is_private then c.responses else effective_number(c.weight_sum, c.weight_sq_sum) end as effective,
        case
            when s.is_private then c.promoters / c.responses else c.weight_promoters / nullif(c.weight_sum, 0)
        end as share_promoters,
        case
            when s.is_private then c.detractors / c.responses else c.weight_detractors / nullif(c.weight_sum, 0)
        end as share_detractors,
        nps_points(c.promoters, c.detractors, c.responses) as nps
    from $counted as c
    inner join setting as s on s.metric = '$metric'
    where
        c.responses >= s.minimum_group
        and (not s.is_private or greatest(c.promoters, c.passives, c.detractors) < c.responses - 1)
),

measured as (
    select
        *,
        interval_middle(share_promoters, share_detractors, effective) as middle,
        adjusted_error(share_promoters, share_detractors, effective) as standard_error,
        is_complete and not is_low_sample as is_comparable,
        (period_end + interval 1 day)::date as next_start,
        (period_start + interval 1 year)::date as next_year
    from shown
),

before as (
    select
        $series,
        next_start as period_start,
        responses as responses_before,
        promoters as promoters_before,
        detractors as detractors_before,
        nps as previous_nps,
        standard_error as error_before,
        is_comparable as was_comparable
    from measured
),

a_year_before as (
    select
        $series,
        next_year as period_start,
        nps as same_period_last_year_nps
    from measured
),

-- Only months are tested: in longer periods one person may have answered several times.
compared as (
    select
        *,
        nps - previous_nps as change,
        sqrt(standard_error * standard_error + error_before * error_before) as change_error,
        case
            when is_comparable and was_comparable and period_grain = 'month'
                then
                    pooled_error(
                        promoters + promoters_before,
                        detractors + detractors_before,
                        responses + responses_before,
                        responses_before,
                        responses
                    )
        end as error_of_none
    from measured
    left join before using ($series, period_start)
    left join a_year_before using ($series, period_start)
),

tested as (
    select
        *,
        case
            when error_of_none > 0 then two_sided_p(change / error_of_none)
            when error_of_none = 0 then 1
        end as change_p_value
    from compared
),

-- Benjamini-Hochberg, among the groups of a period that are tested: a few of all rows.
scaled as (
    select
        $series,
        period_start,
        change_p_value as p_value,
        count(*) over (partition by period_grain, period_start) as tests,
        scaled_p(change_p_value, period_grain, period_start) as scaled
    from tested
    where change_p_value is not null
),

corrected as (
    select
        *,
        q_value(p_value, scaled, period_grain, period_start) as change_q_value
    from scaled
),

judged as (
    select
        $series,
        period_start,
        tests,
        change_q_value,
        change_q_value <= 0.05 as is_significant,
        count(*) filter (where change_q_value <= 0.05) over (partition by period_grain, period_start) as found
    from corrected
),

goals as (
    select
        member as subject,
        valid_from as target_from,
        lead(valid_from, 1, date '9999-12-31') over (partition by member order by valid_from) as target_to,
        nps as target
    from targets
    where dimension = '$standard'
),

marks as (
    select
        coalesce(industry, '') as subject,
        make_date(year, 1, 1) as mark_from,
        lead(make_date(year, 1, 1), 1, date '9999-12-31') over (partition by industry order by year) as mark_to,
        nps as benchmark
    from benchmarks
    where case when industry is null then '' else 'industry' end = '$standard'
),

held as (
    select
        *,
        $member as subject
    from tested
    left join judged using ($series, period_start)
)

select
    $keys,
    responses,
    promoters,
    passives,
    detractors,
    nonstandard_responses,
    nps,
    case when effective > 0 then greatest(middle - z_of_95() * standard_error, -100) end as ci_low,
    case when effective > 0 then least(middle + z_of_95() * standard_error, 100) end as ci_high,
    standard_error,
    z_of_95() * standard_error as margin,
    case when not is_private then effective end as effective_responses,
    case when not is_private then 100 * (share_promoters - share_detractors) end as nps_weighted,
    is_low_sample,
    is_complete,
    previous_nps,
    change,
    change - z_of_95() * change_error as change_ci_low,
    change + z_of_95() * change_error as change_ci_high,
    change_p_value,
    change_q_value,
    is_significant,
    detectable(error_of_none, 0.05 * greatest(found, 1) / tests) as detectable_change,
    same_period_last_year_nps,
    nps - same_period_last_year_nps as year_on_year,
    case
        when $is_ranked
            then rank() over (partition by period_grain, period_start, $is_ranked order by nps desc)
    end as rank,
    band_of(nps) as band,
    target,
    nps - target as gap_to_target,
    benchmark,
    nps_points(standard_balance, 0, responses - nonstandard_responses) - benchmark as gap_to_benchmark
    $beside
from held
left join goals on held.subject = goals.subject and held.period_start >= target_from and held.period_start < target_to
left join marks on held.subject = marks.subject and held.period_start >= mark_from and held.period_start < mark_to
order by $keys;
