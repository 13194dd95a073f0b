-- One row per file of activity that is in: what counts of it, and what is odd about it beside the others.
--
-- Reads: deed_files, nps.meta.files.
create table nps.meta.activity_files as
select
    f.source,
    f.path,
    d.deeds,
    d.counted as deeds_counted,
    d.of_known,
    d.told_again,
    d.of_others,
    d.left_behind,
    d.unpaid as without_amount,
    d.amount_ratio,
    d.currencies
from deed_files as d
inner join nps.meta.files as f on d.source = f.source and d.file_digest = f.file_digest and f.status = 'accepted'
order by f.source, f.path;
