-- One row per branch that answers were given about or that the branches dimension knows, as it is now.
--
-- Reads: facts, branches_now (one row per branch of the list, as it is today).
create table nps.marts.dim_branch as
with recursive known as (
    select
        branch,
        name,
        region,
        area,
        nullif(became, branch) as became
    from branches_now
),

-- What a branch is now may have been renamed or merged again since; a circle ends where it began.
became as (
    select
        branch,
        branch as now,
        0 as steps
    from known
    union all
    select
        b.branch,
        k.became as now,
        b.steps + 1 as steps
    from became as b
    inner join known as k on b.now = k.branch
    where k.became is not null and k.became <> b.branch and b.steps < 100
),

now as (
    select
        branch,
        arg_max(now, steps) as branch_now
    from became
    group by branch
),

answered as (
    select distinct branch from facts
),

found as (
    select
        coalesce(k.branch, a.branch) as branch,
        coalesce(k.name, k.branch, a.branch) as name,
        k.region,
        k.area,
        coalesce(n.branch_now, k.branch, a.branch) as branch_now,
        k.branch is not null as is_known
    from known as k
    left join now as n on k.branch = n.branch
    full join answered as a on k.branch = a.branch
)

select
    f.branch,
    f.name,
    coalesce(f.region, 'unknown') as region,
    coalesce(f.area, 'unknown') as area,
    f.branch_now,
    -- Where the list knows what it is now, that is where it is: no branch of today is in two regions.
    coalesce(case when k.branch is null then f.region else k.region end, 'unknown') as region_now,
    f.is_known
from found as f
left join known as k on f.branch_now = k.branch
order by f.branch;
