-- One row per month, metric, $dimensions and scale: counts that may be summed.
create or replace temp view fact as
select
    month,
    metric,
    $dimensions,
    scale,
    sum(answers)::bigint as responses,
    coalesce(sum(answers) filter (where category = 'promoter'), 0)::bigint as promoters,
    coalesce(sum(answers) filter (where category = 'passive'), 0)::bigint as passives,
    coalesce(sum(answers) filter (where category = 'detractor'), 0)::bigint as detractors,
    sum(score * answers)::bigint as score_sum,
    sum(weight_sum) as weight_sum,
    coalesce(sum(weight_sum) filter (where category = 'promoter'), 0) as weight_promoters,
    coalesce(sum(weight_sum) filter (where category = 'passive'), 0) as weight_passives,
    coalesce(sum(weight_sum) filter (where category = 'detractor'), 0) as weight_detractors,
    sum(weight_sq_sum) as weight_sq_sum
from cells
group by all;
