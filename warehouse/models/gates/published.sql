-- What the gate of the file about to be published looks at: `published_counts` and `published_sums`, to which each mart
-- adds its own (`published_mart`, `published_parts`), and `published_changes`.
--
-- Reads: nps (the file itself).

-- Grain: mart and counts of a group; `groups` of the mart's rows hold just these. Facts have no score. `employees` are
-- the responses of a group of employees, NULL for clients.
create or replace table published_counts (
    mart varchar,
    responses bigint,
    promoters bigint,
    passives bigint,
    detractors bigint,
    nps double,
    employees bigint,
    groups bigint
);

-- Grain: equation between two stages, or between the marts of clients.
create or replace table published_sums as
select
    name,
    expected,
    found,
    difference
from nps.meta.reconciliation;

-- Grain: figure of a period that had ended, which was of no low sample and which this file restates; the ten that move
-- furthest. `points` are how far, the most that there is where the figure is gone: 0 where somebody accepts that.
create or replace table published_changes as
select
    concat_ws(
        ' ', r.mart, r.member, r.period_grain, r.period_start, format('{:.1f}', r.from_nps), 'to',
        coalesce(format('{:.1f}', r.to_nps), if(r.to_responses = 0, 'no answer', 'too few answers to be shown'))
    ) as figure,
    case when r.accepted_by is null then coalesce(round(abs(r.moved_by), 9), 200) else 0 end as points
from nps.meta.restatements as r
where
    r.restated_at = (select p.published_at from nps.meta.publish as p)
    and r.from_nps is not null
    and r.from_responses >= $low_sample
order by points desc, figure asc
limit 10;
