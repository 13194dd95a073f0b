-- One row per dimension, period and member: what a change of the overall score may come from.
--
-- Reads: scored, score_marts.
create or replace temp table driver_groups as
select
    m.standard as dimension,
    s.period_grain,
    s.period_start,
    s.period_end,
    s.member,
    s.responses,
    s.nps
from scored as s
inner join score_marts as m on s.mart = m.mart
where m.is_driver;
