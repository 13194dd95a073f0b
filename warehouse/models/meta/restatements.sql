-- One row per publication and figure of clients that it changed after it had been published of a period that had ended.
create table nps.meta.restatements as
select
    restated_at,
    published_before,
    mart,
    period_grain,
    period_start,
    period_end,
    dimension,
    member,
    from_responses,
    to_responses,
    from_nps,
    to_nps,
    to_nps - from_nps as moved_by,
    why,
    accepted_by,
    timezone((select a.zone from about as a), restated_at) as restated_at_business
from told;
