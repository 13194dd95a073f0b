-- What the gate of files looks at: `score_profile` and `file_counts`, both small.
--
-- Reads: staged, staged_footers, rejected (loads that do not count yet), pending_files (one row per file: what was
-- counted in it).

-- Grain: file, scale, score and month.
create or replace table score_profile as
with profile as (
    select
        load_id,
        score,
        month,
        count(*) as answers
    from staged
    group by load_id, score, month
)

select
    s.load_id,
    p.scale,
    s.score,
    s.month,
    s.answers
from profile as s
left join pending_files as p on s.load_id = p.load_id;

-- Grain: file. `incomplete` counts what is missing where no answer may lack anything; the footers of the Parquet files
-- know that. `zeros` and `small_answers` are answers that contradict the scale which their source declares: a few zeros
-- on a scale that begins with 1 are slips, and rejected, but where more than one answer in a hundred is a zero, the
-- question was asked from 0; and where a scale goes far beyond 10, but nobody went beyond what a 10 is on it, the
-- question was asked on 0-10. Of rows before `history_from` only those of before 2000 count for the share of rejected
-- ones: those are mistakes, the others are left out on purpose.
create or replace table file_counts as
with staged_count as (
    select
        load_id,
        sum(answers)::bigint as staged_rows,
        max(score) as best_score
    from score_profile
    group by load_id
),

missing as (
    select
        regexp_extract(file_name, 'load_id=([^/]+)', 1) as load_id,
        case when bool_and(stats_null_count is not null) then sum(stats_null_count)::bigint end as incomplete
    from staged_footers
    where path_in_schema in ('response_id', 'survey', 'responded_at', 'month', 'raw_score', 'score')
    group by regexp_extract(file_name, 'load_id=([^/]+)', 1)
),

rejected_count as (
    select
        load_id,
        count(*) as rejected_rows,
        count(*) filter (where reason = 'score_out_of_scale' and value = '0') as zeros,
        count(*) filter (where reason = 'date_before_survey' and month >= date '2000-01-01') as too_old
    from rejected
    group by load_id
),

counted as (
    select
        p.*,
        s.best_score,
        coalesce(s.staged_rows, 0)::bigint as staged_rows,
        coalesce(r.rejected_rows, 0)::bigint as rejected_rows,
        coalesce(r.zeros, 0)::bigint as zeros,
        coalesce(r.too_old, 0)::bigint as too_old,
        case when m.load_id is null then 0 else m.incomplete end as incomplete
    from pending_files as p
    left join staged_count as s on p.load_id = s.load_id
    left join rejected_count as r on p.load_id = r.load_id
    left join missing as m on split_part(p.load_id, '#', 1) = m.load_id
)

select
    source,
    load_id,
    path,
    rows_read,
    accepted,
    unanswered,
    excluded,
    rejected,
    max_reject_share,
    staged_rows,
    rejected_rows,
    incomplete,
    half_swapped,
    coalesce((rejected - too_old) / nullif(rows_read - too_old, 0), 0) as reject_share,
    rows_read - accepted - unanswered - excluded - rejected as unbalanced,
    abs(accepted - staged_rows) + abs(rejected + excluded - rejected_rows) as missing_rows,
    case
        when lowest = 1 and zeros > 0.01 * (accepted + zeros) and zeros >= 5 then zeros
        else 0
    end as zeros,
    case
        when highest >= 50 and staged_rows >= 50 and best_score <= ten_becomes then staged_rows
        else 0
    end as small_answers
from counted;
