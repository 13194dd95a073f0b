-- One row more in `restated` per figure of $mart that was published of a period that had ended, and is another now:
-- also of one that was told to be gone, and is there again.
--
-- Reads: published (the file that this one will take the place of), nps (this one), publication, renamed (names that
-- are shown in another spelling now: no figure is another for it), gone (what was told to be gone, or not to be shown),
-- monthly, periods and setting (persons of fewer answers than are shown: since then their figures are NULL, as 0
-- answers would be wrong, and where they are not shown for that alone nothing is another).
insert into restated by name
with found as (
    select
        period_grain,
        period_start,
        period_end,
        $names
        responses,
        promoters,
        passives,
        detractors,
        nps,
        true as is_shown
    from nps.marts.$mart
    union all
    select
        p.period_grain,
        p.period_start,
        p.period_end,
        $named
        sum(m.responses)::bigint as responses,
        sum(m.promoters)::bigint as promoters,
        sum(m.passives)::bigint as passives,
        sum(m.detractors)::bigint as detractors,
        null as nps,
        false as is_shown
    from monthly as m
    inner join periods as p on m.month = p.month and p.metric = 'nps'
    where
        $is_of_persons
        and m.mart = '$mart'
    group by all
    having
        sum(m.responses) < (
            select s.minimum_agent from setting as s
            where s.metric = 'nps'
        )
),

were as (
    select
        b.period_grain,
        b.period_start,
        b.period_end,
        $names_shown
        b.responses,
        b.promoters,
        b.passives,
        b.detractors,
        b.nps,
        b.is_complete
    from published.marts.$mart as b
    $renamed
),

changed as (
    select
        b.period_grain,
        b.period_start,
        b.period_end,
        nullif(concat_ws(', ', $members), '') as member,
        b.responses as from_responses,
        case when n.responses is null then 0 when n.is_shown then n.responses end as to_responses,
        b.nps as from_nps,
        n.nps as to_nps
    from were as b
    left join found as n on $same
    where
        b.is_complete
        and (b.promoters, b.passives, b.detractors) is distinct from (n.promoters, n.passives, n.detractors)
    union all
    select
        b.period_grain,
        b.period_start,
        b.period_end,
        g.member,
        g.responses as from_responses,
        b.responses as to_responses,
        null as from_nps,
        b.nps as to_nps
    from found as b
    inner join gone as g
        on
            g.mart = '$mart' and b.period_grain = g.period_grain and b.period_start = g.period_start
            and g.member is not distinct from nullif(concat_ws(', ', $members), '')
    left join were as n on $same
    where b.is_shown and n.responses is null
)

select
    c.*,
    p.published_at as restated_at,
    (select w.published_at from published.meta.publish as w) as published_before,
    '$mart' as mart,
    nullif('$dimension', '') as dimension,
    '' as why,
    p.accepted_by
from changed as c
cross join publication as p;
