-- One row per survey: what it measures, when it was answered and on which scales.
create table nps.marts.dim_survey as
select
    survey,
    metric,
    min(month) as first_month,
    max(month) as last_month,
    string_agg(distinct scale, ', ' order by scale) as scales
from facts
group by survey, metric
order by survey, metric;
