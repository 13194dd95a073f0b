-- One row per figure that was told to be gone, or not to be shown any more, when last anything was told of it.
--
-- Reads: recorded, restated.
create or replace temp table gone as
select
    mart,
    period_grain,
    period_start,
    member,
    arg_max_null(to_responses, restated_at) as responses
from (
    select * from recorded
    union all by name
    select * from restated
) as r
group by all
having coalesce(responses, 0) = 0;
