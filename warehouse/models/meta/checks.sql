-- One row per stage, subject and rule: the last time that it was checked.
create table nps.meta.checks as
select
    stage,
    subject,
    rule,
    says,
    passed,
    failing_rows,
    checked_at,
    timezone((select a.zone from about as a), checked_at) as checked_at_business
from checks
qualify row_number() over (partition by stage, subject, rule order by sequence desc nulls last, checked_at desc) = 1
order by stage, subject, rule;
