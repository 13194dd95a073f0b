-- What growth is forecast from: `growth_panel`, one row per branch and quarter, with the growth of the quarter (NULL of
-- the one that is to come), the growth of the quarter before and the score of that. Growth is that of revenue over the
-- same quarter a year before, in per cent.
--
-- Reads: branch_revenue (branch, quarter, revenue, clients), ends, deed_setting, nps.marts.nps_by_branch.
create or replace temp table growth_panel as
with whole as (
    select
        r.branch,
        r.quarter,
        r.revenue
    from branch_revenue as r
    cross join ends as e
    cross join deed_setting as s
    where
        s.has_revenue and r.branch <> 'unknown' and r.revenue > 0 and r.clients >= s.fewest
        and r.quarter >= e.paid_from and r.quarter + interval 3 months <= e.paid_until + interval 1 day
),

grown as (
    select
        n.branch,
        n.quarter,
        100 * (n.revenue / b.revenue - 1)::double as growth
    from whole as n
    inner join whole as b on n.branch = b.branch and n.quarter = b.quarter + interval 1 year
),

scored as (
    select
        branch,
        period_start as quarter,
        nps
    from nps.marts.nps_by_branch
    where period_grain = 'quarter' and is_complete and not is_low_sample
)

select
    b.branch,
    (b.quarter + interval 3 months)::date as period_start,
    (b.quarter + interval 3 months)::date::varchar as fold,
    b.growth as growth_before,
    s.nps,
    n.growth
from grown as b
inner join scored as s on b.branch = s.branch and b.quarter = s.quarter
left join grown as n on b.branch = n.branch and n.quarter = b.quarter + interval 3 months
where n.growth is not null or b.quarter = (select max(g.quarter) from grown as g);
