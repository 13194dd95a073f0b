-- One row per closed wave of employees and table: how many of its groups are not shown, for whatever reason. Of the
-- whole company one per wave of which not all answers are in its month.
--
-- Reads: waves (`WaveRecord`), waves_left_out.
create table nps.marts.enps_suppression as
select
    survey,
    month,
    mart,
    withheld as withheld_groups
from waves
where kind = 'table'
union all
select
    survey,
    month,
    'enps_overall' as mart,
    1 as withheld_groups
from waves_left_out
order by month, survey, mart;
