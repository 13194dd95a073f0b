-- One row per accepted answer of the wanted months, in `response` where it counts, in `superseded_answer` where not.
--
-- Reads: staged (answers of counted files), file_order (load_id, position, source, delivery, scope, surveys: position
-- numbers the files from old to new), wanted (month), branch_names, account_versions, employee_versions, industry_names,
-- setting (one_answer, only_known_branches, only_listed_industries). The rules, each on what the one before left:
--   1. snapshot_replaced: a newer export of the same survey replaces the whole older one;
--   2. redelivered: the same response id again: its latest version counts, in the month of that version only;
--   3. answered_again: one answer per respondent, survey and month.
-- Most answers share their id and their respondent with no other, so rules 2 and 3 look only at those whose hash occurs
-- more than once; different keys of equal hash are told apart by the window that follows.

-- Grain: file × survey that a newer snapshot replaced.
create or replace temp table replaced as
with file_surveys as (
    select
        position,
        source,
        scope,
        unnest(surveys) as survey
    from file_order
    where delivery = 'snapshot'
)

select
    position,
    survey,
    max(position) over (partition by source, scope, survey) as by_position
from file_surveys
qualify position < by_position;

create or replace temp view answer as
select
    f.position,
    s.source_row,
    s.source,
    s.metric,
    s.survey,
    s.month,
    s.responded_at,
    s.response_id,
    s.respondent_key,
    coalesce(s.updated_at, s.responded_at) as version_at,
    hash(s.source, s.response_id) as id_hash,
    r.by_position
from staged as s
inner join file_order as f on s.load_id = f.load_id
left join replaced as r on f.position = r.position and s.survey = r.survey;

-- Grain: id hash that occurs more than once, with at least one answer in the wanted months.
create or replace temp table repeated_id as
select id_hash from answer
where by_position is null
group by id_hash
having count(*) > 1 and bool_or(month in (select month from wanted));

-- Grain: answer that lost to another one.
create or replace temp table lost as
select
    position,
    source_row,
    month,
    'snapshot_replaced' as rule,
    by_position,
    null::bigint as by_source_row
from answer
where by_position is not null and month in (select month from wanted);

insert into lost
with versions as (
    select
        position,
        source_row,
        month,
        first_value(position) over latest_first as by_position,
        first_value(source_row) over latest_first as by_source_row
    from answer
    where by_position is null and id_hash in (select id_hash from repeated_id)
    window latest_first as (
        partition by source, response_id
        order by version_at desc, position desc, source_row desc
    )
)

select
    position,
    source_row,
    month,
    'redelivered' as rule,
    by_position,
    by_source_row
from versions
where (position, source_row) <> (by_position, by_source_row) and month in (select month from wanted);

create or replace temp view contender as
select
    a.*,
    hash(a.metric, a.survey, a.respondent_key, a.month) as respondent_hash
from answer as a
anti join lost as l on a.position = l.position and a.source_row = l.source_row
where a.respondent_key is not null and a.month in (select month from wanted);

create or replace temp table repeated_respondent as
select respondent_hash from contender
where (select one_answer from setting) <> 'all'
group by respondent_hash
having count(*) > 1;

insert into lost
with answers as (
    select
        position,
        source_row,
        month,
        first_value(position) over preferred_first as by_position,
        first_value(source_row) over preferred_first as by_source_row
    from contender
    where respondent_hash in (select respondent_hash from repeated_respondent)
    window preferred_first as (
        partition by metric, survey, respondent_key, month
        order by
            case when (select one_answer from setting) = 'first' then responded_at end asc,
            responded_at desc, version_at desc, position desc, source_row desc
    )
)

select
    position,
    source_row,
    month,
    'answered_again' as rule,
    by_position,
    by_source_row
from answers
where (position, source_row) <> (by_position, by_source_row);

create or replace temp view response as
select
    s.month,
    s.metric,
    s.survey,
    s.source,
    s.file_digest,
    s.source_row,
    case
        when setting.only_known_branches then coalesce(own.branch, by_account.branch, by_employee.branch, 'unknown')
        else coalesce(s.branch, by_employee.branch, by_account.branch, 'unknown')
    end as branch,
    case
        when setting.only_listed_industries then coalesce(listed.industry, listed_account.industry, 'unknown')
        else coalesce(listed.industry, s.industry, listed_account.industry, account.industry, 'unknown')
    end as industry,
    coalesce(s.department, employee.department, 'unknown') as department,
    coalesce(s.channel, 'unknown') as channel,
    s.scale,
    s.score,
    s.category,
    s.weight
from staged as s
cross join setting
inner join file_order as f on s.load_id = f.load_id
anti join lost as l on f.position = l.position and s.source_row = l.source_row
-- who answered, as they were when they answered
left join account_versions as account
    on
        coalesce(s.account_key, s.respondent_key) = account.member_key
        and s.responded_at >= account.valid_from and s.responded_at < account.valid_to
left join employee_versions as employee
    on
        s.respondent_key = employee.member_key
        and s.responded_at >= employee.valid_from and s.responded_at < employee.valid_to
-- a branch may be given by its code or by its name
left join branch_names as own
    on
        lower(s.branch) = own.alias
        and s.responded_at >= own.valid_from and s.responded_at < own.valid_to
left join branch_names as by_account
    on
        lower(account.branch) = by_account.alias
        and s.responded_at >= by_account.valid_from and s.responded_at < by_account.valid_to
left join branch_names as by_employee
    on
        lower(employee.branch) = by_employee.alias
        and s.responded_at >= by_employee.valid_from and s.responded_at < by_employee.valid_to
-- free-text industries, by the synonyms of nps.yaml
left join industry_names as listed on lower(s.industry) = listed.alias
left join industry_names as listed_account on lower(account.industry) = listed_account.alias
where s.month in (select month from wanted);

create or replace temp view superseded_answer as
select
    l.month,
    f.source,
    f.file_digest,
    l.source_row,
    s.response_id,
    l.rule,
    w.source as by_source,
    w.file_digest as by_file_digest,
    l.by_source_row
from lost as l
inner join file_order as f on l.position = f.position
inner join file_order as w on l.by_position = w.position
inner join staged as s on f.load_id = s.load_id and l.source_row = s.source_row;

create or replace temp view answers_of_month as
select
    month,
    count(*) as answers
from answer
where month in (select month from wanted)
group by month;
