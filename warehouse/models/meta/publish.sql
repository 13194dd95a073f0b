-- One row: when this file was made, and from what.
create table nps.meta.publish as
select
    published_at,
    code_version,
    inputs,
    lake_versions
from publication;
