-- One row per period and industry: clients' NPS.
create table nps.marts.nps_by_industry as
select
    period_grain,
    period_start,
    period_end,
    industry,
    sum(responses)::bigint as responses,
    sum(promoters)::bigint as promoters,
    sum(passives)::bigint as passives,
    sum(detractors)::bigint as detractors,
    sum(nonstandard_responses)::bigint as nonstandard_responses,
    nps_points(sum(promoters), sum(detractors), sum(responses)) as nps
from period_fact
where metric = 'nps'
group by period_grain, period_start, period_end, industry
order by period_grain, period_start, industry;
