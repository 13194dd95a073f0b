-- The counts of the groups of $mart, among those that the gate looks at.
insert into published_counts
select
    '$mart' as mart,
    responses,
    promoters,
    passives,
    detractors,
    $score as nps,
    case when '$metric' = 'enps' then responses end as employees,
    count(*) as groups
from nps.marts.$mart
group by all;
