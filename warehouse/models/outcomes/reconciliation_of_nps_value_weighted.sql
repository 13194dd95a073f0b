-- Further rows of meta.reconciliation: equations about clients by what they are worth.
--
-- Reads: last_answers, client_list, nps.marts.nps_value_weighted.
insert into nps.meta.reconciliation
with valued as (
    select
        count(*) as clients,
        count(c.worth) as valued
    from last_answers as l
    left join client_list as c on l.client = c.client
),

equations as (
    select
        'clients of months = clients of nps_value_weighted, of those of whom any value is known' as name,
        (select valued from valued) as expected,
        (
            select sum(valued_clients) from nps.marts.nps_value_weighted
            where period_grain = 'month' and dimension = 'all'
        ) as found
    union all
    select
        'valued clients = promoters + passives + detractors: rows of nps_value_weighted' as name,
        (select count(*) from nps.marts.nps_value_weighted) as expected,
        (
            select count(*) from nps.marts.nps_value_weighted
            where valued_clients = promoters + passives + detractors and valued_clients <= clients
        ) as found
)

select
    name,
    coalesce(expected, 0)::bigint as expected,
    coalesce(found, 0)::bigint as found,
    (coalesce(found, 0) - coalesce(expected, 0))::bigint as difference
from equations;
