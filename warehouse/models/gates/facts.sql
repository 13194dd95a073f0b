-- One row per month just built (`part` names it): what the gate of facts looks at.
--
-- Reads: facts (a build that does not count yet), built_months (month, responses).
create or replace table fact_counts as
with counted as (
    select
        month,
        sum(responses) as responses_in_facts,
        count(*) filter (
            where promoters + passives + detractors <> responses or least(promoters, passives, detractors) < 0
        ) as inconsistent
    from facts
    group by month
)

select
    b.month,
    strftime(b.month, '%Y-%m') as part,
    coalesce(c.responses_in_facts, 0)::bigint as responses_in_facts,
    b.responses,
    (b.responses - coalesce(c.responses_in_facts, 0))::bigint as missing,
    coalesce(c.inconsistent, 0) as inconsistent
from built_months as b
left join counted as c on b.month = c.month;
