-- What the gate of the file about to be published looks at: `published_counts` and `published_sums`.
--
-- Reads: nps (the file itself).

-- Grain: mart and counts of a group; `groups` of the mart's rows hold just these. Facts have no score. `employees` are
-- the responses of a group of employees, NULL for clients.
create or replace table published_counts as
with clients as (
    select
        'fct_nps' as mart,
        responses,
        promoters,
        passives,
        detractors,
        null::double as nps
    from nps.marts.fct_nps
    union all
    select
        'nps_overall' as mart,
        responses,
        promoters,
        passives,
        detractors,
        nps
    from nps.marts.nps_overall
    union all
    select
        'nps_by_branch' as mart,
        responses,
        promoters,
        passives,
        detractors,
        nps
    from nps.marts.nps_by_branch
    union all
    select
        'nps_by_industry' as mart,
        responses,
        promoters,
        passives,
        detractors,
        nps
    from nps.marts.nps_by_industry
    union all
    select
        'nps_by_branch_industry' as mart,
        responses,
        promoters,
        passives,
        detractors,
        nps
    from nps.marts.nps_by_branch_industry
    union all
    select
        'nps_by_channel' as mart,
        responses,
        promoters,
        passives,
        detractors,
        nps
    from nps.marts.nps_by_channel
    union all
    select
        'nps_by_survey' as mart,
        responses,
        promoters,
        passives,
        detractors,
        nps
    from nps.marts.nps_by_survey
),

staff as (
    select
        'fct_enps' as mart,
        responses,
        promoters,
        passives,
        detractors,
        null::double as nps
    from nps.marts.fct_enps
    union all
    select
        'enps_overall' as mart,
        responses,
        promoters,
        passives,
        detractors,
        nps
    from nps.marts.enps_overall
    union all
    select
        'enps_by_branch' as mart,
        responses,
        promoters,
        passives,
        detractors,
        nps
    from nps.marts.enps_by_branch
    union all
    select
        'enps_by_department' as mart,
        responses,
        promoters,
        passives,
        detractors,
        nps
    from nps.marts.enps_by_department
),

everyone as (
    select
        *,
        null::bigint as employees
    from clients
    union all
    select
        *,
        responses as employees
    from staff
)

select
    *,
    count(*) as groups
from everyone
group by all;

-- Grain: equation between two stages.
create or replace table published_sums as
select
    name,
    expected,
    found,
    difference
from nps.meta.reconciliation;
