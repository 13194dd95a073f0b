-- Equations about $mart: its answers are those that are scored, each of them is tagged or $none, and has one category.
--
-- Reads: nps.marts.$mart, nps.marts.$whole.
with of_group as (
    select
        $groups,
        any_value(responses) as responses,
        any_value($given) as tagged,
        coalesce(sum(mentions) filter (where $what = '$none'), 0) as rest
    from nps.marts.$mart
    group by $groups
)

select
    'answers of $mart = those of $whole' as name,
    (select coalesce(sum(responses), 0) from nps.marts.$whole) as expected,
    (select coalesce(sum(responses), 0) from of_group) as found
union all
select
    'answers of $mart = tagged + $none: periods and groups' as name,
    (select count(*) from of_group) as expected,
    (
        select count(*) from of_group
        where responses = tagged + rest
    ) as found
union all
select
    'mentions of $mart = promoters + passives + detractors' as name,
    (select coalesce(sum(mentions), 0) from nps.marts.$mart) as expected,
    (select coalesce(sum(promoters + passives + detractors), 0) from nps.marts.$mart) as found;
