-- One row per month, branch, department, survey and channel: counts of employees' answers, only of groups that are
-- large enough to hide everyone in them.
create table nps.marts.fct_enps as
select
    month,
    branch,
    department,
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
where metric = 'enps'
group by month, branch, department, survey, channel
having sum(responses) >= (select minimum_group from setting)
order by month, branch, department, survey, channel;
