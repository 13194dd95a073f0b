-- One row per wave and combination of all that groups of employees are made of: the smallest parts of its groups.
--
-- Reads: facts, dimension_versions. Regions are those of the last day of the wave's month.
with answers as (
    select
        survey,
        month,
        branch,
        department,
        sum(responses)::bigint as responses,
        sum(promoters)::bigint as promoters,
        sum(passives)::bigint as passives,
        sum(detractors)::bigint as detractors,
        sum(nonstandard_responses)::bigint as nonstandard_responses
    from facts
    where metric = 'enps'
    group by survey, month, branch, department
)

select
    a.survey,
    a.month,
    coalesce(b.region, 'unknown') as region,
    a.branch,
    a.department,
    a.responses,
    a.promoters,
    a.passives,
    a.detractors,
    a.nonstandard_responses
from answers as a
left join dimension_versions as b
    on
        b.dimension = 'branches'
        and a.branch = b.member_key
        and last_day(a.month) >= b.valid_from
        and last_day(a.month) < b.valid_to
order by all;
