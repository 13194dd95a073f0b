-- What the gate of files looks at: `score_profile`, `missing_values`, `file_counts` and
-- `scale_contradictions`, all small.
--
-- Reads: staged, staged_footers, rejected (loads that do not count yet), pending_files (one row per file: what was
-- counted in it).

-- Grain: file, survey, scale, score, category and month.
create or replace table score_profile as
select
    file_digest,
    survey,
    scale,
    score,
    category,
    month,
    count(*) as answers
from staged
group by file_digest, survey, scale, score, category, month;

-- Grain: file and column that every answer must have; the footers of the Parquet files know how many lack it.
create or replace table missing_values as
select
    regexp_extract(file_name, 'file_digest=([^/]+)', 1) as file_digest,
    path_in_schema as column_name,
    sum(stats_null_count)::bigint as answers
from staged_footers
where path_in_schema in ('response_id', 'survey', 'responded_at', 'month', 'raw_score', 'score')
group by file_name, path_in_schema;

-- Grain: file.
create or replace table file_counts as
with staged_count as (
    select
        file_digest,
        sum(answers) as staged_rows
    from score_profile
    group by file_digest
),

rejected_count as (
    select
        file_digest,
        count(*) as rejected_rows
    from rejected
    group by file_digest
),

counted as (
    select
        p.*,
        coalesce(s.staged_rows, 0)::bigint as staged_rows,
        coalesce(r.rejected_rows, 0)::bigint as rejected_rows
    from pending_files as p
    left join staged_count as s on p.file_digest = s.file_digest
    left join rejected_count as r on p.file_digest = r.file_digest
)

select
    source,
    file_digest,
    path,
    rows_read,
    accepted,
    unanswered,
    excluded,
    rejected,
    max_reject_share,
    staged_rows,
    rejected_rows,
    coalesce(rejected / nullif(rows_read, 0), 0) as reject_share,
    rows_read - accepted - unanswered - excluded - rejected as unbalanced,
    abs(accepted - staged_rows) + abs(rejected + excluded - rejected_rows) as missing_rows
from counted;

-- Grain: file whose answers contradict the scale that its source declares.
-- A few zeros on a scale that begins with 1 are slips, and rejected; where more than one answer in a hundred is a zero,
-- the question was asked from 0. And where a scale goes far beyond 10, but nobody went beyond what a 10 is on it, the
-- question was asked on 0-10.
create or replace table scale_contradictions as
with zero_count as (
    select
        file_digest,
        count(*) as zeros
    from rejected
    where reason = 'score_out_of_scale' and value = '0'
    group by file_digest
),

best as (
    select
        file_digest,
        max(score) as best_score,
        sum(answers)::bigint as answers
    from score_profile
    group by file_digest
),

found as (
    select
        p.source,
        p.file_digest,
        p.scale,
        case
            when p.lowest = 1 and z.zeros > 0.01 * (p.accepted + z.zeros) and z.zeros >= 5 then z.zeros
            else 0
        end as zeros,
        case
            when p.highest >= 50 and b.answers >= 50 and b.best_score <= p.ten_becomes then b.answers
            else 0
        end as small_answers
    from pending_files as p
    left join zero_count as z on p.file_digest = z.file_digest
    left join best as b on p.file_digest = b.file_digest
)

select
    source,
    file_digest,
    scale,
    zeros,
    small_answers
from found
where zeros > 0 or small_answers > 0;
