-- One row per mart of scores, group (member and second, '' where it has none) and period: the score, how certain it is,
-- and what it was before. Of employees only groups that are large enough to hide everyone in them, and nothing that
-- tells their weights. All marts stand in one plan: planning each of them costs more than all their rows.
--
-- Reads: monthly, frozen, periods, repeats, moved, score_marts (what each mart is of), setting (one row per metric:
-- minimum_group, minimum_agent, shown_from, low_sample, is_private), targets, benchmarks.
create or replace temp table scored as
with counted as (
    select
        monthly.mart,
        member,
        second,
        period_grain,
        period_start,
        period_end,
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
    inner join score_marts as m on monthly.mart = m.mart and not m.is_frozen
    inner join periods as p on monthly.month = p.month and m.metric = p.metric
    group by monthly.mart, member, second, period_grain, period_start, period_end, is_complete
    union all by name
    from frozen
),

-- What makes people of answers: pairs of answers that one person of the group gave in the period.
repeated as (
    select
        r.mart,
        coalesce(r.member, '') as member,
        coalesce(r.second, '') as second,
        p.period_grain,
        p.period_start,
        sum(r.promoters)::bigint as repeated_promoters,
        sum(r.passives)::bigint as repeated_passives,
        sum(r.detractors)::bigint as repeated_detractors,
        sum(r.pairs)::bigint as pairs,
        sum(r.balance)::bigint as pairs_balance,
        sum(r.product)::bigint as pairs_product
    from repeats as r
    inner join periods as p on r.month = p.month and r.earlier >= p.period_start
    where p.metric = 'nps'
    group by all
),

peopled as (
    select
        c.*,
        c.responses - coalesce(r.repeated_promoters + r.repeated_passives + r.repeated_detractors, 0) as people,
        c.promoters - coalesce(r.repeated_promoters, 0) as people_promoters,
        c.detractors - coalesce(r.repeated_detractors, 0) as people_detractors,
        coalesce(r.pairs, 0) as pairs,
        coalesce(r.pairs_balance, 0) as pairs_balance,
        coalesce(r.pairs_product, 0) as pairs_product
    from counted as c
    left join repeated as r using (mart, member, second, period_grain, period_start)
),

-- What may be shown, with the shares and the number of answers that the interval is made from.
shown as (
    select
        c.*,
        m.standard,
        c.responses < s.low_sample as is_low_sample,
        m.is_grouped
        and c.responses >= greatest(s.low_sample, s.shown_from)
        and 'unknown' not in (c.member, c.second) as is_ranked,
        s.is_private,
        c.people >= s.low_sample and c.responses >= s.shown_from as is_testable,
        case
            when s.is_private then c.responses
            else
                effective_number(c.weight_sum, c.weight_sq_sum)
                / design_effect(
                    c.responses, c.promoters, c.detractors, c.people, c.pairs, c.pairs_balance, c.pairs_product
                )
        end as effective,
        case
            when s.is_private then c.promoters / c.responses else c.weight_promoters / nullif(c.weight_sum, 0)
        end as share_promoters,
        case
            when s.is_private then c.detractors / c.responses else c.weight_detractors / nullif(c.weight_sum, 0)
        end as share_detractors,
        nps_points(c.promoters, c.detractors, c.responses) as nps,
        nps_points(c.people_promoters, c.people_detractors, c.people) as score_of_people,
        not s.is_private and not starts_with(c.period_grain, 'rolling') as is_of_people
    from peopled as c
    inner join score_marts as m on c.mart = m.mart
    inner join setting as s on m.metric = s.metric
    where
        -- What a wave of employees showed when it closed stays, whatever fewest answers are wanted since.
        (m.is_frozen or c.responses >= case when m.is_of_persons then s.minimum_agent else s.minimum_group end)
        and (not s.is_private or greatest(c.promoters, c.passives, c.detractors) < c.responses - 1)
),

measured as (
    select
        *,
        interval_middle(share_promoters, share_detractors, effective) as middle,
        adjusted_error(share_promoters, share_detractors, effective) as standard_error,
        is_complete and is_testable as is_comparable,
        (period_end + interval 1 day)::date as next_start,
        (period_start + interval 1 year)::date as next_year
    from shown
),

before as (
    select
        mart,
        member,
        second,
        period_grain,
        next_start as period_start,
        people as people_before,
        people_promoters as promoters_before,
        people_detractors as detractors_before,
        score_of_people as score_before,
        nps as previous_nps,
        standard_error as error_before,
        is_comparable as was_comparable
    from measured
),

a_year_before as (
    select
        mart,
        member,
        second,
        period_grain,
        next_year as period_start,
        nps as same_period_last_year_nps
    from measured
),

-- People who answered in a period and in the one just before: how alike their two answers are.
met as (
    select
        mart,
        member,
        second,
        period_grain,
        period_start,
        dd + pp - dp - pd - (pd + pu + pp - dd - du - dp) * (dp + up + pp - dd - ud - pd)
        / (dd + du + dp + ud + uu + up + pd + pu + pp) as met_alike
    from moved
    where dd + du + dp + ud + uu + up + pd + pu + pp > 0
),

-- Months, and quarters of clients: of years nothing says who of those of the one are among those of the other, and of
-- quarters of employees not even how many people answered.
compared as (
    select
        *,
        nps - previous_nps as change,
        sqrt(standard_error * standard_error + error_before * error_before) as change_error,
        case
            when
                is_comparable and was_comparable
                and (period_grain = 'month' or (period_grain = 'quarter' and not is_private))
                then
                    pooled_error(
                        people_promoters + promoters_before,
                        people_detractors + detractors_before,
                        people + people_before,
                        people_before,
                        people,
                        alike := coalesce(met_alike, 0)
                    )
        end as error_of_none
    from measured
    left join before using (mart, member, second, period_grain, period_start)
    left join met using (mart, member, second, period_grain, period_start)
    left join a_year_before using (mart, member, second, period_grain, period_start)
),

-- Of people, while the change that is shown is that of answers: where one rises and the other falls or stays as it
-- was, a test of the one says nothing of the other.
tested as (
    select
        *,
        case
            when sign(score_of_people - score_before) not in (0, sign(change)) then null
            when error_of_none > 0 then two_sided_p((score_of_people - score_before) / error_of_none)
            when error_of_none = 0 then 1
        end as change_p_value
    from compared
),

-- Benjamini-Hochberg, among the groups of a period that are tested. All windows are of one order: each other one would
-- sort all of them again.
scaled as (
    select
        mart,
        member,
        second,
        period_grain,
        period_start,
        change_p_value as p_value,
        count(change_p_value) over (partition by (mart, period_grain, period_start)) as tests,
        row_number() over (
            partition by (mart, period_grain, period_start)
            order by change_p_value nulls last
        ) as place,
        scaled_p(change_p_value, (mart, period_grain, period_start)) as scaled
    from tested
    where change_p_value is not null
),

-- As many are found as the last place has that is small enough.
judged as (
    select
        mart,
        member,
        second,
        period_grain,
        period_start,
        tests,
        q_value(p_value, scaled, (mart, period_grain, period_start)) as change_q_value,
        q_value(p_value, scaled, (mart, period_grain, period_start)) <= 0.05 as is_significant,
        max(place) filter (where scaled <= 0.05) over (partition by (mart, period_grain, period_start)) as found
    from scaled
),

goals as (
    select
        dimension,
        member,
        valid_from as target_from,
        lead(valid_from, 1, date '9999-12-31') over (partition by dimension, member order by valid_from) as target_to,
        nps as target
    from targets
),

marks as (
    select
        case when industry is null then '' else 'industry' end as dimension,
        coalesce(industry, '') as member,
        make_date(year, 1, 1) as mark_from,
        lead(make_date(year, 1, 1), 1, date '9999-12-31') over (partition by industry order by year) as mark_to,
        nps as benchmark
    from benchmarks
),

held as (
    select *
    from tested
    left join judged using (mart, member, second, period_grain, period_start)
)

select
    t.mart,
    t.member,
    t.second,
    t.period_grain,
    t.period_start,
    t.period_end,
    t.responses,
    case when is_of_people then people end as respondents,
    promoters,
    passives,
    detractors,
    nonstandard_responses,
    nps,
    case when is_of_people then score_of_people end as nps_people,
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
    -- Where nothing varies there is nothing to be found: of 0 no more than what rounding left.
    case
        when error_of_none > 1e-6 then detectable(error_of_none, 0.05 * coalesce(found, 1) / tests)
    end as detectable_change,
    same_period_last_year_nps,
    nps - same_period_last_year_nps as year_on_year,
    case
        when is_ranked
            then rank() over (partition by mart, period_grain, period_start, is_ranked order by nps desc)
    end as rank,
    band_of(nps) as band,
    target,
    nps - target as gap_to_target,
    benchmark,
    nps_points(standard_balance, 0, responses - nonstandard_responses) - benchmark as gap_to_benchmark
from held as t
left join goals as g
    on t.standard = g.dimension and t.member = g.member and t.period_start >= target_from and t.period_start < target_to
left join marks as k
    on t.standard = k.dimension and t.member = k.member and t.period_start >= mark_from and t.period_start < mark_to;
