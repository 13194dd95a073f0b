-- What the gate of files looks at: `file_counts`, `score_profile` and `scale_contradictions`, each small.
--
-- Reads: staged, rejected (loads that do not count yet), pending_files (one row per file: what was found in it).

-- Grain: file.
create or replace table file_counts as
with staged_count as (
    select
        load_id,
        count(*) as staged_rows
    from staged
    group by load_id
),

rejected_count as (
    select
        load_id,
        count(*) as rejected_rows
    from rejected
    group by load_id
)

select
    p.source,
    p.file_digest,
    p.path,
    p.rows_read,
    p.accepted,
    p.unanswered,
    p.excluded,
    p.rejected,
    p.max_reject_share,
    coalesce(p.rejected / nullif(p.rows_read, 0), 0) as reject_share,
    p.rows_read - p.accepted - p.unanswered - p.excluded - p.rejected as unbalanced,
    abs(p.accepted - coalesce(s.staged_rows, 0))
    + abs(p.rejected + p.excluded - coalesce(r.rejected_rows, 0)) as missing_rows,
    greatest(p.reject_share_excess, 0) as excess
from pending_files as p
left join staged_count as s on p.load_id = s.load_id
left join rejected_count as r on p.load_id = r.load_id;
