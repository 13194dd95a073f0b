-- One row per month just built and source (`part` names both): what the gate of responses looks at. `match_rate` is of
-- the month's answers about the own brand, and `unmatched` counts these: nobody has to know the branches of rivals, and
-- those of employees where nothing tells them. Sources of which all are known have no rate: they are not to blame for
-- their month.
--
-- Reads: staged (the answers that the build was made from), responses, superseded, outcomes, cells (the build, which
-- does not count yet), built_months (month), branchless (source). The checksum of a set of rows is the sum of their
-- hashes: two sets that have the same one hold the same rows, each as often. `other_rows` are files of which other rows
-- are in the build, `miscounted` the answers of files of which outcomes tell another fate, or those that cells count
-- otherwise than responses say. The hash of 0 is 0, so cells are hashed from 1 on.
create or replace table month_counts as
with staged_of_loads as (
    select
        month,
        load_id,
        any_value(source) as source,
        any_value(file_digest) as file_digest,
        count(*) as answers,
        sum(hash(source_row)) as checksum
    from staged
    group by month, load_id
),

answered as (
    select
        month,
        source,
        file_digest,
        sum(answers)::bigint as answers,
        sum(checksum) as checksum
    from staged_of_loads
    where month in (select month from built_months)
    group by month, source, file_digest
),

responded as (
    select
        month,
        source,
        file_digest,
        count(*) as responses,
        sum(hash(source_row)) as checksum,
        sum(hash(1 + cell)) as cells
    from responses
    group by month, source, file_digest
),

lost_to as (
    select
        month,
        source,
        file_digest,
        rule,
        by_file_digest,
        count(*) as superseded,
        sum(hash(source_row)) as checksum
    from superseded
    group by month, source, file_digest, rule, by_file_digest
),

lost as (
    select
        month,
        source,
        file_digest,
        sum(superseded)::bigint as superseded,
        sum(checksum) as checksum
    from lost_to
    group by month, source, file_digest
),

of_files as (
    select
        coalesce(a.month, r.month, l.month) as month,
        coalesce(a.source, r.source, l.source) as source,
        coalesce(a.answers, 0) as answers,
        coalesce(r.responses, 0) as responses,
        coalesce(l.superseded, 0) as superseded,
        coalesce(r.cells, 0) as cells,
        coalesce(a.checksum, 0) <> coalesce(r.checksum, 0) + coalesce(l.checksum, 0) as has_other_rows
    from answered as a
    full join responded as r on a.month = r.month and a.source = r.source and a.file_digest = r.file_digest
    full join lost as l
        on
            coalesce(a.month, r.month) = l.month
            and coalesce(a.source, r.source) = l.source
            and coalesce(a.file_digest, r.file_digest) = l.file_digest
),

of_sources as (
    select
        month,
        source,
        sum(answers)::bigint as answers,
        sum(responses)::bigint as responses,
        sum(superseded)::bigint as superseded,
        sum(cells) as cells,
        count(*) filter (where has_other_rows) as other_rows
    from of_files
    group by month, source
),

told_by_cells as (
    select
        c.month,
        c.source,
        sum(c.answers)::bigint as answers,
        sum(c.answers * hash(1 + c.cell)::hugeint) as cells,
        sum(c.answers) filter (where c.brand = 'own' and b.source is null) as of_own,
        sum(c.answers) filter (where c.brand = 'own' and b.source is null and c.branch = 'unknown') as unmatched,
        sum(c.answers) filter (where c.score not between 0 and 10) as out_of_range,
        sum(c.answers) filter (
            where
            c.category <> case when c.score >= 9 then 'promoter' when c.score >= 7 then 'passive' else 'detractor' end
        ) as wrong_category
    from cells as c
    left join branchless as b on c.source = b.source
    group by c.month, c.source
),

fates as (
    select
        month,
        source,
        file_digest,
        null as rule,
        null as by_file_digest,
        responses as answers
    from responded
    union all
    select
        month,
        source,
        file_digest,
        rule,
        by_file_digest,
        superseded as answers
    from lost_to
    union all
    select
        month,
        source,
        file_digest,
        rule,
        by_file_digest,
        -answers as answers
    from outcomes
),

told_otherwise as (
    select
        month,
        source,
        abs(sum(answers)) as miscounted
    from fates
    group by month, source, file_digest, rule, by_file_digest
),

miscounts as (
    select
        month,
        source,
        sum(miscounted)::bigint as miscounted
    from told_otherwise
    group by month, source
),

counted as (
    select
        coalesce(s.month, c.month) as month,
        coalesce(s.source, c.source) as source,
        coalesce(s.answers, 0) as answers,
        coalesce(s.responses, 0) as responses,
        coalesce(s.superseded, 0) as superseded,
        coalesce(s.other_rows, 0) as other_rows,
        coalesce(c.of_own, 0)::bigint as of_own,
        coalesce(c.unmatched, 0)::bigint as unmatched,
        coalesce(c.out_of_range, 0)::bigint as out_of_range,
        coalesce(c.wrong_category, 0)::bigint as wrong_category,
        case
            when coalesce(s.cells, 0) = coalesce(c.cells, 0) then 0
            else greatest(abs(coalesce(s.responses, 0) - coalesce(c.answers, 0)), 1)
        end as in_other_cells
    from of_sources as s
    full join told_by_cells as c on s.month = c.month and s.source = c.source
)

select
    c.* exclude (of_own, in_other_cells),
    strftime(c.month, '%Y-%m') || ' ' || c.source as part,
    greatest(coalesce(m.miscounted, 0), c.in_other_cells) as miscounted,
    c.answers - c.responses - c.superseded as missing,
    case
        when c.unmatched > 0
            then (sum(c.of_own) over month_of - sum(c.unmatched) over month_of) / nullif(sum(c.of_own) over month_of, 0)
    end as match_rate
from counted as c
left join miscounts as m on c.month = m.month and c.source = m.source
window month_of as (partition by c.month);
