-- One row per wave and combination of all that groups of employees are made of: the smallest parts of its groups.
--
-- Reads: facts (facts_apart where employees are shown by more than branch and department), dimension_versions. Regions
-- are those of the last day of the wave's month. The sums of scores are for `transforms.waves.chance`, told to nobody.
with answers as (
    select
        survey,
        month,
        $keys,
        sum(responses)::bigint as responses,
        sum(promoters)::bigint as promoters,
        sum(passives)::bigint as passives,
        sum(detractors)::bigint as detractors,
        sum(nonstandard_responses)::bigint as nonstandard_responses,
        sum(score_sum)::bigint as score_sum
    from $facts
    where metric = 'enps'
    group by survey, month, $keys
),

placed as (
    select
        member_key,
        region as its_region,
        valid_from,
        valid_to
    from dimension_versions
    where dimension = 'branches'
)

select
    survey,
    month,
    coalesce(its_region, 'unknown') as region,
    $keys,
    responses,
    promoters,
    passives,
    detractors,
    nonstandard_responses,
    score_sum
from answers
left join placed on branch = member_key and last_day(month) >= valid_from and last_day(month) < valid_to
order by all;
