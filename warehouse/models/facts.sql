-- One row per month, metric, $dimensions and scale: counts that may be summed.
create or replace temp view fact as
select
    month,
    metric,
    $dimensions,
    scale,
    count(*) as responses,
    count(*) filter (where category = 'promoter') as promoters,
    count(*) filter (where category = 'passive') as passives,
    count(*) filter (where category = 'detractor') as detractors,
    sum(score)::bigint as score_sum,
    sum(weight) as weight_sum,
    coalesce(sum(weight) filter (where category = 'promoter'), 0) as weight_promoters,
    coalesce(sum(weight) filter (where category = 'passive'), 0) as weight_passives,
    coalesce(sum(weight) filter (where category = 'detractor'), 0) as weight_detractors,
    sum(weight * weight) as weight_sq_sum
from responses
group by all;
