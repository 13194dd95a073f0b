-- One row per $keys: what answers that mention the $what do to the score. An answer may have several themes, so neither
-- mentions nor impacts add up; every answer without one is of `untagged`.
--
-- Reads: mentioned (month, dimensions, kind, name and counts of answers), periods, setting, about.
create table nps.marts.$mart as
with held as (
    select
        $told,
        p.is_complete,
        m.kind,
        m.name as $what,
        m.answers,
        m.promoters,
        m.passives,
        m.detractors
    from mentioned as m
    inner join periods as p on m.month = p.month and p.metric = 'nps'
    where $holds
),

whole as (
    select
        $groups,
        is_complete,
        coalesce(sum(answers) filter (where kind = 'answer'), 0)::bigint as responses,
        coalesce(sum(promoters) filter (where kind = 'answer'), 0)::bigint as all_promoters,
        coalesce(sum(passives) filter (where kind = 'answer'), 0)::bigint as all_passives,
        coalesce(sum(detractors) filter (where kind = 'answer'), 0)::bigint as all_detractors,
        coalesce(sum(answers) filter (where kind = 'comment'), 0)::bigint as comments,
        coalesce(sum(answers) filter (where kind = '$tagged'), 0)::bigint as tagged,
        coalesce(sum(promoters) filter (where kind = '$tagged'), 0)::bigint as tagged_promoters,
        coalesce(sum(passives) filter (where kind = '$tagged'), 0)::bigint as tagged_passives,
        coalesce(sum(detractors) filter (where kind = '$tagged'), 0)::bigint as tagged_detractors
    from held
    group by $groups, is_complete
),

named as (
    select
        $groups,
        $what,
        sum(answers)::bigint as mentions,
        sum(promoters)::bigint as promoters,
        sum(passives)::bigint as passives,
        sum(detractors)::bigint as detractors
    from held
    where kind = '$kind'
    group by $groups, $what
    union all
    select
        $groups,
        '$none' as $what,
        responses - tagged as mentions,
        all_promoters - tagged_promoters as promoters,
        all_passives - tagged_passives as passives,
        all_detractors - tagged_detractors as detractors
    from whole
    where responses > tagged
),

scored as (
    select
        *,
        responses - mentions as others,
        nps_points(promoters, detractors, mentions) as nps_if_mentioned,
        nps_points(all_promoters - promoters, all_detractors - detractors, responses - mentions) as nps_rest,
        nps_points(all_promoters, all_detractors, responses) as nps
    from named
    inner join whole using ($groups)
),

measured as (
    select
        *,
        impact_error(
            mentions / responses,
            nps_if_mentioned - nps_rest,
            adjusted_error(promoters / mentions, detractors / mentions, mentions),
            adjusted_error(
                (all_promoters - promoters) / nullif(others, 0),
                (all_detractors - detractors) / nullif(others, 0),
                others
            ),
            responses
        ) as impact_error
    from scored
)

select
    $keys,
    responses,
    $commented,
    mentions,
    promoters,
    passives,
    detractors,
    nps_if_mentioned,
    nps_rest,
    nps - nps_rest as impact,
    nps - nps_rest - z_of_95() * impact_error as impact_ci_low,
    nps - nps_rest + z_of_95() * impact_error as impact_ci_high,
    detractors / nullif(all_detractors, 0) as share_of_detractors,
    mentions < (
        select s.low_sample from setting as s
        where s.metric = 'nps'
    ) as is_low_sample,
    is_complete,
    (select p.published_at from publication as p) as as_of
from measured
order by $keys;
