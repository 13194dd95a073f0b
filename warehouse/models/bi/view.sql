-- One row per $grain and group of $mart, with names for people: of those that have ended, unless a connection asks for
-- others too. It names no catalog: the file may be attached under any name.
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
where
    s.period_grain = '$grain'
    and (
        s.is_complete
        -- A variable would be plainer, but drivers of DuckDB 1.0 know none.
        or exists (
            select 1 from duckdb_tables() as t
            where t.temporary and t.table_name = 'nps_unfinished'
        )
    );
