-- Equations about clients by what they are worth.
--
-- Reads: last_answers, client_list, nps.marts.nps_value_weighted.
with valued as (
    select
        count(*) as clients,
        count(c.worth) as valued
    from last_answers as l
    left join client_list as c on l.client = c.client
)

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
    ) as found;
