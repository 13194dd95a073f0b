-- One row per file of a source or dimension: the last verdict on it and its counts.
create table nps.meta.files as
select
    source,
    path,
    file_digest,
    status,
    reason,
    detail,
    rows_read,
    accepted,
    unanswered,
    excluded,
    rejected,
    shrunk_from,
    let_in_by,
    nullif(array_to_string(notes, ' '), '') as notes,
    let_in_at,
    modified_at,
    ingested_at
from files
order by source, path, file_digest;
