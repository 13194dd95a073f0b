-- One row per wave of employees that closes now: its month has ended, $days days have passed since, and it is not.
--
-- Reads: facts, waves (`WaveRecord`), about (today).
select distinct
    survey,
    month
from facts
where
    metric = 'enps'
    and last_day(month) + $days < (select today from about)
    and (survey, month) not in (select (w.survey, w.month) from waves as w)
order by month, survey;
