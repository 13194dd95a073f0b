-- One row per period: employees' eNPS, only of groups that are large enough.
create table nps.marts.enps_overall as
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
where metric = 'enps'
group by period_grain, period_start, period_end
having sum(responses) >= (select minimum_group from setting)
order by period_grain, period_start;
