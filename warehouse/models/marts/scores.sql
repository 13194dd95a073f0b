-- One row per $keys: what `scored` has of this mart, under the names of what it groups by.
--
-- Reads: scored.
create table nps.marts.$mart as
select
    period_grain,
    period_start,
    period_end,
    $named
    $measures
from scored
where mart = '$mart'
order by $keys;
