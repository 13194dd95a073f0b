-- What is followed of clients who answered: `ends`, from and until when all activities know what they did (of what was
-- paid, those of refunds too); `followed`, one row per client and month of their answers, with what they did before and
-- after the last of these; and `unfollowed`, one row per month, how many answers are of no such client.
--
-- Reads: answered (answers that make up the score), deeds (what their clients did), deed_feeds (what each activity
-- knows of all clients), client_list, about (today). A day is one of business time; what was on the day of the answer
-- came before it.
create or replace temp table ends as
with feeds as (
    select
        known_from,
        least(known_until, (select a.today from about as a)) as known_until,
        bought,
        refunded,
        cancelled
    from deed_feeds
)

select
    max(known_from) filter (where bought > 0) as bought_from,
    min(known_until) filter (where bought > 0) as bought_until,
    max(known_from) filter (where bought + refunded > 0) as paid_from,
    min(known_until) filter (where bought + refunded > 0) as paid_until,
    min(known_until) filter (where cancelled > 0) as cancelled_until
from feeds;

create or replace temp table last_answers as
select
    month,
    client,
    answered_on,
    branch,
    industry,
    category
from answered
where client is not null
qualify row_number() over (partition by month, client order by answered_at desc, place desc) = 1;

create or replace temp table known_clients as
with told as (
    select
        client,
        occurred_on as since
    from deeds
    union all
    select
        client,
        first_seen as since
    from client_list
    where first_seen is not null
)

select
    client,
    min(since) as known_since
from told
group by client;

-- What each client did before and after each day on which they answered and were known.
create or replace temp table did as
with days as (
    select distinct
        a.client,
        a.answered_on
    from answered as a
    inner join known_clients as k on a.client = k.client
    where k.known_since <= a.answered_on
),

dated as (
    select
        a.client,
        a.answered_on,
        d.occurred_on,
        d.occurred_on - a.answered_on as after,
        d.kind,
        d.kind in ('purchase', 'renewal') as is_bought,
        -- What a contract was worth that is cancelled, nobody pays.
        case when d.kind <> 'cancel' then d.amount end as amount
    from days as a
    left join deeds as d on a.client = d.client
)

select
    client,
    answered_on,
    min(after) filter (where is_bought and after > 0) as bought_after,
    min(after) filter (where kind = 'cancel' and after > 0) as cancelled_after,
    min(occurred_on) filter (where is_bought and after <= 0) as first_bought_on,
    max(occurred_on) filter (where is_bought and after <= 0) as last_bought_on,
    coalesce(
        max(occurred_on) filter (where kind = 'cancel' and after <= 0)
        >= coalesce(
            max(occurred_on) filter (where is_bought and after <= 0),
            max(occurred_on) filter (where kind = 'cancel' and after <= 0)
        ),
        false
    ) as had_cancelled,
    [
        sum(amount) filter (where after between -29 and 0),
        sum(amount) filter (where after between -89 and 0),
        sum(amount) filter (where after between -179 and 0),
        sum(amount) filter (where after between -364 and 0)
    ] as revenue_before,
    [
        sum(amount) filter (where after between 1 and 30),
        sum(amount) filter (where after between 1 and 90),
        sum(amount) filter (where after between 1 and 180),
        sum(amount) filter (where after between 1 and 365)
    ] as revenue_after
from dated
group by client, answered_on;

create or replace temp table followed as
select
    l.month,
    l.client,
    l.answered_on,
    l.branch,
    l.industry,
    l.category,
    d.bought_after,
    d.cancelled_after,
    d.first_bought_on,
    d.last_bought_on,
    d.had_cancelled,
    d.revenue_before,
    d.revenue_after
from last_answers as l
inner join did as d on l.client = d.client and l.answered_on = d.answered_on;

create or replace temp table unfollowed as
with counted as (
    select
        month,
        count(*) as answers,
        count_if(client is null) as of_nobody
    from answered
    group by month
),

last_ones as (
    select
        l.month,
        count(*) as clients,
        count(distinct c.client) as in_list
    from last_answers as l
    left join client_list as c on l.client = c.client
    group by l.month
),

known as (
    select
        month,
        count(*) as clients
    from followed
    group by month
)

select
    c.month,
    c.answers,
    c.of_nobody,
    c.answers - c.of_nobody - coalesce(l.clients, 0) as answered_before,
    coalesce(l.clients, 0) - coalesce(k.clients, 0) as not_known,
    case when (select count(*) from client_list) > 0 then coalesce(l.in_list, 0) end as in_list
from counted as c
left join last_ones as l on c.month = l.month
left join known as k on c.month = k.month;

-- How long each client who had not cancelled was seen after the first answer, and whether the end is that they
-- cancelled. Of all answers: whom the last of a month found gone had cancelled after an earlier one.
create or replace temp table spans as
with first_answers as (
    select
        a.category,
        d.cancelled_after,
        e.cancelled_until - a.answered_on as seen
    from answered as a
    inner join did as d on a.client = d.client and a.answered_on = d.answered_on
    cross join ends as e
    where not d.had_cancelled and a.answered_on < e.cancelled_until
    qualify row_number() over (partition by a.client order by a.answered_on, a.answered_at, a.place) = 1
)

select
    category,
    least(coalesce(cancelled_after, seen), seen) as days,
    coalesce(cancelled_after <= seen, false) as is_event
from first_answers;
