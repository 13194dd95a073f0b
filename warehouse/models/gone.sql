-- One row per figure that was told to be gone, or not to be shown any more, when last anything was told of it.
--
-- Reads: restated.
create or replace temp table gone as
select
    mart,
    period_grain,
    period_start,
    member,
    to_responses as responses
from restated
qualify
    row_number() over (partition by mart, period_grain, period_start, member order by restated_at desc) = 1
    and coalesce(to_responses, 0) = 0;
