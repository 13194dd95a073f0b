-- One row per source, month, outcome and reason: how many rows of its files were rejected or excluded.
create table nps.meta.rejections as
select
    source,
    month,
    outcome,
    reason,
    count(*) as rejected_rows
from rejected
group by source, month, outcome, reason
order by source, month, outcome, reason;
