-- One row per $keys: counts of clients' answers that may be summed.
--
-- Reads: facts (or facts_apart).
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
from $facts
where $holds
group by $keys
order by $keys;
