-- One row per period: clients' NPS.
create table nps.marts.nps_overall as
select
    period_grain,
    period_start,
    period_end,
    sum(responses)::bigint as responses,
    sum(promoters)::bigint as promoters,
    sum(passives)::bigint as passives,
    sum(detractors)::bigint as detractors,
    sum(nonstandard_responses)::bigint as nonstandard_responses,
    nps_points(sum(promoters), sum(detractors), sum(responses)) as nps
from period_fact
where metric = 'nps'
group by period_grain, period_start, period_end
order by period_grain, period_start;
