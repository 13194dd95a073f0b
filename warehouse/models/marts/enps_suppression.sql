-- One row per closed wave of employees and table: how many of its groups are not shown, for whatever reason.
--
-- Reads: waves (`WaveRecord`).
create table nps.marts.enps_suppression as
select
    survey,
    month,
    mart,
    withheld as withheld_groups
from waves
where kind = 'table'
order by month, survey, mart;
