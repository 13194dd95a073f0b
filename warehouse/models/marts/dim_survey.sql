-- One row per survey: what it measures and when it was answered.
create table nps.marts.dim_survey as
select
    survey,
    metric,
    min(month) as first_month,
    max(month) as last_month
from facts
group by survey, metric
order by survey, metric;
