-- One row per month just built and source: what the gate of responses looks at. `match_rate` is that of the month.
--
-- Reads: staged (the answers that the build was made from), responses, superseded, outcomes (the build, which does
-- not count yet), built_months (month). The checksum of a set of rows is the sum of their hashes: two sets that have
-- the same one hold the same rows, each as often. `miscounted` are the answers of files of which outcomes tell another
-- fate.
create or replace table month_counts as
with answered as (
    select
        month,
        source,
        count(*) as answers,
        sum(hash(source, file_digest, source_row)) as checksum
    from staged
    where month in (select month from built_months)
    group by month, source
),

responded_by_file as (
    select
        month,
        source,
        file_digest,
        count(*) as responses,
        sum(hash(source, file_digest, source_row)) as checksum,
        count(*) filter (where branch = 'unknown') as unmatched,
        count(*) filter (where score not between 0 and 10) as out_of_range,
        count(*) filter (
            where category <> case when score >= 9 then 'promoter' when score >= 7 then 'passive' else 'detractor' end
        ) as wrong_category
    from responses
    group by month, source, file_digest
),

responded as (
    select
        month,
        source,
        sum(responses)::bigint as responses,
        sum(checksum) as checksum,
        sum(unmatched)::bigint as unmatched,
        sum(out_of_range)::bigint as out_of_range,
        sum(wrong_category)::bigint as wrong_category
    from responded_by_file
    group by month, source
),

lost_by_file as (
    select
        month,
        source,
        file_digest,
        rule,
        by_file_digest,
        count(*) as superseded,
        sum(hash(source, file_digest, source_row)) as checksum
    from superseded
    group by month, source, file_digest, rule, by_file_digest
),

lost as (
    select
        month,
        source,
        sum(superseded)::bigint as superseded,
        sum(checksum) as checksum
    from lost_by_file
    group by month, source
),

fates as (
    select
        month,
        source,
        file_digest,
        null as rule,
        null as by_file_digest,
        responses as answers
    from responded_by_file
    union all
    select
        month,
        source,
        file_digest,
        rule,
        by_file_digest,
        superseded as answers
    from lost_by_file
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

told as (
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
    from told
    group by month, source
),

counted as (
    select
        coalesce(a.month, r.month, l.month) as month,
        coalesce(a.source, r.source, l.source) as source,
        coalesce(a.answers, 0) as answers,
        coalesce(r.responses, 0) as responses,
        coalesce(l.superseded, 0) as superseded,
        (coalesce(a.checksum, 0) <> coalesce(r.checksum, 0) + coalesce(l.checksum, 0))::integer as other_rows,
        coalesce(r.unmatched, 0) as unmatched,
        coalesce(r.out_of_range, 0) as out_of_range,
        coalesce(r.wrong_category, 0) as wrong_category
    from answered as a
    full join responded as r on a.month = r.month and a.source = r.source
    full join lost as l on coalesce(a.month, r.month) = l.month and coalesce(a.source, r.source) = l.source
)

select
    c.*,
    coalesce(m.miscounted, 0) as miscounted,
    c.answers - c.responses - c.superseded as missing,
    1 - sum(c.unmatched) over month_of / nullif(sum(c.responses) over month_of, 0) as match_rate
from counted as c
left join miscounts as m on c.month = m.month and c.source = m.source
window month_of as (partition by c.month);
