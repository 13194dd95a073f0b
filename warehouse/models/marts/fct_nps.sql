-- One row per month, branch, industry, survey and channel: counts of clients' answers that may be summed.
create table nps.marts.fct_nps as
select
    month,
    branch,
    industry,
    survey,
    channel,
    sum(responses)::bigint as responses,
    sum(promoters)::bigint as promoters,
    sum(passives)::bigint as passives,
    sum(detractors)::bigint as detractors,
    sum(case when is_standard_scale(scale) then 0 else responses end)::bigint as nonstandard_responses,
    sum(score_sum)::bigint as score_sum,
    sum(weight_sum) as weight_sum,
    sum(weight_promoters) as weight_promoters,
    sum(weight_passives) as weight_passives,
    sum(weight_detractors) as weight_detractors,
    sum(weight_sq_sum) as weight_sq_sum
from facts
where metric = 'nps'
group by month, branch, industry, survey, channel
order by month, branch, industry, survey, channel;
