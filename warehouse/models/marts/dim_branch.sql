-- One row per branch that answers were given about or that the branches dimension knows, as it is now.
create table nps.marts.dim_branch as
with known as (
    select
        member_key as branch,
        name,
        region
    from dimension_versions
    where dimension = 'branches'
    qualify row_number() over (partition by member_key order by valid_from desc) = 1
),

answered as (
    select distinct branch from facts
)

select
    coalesce(k.branch, a.branch) as branch,
    coalesce(k.name, k.branch, a.branch) as name,
    coalesce(k.region, 'unknown') as region,
    k.branch is not null as is_known
from known as k
full join answered as a on k.branch = a.branch
order by branch;
