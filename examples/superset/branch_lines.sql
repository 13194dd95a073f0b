-- One row per branch, month that has ended and line: the score, and the ends of its 95 % interval. Superset draws lines whose
-- names end in __yhat_lower and __yhat_upper as a band. Months with so few answers that their changes are not tested are
-- left out.
with named as (
    select distinct
        branch,
        case
            when count(distinct branch) over (partition by branch_name) = 1 then coalesce(branch_name, branch)
            else coalesce(branch_name || ' (' || branch || ')', branch)
        end as shown
    from bi.nps_by_branch_month
),

drawn as (
    select unnest(['', '__yhat', '__yhat_lower', '__yhat_upper']) as ending
)

select
    s.period_start,
    n.shown as branch_shown,
    s.region,
    n.shown || d.ending as line,
    case d.ending when '__yhat_lower' then s.ci_low when '__yhat_upper' then s.ci_high else s.nps end as value
from bi.nps_by_branch_month as s
inner join named as n on s.branch = n.branch
cross join drawn as d
where not s.is_low_sample
