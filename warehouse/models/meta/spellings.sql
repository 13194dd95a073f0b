-- One row per attribute and spelling, of names that are spelt in several ways or scripts, or otherwise than nps.yaml
-- has them. No number holds answers of employees.
create table nps.meta.spellings as
select
    attribute,
    spelling,
    shown_as,
    responses,
    scripts
from spelling
qualify scripts is not null or spelling <> shown_as or count(*) over (partition by attribute, shown_as) > 1
order by attribute, shown_as, spelling;
