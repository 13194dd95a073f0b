-- One row per month, file, rule and winning file: how many answers of the file do not count, since others of the
-- winning file do in their place.
create table nps.meta.superseded as
select
    o.month,
    o.source,
    f.path,
    case when coalesce(f.metric, '') <> 'enps' then o.file_digest end as file_digest,
    o.rule as by_rule,
    o.by_source,
    w.path as by_path,
    case when coalesce(f.metric, '') <> 'enps' then o.by_file_digest end as by_file_digest,
    o.answers as superseded
from outcomes as o
inner join files as f on o.source = f.source and o.file_digest = f.file_digest
left join files as w on o.by_source = w.source and o.by_file_digest = w.file_digest
where o.rule is not null
order by o.source, f.path, o.month, o.rule, w.path, o.by_file_digest;
