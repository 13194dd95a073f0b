-- One row per $keys: counts of a metric's answers that may be summed. Of employees only groups that are large enough to
-- hide everyone in them, none whose answers are all alike, and nothing that tells single scores or weights.
--
-- Reads: facts, setting (one row per metric: minimum_group, is_private).
create table nps.marts.$mart as
with counted as (
    select
        $keys,
        sum(responses)::bigint as responses,
        sum(promoters)::bigint as promoters,
        sum(passives)::bigint as passives,
        sum(detractors)::bigint as detractors,
        sum(nonstandard_responses)::bigint as nonstandard_responses,
        sum(score_sum)::bigint as score_sum,
        sum(weight_sum) as weight_sum,
        sum(weight_promoters) as weight_promoters,
        sum(weight_passives) as weight_passives,
        sum(weight_detractors) as weight_detractors,
        sum(weight_sq_sum) as weight_sq_sum
    from facts
    where $holds
    group by $keys
)

select
    $keys,
    responses,
    promoters,
    passives,
    detractors,
    nonstandard_responses,
    case when not s.is_private then score_sum end as score_sum,
    case when not s.is_private then weight_sum end as weight_sum,
    case when not s.is_private then weight_promoters end as weight_promoters,
    case when not s.is_private then weight_passives end as weight_passives,
    case when not s.is_private then weight_detractors end as weight_detractors,
    case when not s.is_private then weight_sq_sum end as weight_sq_sum
from counted
inner join setting as s on s.metric = '$metric'
where
    responses >= s.minimum_group
    and (not s.is_private or greatest(promoters, passives, detractors) < responses)
order by $keys;
