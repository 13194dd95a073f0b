-- One row per branch: the last twelve months that have ended.
select
    branch,
    branch_name,
    region,
    period_label,
    responses,
    nps,
    ci_low,
    ci_high,
    change,
    target,
    gap_to_target,
    rank,
    is_low_sample,
    data_through
from bi.nps_by_branch_rolling_12m
where period_start = (select max(last.period_start) from bi.nps_by_branch_rolling_12m as last)
