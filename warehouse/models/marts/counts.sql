-- One row per $keys: counts of a metric's answers that may be summed. Of employees only groups that are large enough to
-- hide everyone in them.
create table nps.marts.$mart as
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
where metric = '$metric'
group by $keys
having
    sum(responses) >= (
        select minimum_group from setting
        where metric = '$metric'
    )
order by $keys;
