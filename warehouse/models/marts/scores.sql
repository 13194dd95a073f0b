-- One row per $keys: the NPS of a metric. Of employees only groups that are large enough to hide everyone in them.
create table nps.marts.$mart as
select
    $keys,
    sum(responses)::bigint as responses,
    sum(promoters)::bigint as promoters,
    sum(passives)::bigint as passives,
    sum(detractors)::bigint as detractors,
    sum(nonstandard_responses)::bigint as nonstandard_responses,
    nps_points(sum(promoters), sum(detractors), sum(responses)) as nps
from period_fact
where metric = '$metric'
group by $keys
having
    sum(responses) >= (
        select minimum_group from setting
        where metric = '$metric'
    )
order by $keys;
