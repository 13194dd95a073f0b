-- One row per figure that was ever restated, as it may be told. Where rows of few clients are hidden, what became of a
-- figure that is of few now is told as that it is shown no more; of one that was not shown before nothing is told.
--
-- Reads: recorded, restated, setting (shown_from: `nps.minimum_group`).
create or replace temp view told as
select
    r.restated_at,
    r.published_before,
    r.mart,
    r.period_grain,
    r.period_start,
    r.period_end,
    r.dimension,
    r.member,
    r.from_responses,
    case when not (r.to_responses between 1 and s.shown_from - 1) then r.to_responses end as to_responses,
    r.from_nps,
    case when not coalesce(r.to_responses between 1 and s.shown_from - 1, false) then r.to_nps end as to_nps,
    r.why,
    r.accepted_by
from (
    select * from recorded
    union all by name
    select * from restated
) as r
inner join setting as s on s.metric = 'nps'
where
    not coalesce(
        r.from_responses between 1 and s.shown_from - 1
        or (r.to_responses between 1 and s.shown_from - 1 and coalesce(r.from_responses, 0) = 0),
        false
    );
