-- One row per month, branch, department and survey: counts of employees' answers, in groups that closed waves show.
--
-- Reads: waves (`WaveRecord`).
create table nps.marts.fct_enps as
select
    month,
    members[1] as branch,
    members[2] as department,
    survey,
    responses,
    promoters,
    passives,
    detractors,
    nonstandard_responses
from waves
where kind = 'group' and mart = 'enps_by_branch_department'
order by month, branch, department, survey;
