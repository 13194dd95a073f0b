-- One row: when this file was made, and from what.
create table nps.meta.publish as
select
    published_at,
    timezone((select a.zone from about as a), published_at) as published_at_business,
    (select a.zone from about as a) as timezone,
    code_version,
    inputs,
    headline::varchar as headline,
    lake_versions,
    bands,
    settings,
    (
        select least((max(month) + interval 1 month - interval 1 day)::date, (select today - 1 from about))
        from facts
        having count(*) > 0
    ) as data_through
from publication;
