-- One row per tariff with contacts that no price of it is of: they were made before its first day, or
-- nobody knows when, and are in no cost.
--
-- Reads: asked.
create table nps.meta.unpriced_contacts as
select
    tariff,
    sum(contacts)::bigint as contacts
from asked
where tariff is not null and price_from is null and is_counted and metric = 'nps'
group by tariff
order by tariff;
