-- One row per file of a source or dimension: the last verdict on it and its counts. Of a file of answers that is in,
-- counted + superseded + before_history = accepted; of one that is not, no answer counts.
create or replace temp table files_told as
with fates as (
    select
        source,
        file_digest,
        coalesce(sum(answers) filter (where rule is null), 0) as counted,
        coalesce(sum(answers) filter (where rule is not null), 0) as superseded
    from outcomes
    group by source, file_digest
)

select
    f.source,
    f.path,
    f.file_digest,
    f.metric,
    f.status,
    f.reason,
    f.detail,
    f.rows_read,
    f.accepted,
    case
        when starts_with(f.source, 'dimension.') then null
        when f.status = 'accepted' then coalesce(o.counted, 0)
        else 0
    end::bigint as counted,
    case
        when starts_with(f.source, 'dimension.') then null
        when f.status = 'accepted' then coalesce(o.superseded, 0)
        else 0
    end::bigint as superseded,
    case
        when starts_with(f.source, 'dimension.') then null
        when f.status = 'accepted' then coalesce(e.answers, 0)
        else 0
    end::bigint as before_history,
    f.unanswered,
    f.excluded,
    f.rejected,
    f.shrunk_from,
    f.let_in_by,
    -- What is odd about employees' answers may tell what they are, as of a file in which all are alike.
    case when coalesce(f.metric, '') <> 'enps' then nullif(array_to_string(f.notes, ' '), '') end as notes,
    f.let_in_at,
    f.withdrawn_by,
    f.withdrawn_at,
    f.modified_at,
    f.ingested_at,
    timezone((select a.zone from about as a), f.ingested_at) as ingested_at_business
from files as f
left join fates as o on f.source = o.source and f.file_digest = o.file_digest
left join too_early as e on f.source = e.source and f.file_digest = e.file_digest;

create table nps.meta.files as
select
    source,
    path,
    -- Who guesses what a few employees answered would know by it that the guess is right.
    case when coalesce(metric, '') <> 'enps' then file_digest end as file_digest,
    status,
    reason,
    detail,
    rows_read,
    accepted,
    counted,
    superseded,
    before_history,
    unanswered,
    excluded,
    rejected,
    shrunk_from,
    let_in_by,
    notes,
    let_in_at,
    withdrawn_by,
    withdrawn_at,
    modified_at,
    ingested_at,
    ingested_at_business
from files_told
order by source, path, file_digest, ingested_at;
