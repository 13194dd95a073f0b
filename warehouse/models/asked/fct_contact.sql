-- One row per month, branch, survey, wave, channel and status: attempts to ask clients, which may be summed. People may
-- not be summed over months or statuses: one of them stands in several.
--
-- Reads: asked.
create table nps.marts.fct_contact as
select
    month,
    branch,
    survey,
    wave,
    channel,
    status,
    sum(contacts)::bigint as contacts,
    sum(people)::bigint as people,
    (select p.published_at from publication as p) as as_of
from asked
where metric = 'nps' and is_counted and month > date '1900-01-01'
group by month, branch, survey, wave, channel, status
order by month, branch, survey, wave, channel, status;
