-- One row per finished $grain and group of $mart, with names for people. It names no catalog: the file may be attached
-- under any name.
create view bi.$view as
select
    $columns,
    (
        select
            least(
                p.data_through,
                (
                    select max(last_day(u.last_month)) from marts.dim_survey as u
                    where u.metric = '$metric'
                )
            )
        from meta.publish as p
    ) as data_through
from marts.$mart as s
where s.period_grain = '$grain' and s.is_complete;
