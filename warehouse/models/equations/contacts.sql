-- Equations about who was asked, and what it cost.
--
-- Reads: files_told, asked, asking (the sources whose rows are attempts, and whether these hold scores).
with files as (
    select
        f.source,
        f.file_digest,
        f.rows_read,
        a.has_scores,
        f.counted + f.superseded + f.before_history + f.rejected + f.excluded as answered
    from files_told as f
    inner join asking as a on f.source = a.source
    where f.status = 'accepted'
),

told as (
    select
        source,
        file_digest,
        sum(contacts) as contacts,
        sum(contacts) filter (where is_of_answer) as answered
    from asked
    group by source, file_digest
),

held as (
    select
        f.*,
        coalesce(t.contacts, 0) as told_contacts,
        coalesce(t.answered, 0) as told_answered
    from files as f
    left join told as t on f.source = t.source and f.file_digest = t.file_digest
),

with_scores as (
    select
        answered,
        told_answered
    from held
    where has_scores
)

select
    'contacts = rows read of their files' as name,
    (select sum(rows_read) from held) as expected,
    (select sum(contacts) from asked) as found
union all
select
    'contacts that were answered = responses + superseded + rejected + excluded' as name,
    (select sum(answered) from with_scores) as expected,
    (select sum(told_answered) from with_scores) as found
union all
select
    'contacts of each file that were answered = its responses + superseded + rejected + excluded: files' as name,
    (select count(*) from with_scores) as expected,
    (select count_if(answered = told_answered) from with_scores) as found
union all
select
    'contacts that count, of known months = fct_contact' as name,
    (
        select sum(contacts) from asked
        where metric = 'nps' and is_counted and month > date '1900-01-01'
    ) as expected,
    (select sum(contacts) from nps.marts.fct_contact) as found
union all
select
    'invitations of months = those of years in survey_funnel' as name,
    (
        select sum(invited_people) from nps.marts.survey_funnel
        where metric = 'nps' and period_grain = 'month'
    ) as expected,
    (
        select sum(invited_people) from nps.marts.survey_funnel
        where metric = 'nps' and period_grain = 'year'
    ) as found
union all
select
    'answered invitations of surveys = those of all in survey_funnel' as name,
    (
        select sum(answered) from nps.marts.survey_funnel
        where metric = 'nps' and dimension = 'all'
    ) as expected,
    (
        select sum(answered) from nps.marts.survey_funnel
        where metric = 'nps' and dimension = 'survey'
    ) as found;
