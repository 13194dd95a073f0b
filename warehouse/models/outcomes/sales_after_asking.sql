-- One row per dimension, member of it, period of asking and how far that came: how many clients bought in the 14 days
-- after they had been asked, and in the 14 up to that day. Those who answer and those who are not reached are others
-- before they are asked: it says what goes with what.
--
-- Reads: asked_clients (one row per client, survey, wave and month), deeds, known_clients, ends, setting, about.
create table nps.marts.sales_after_asking as
with known as (
    select
        a.client,
        a.survey,
        a.wave,
        a.month,
        a.asked_on,
        a.reach
    from asked_clients as a
    inner join known_clients as k on a.client = k.client
    where k.known_since <= a.asked_on
),

seen as (
    select
        k.client,
        k.survey,
        k.wave,
        k.month,
        k.reach,
        coalesce(
            max(k.asked_on) + 14 <= max(e.bought_until) and min(k.asked_on) - 13 >= max(e.bought_from), false
        ) as is_complete,
        count(d.occurred_on) filter (where d.occurred_on > k.asked_on) > 0 as has_bought,
        count(d.occurred_on) filter (where d.occurred_on <= k.asked_on) > 0 as had_bought
    from known as k
    cross join ends as e
    left join deeds as d
        on
            k.client = d.client and d.kind in ('purchase', 'renewal')
            and d.occurred_on between k.asked_on - 13 and k.asked_on + 14
    group by k.client, k.survey, k.wave, k.month, k.reach
),

spread as (
    select
        month,
        reach,
        is_complete,
        has_bought,
        had_bought,
        unnest(['all', 'survey', 'wave']) as dimension,
        unnest(['all', survey, wave]) as member
    from seen
),

counted as (
    select
        s.dimension,
        s.member,
        g.period_grain,
        starts_on(g.period_grain, s.month) as period_start,
        ends_on(g.period_grain, g.length, s.month) as period_end,
        s.reach,
        count(*) as clients,
        count_if(s.is_complete) as complete,
        count_if(s.is_complete and s.had_bought) as bought_before,
        count_if(s.is_complete and s.has_bought) as bought_again
    from spread as s
    cross join grains() as g
    group by all
),

rated as (
    select
        *,
        share_of(bought_again, complete) as repeated
    from counted
),

not_reached as (
    select *
    from rated
    where reach = 'not reached'
)

select
    r.dimension,
    r.member,
    r.period_grain,
    r.period_start,
    r.period_end,
    r.reach,
    r.clients,
    r.complete,
    r.bought_before,
    r.bought_before / nullif(r.complete, 0) as bought_before_rate,
    r.bought_again,
    r.repeated.middle as repeat_rate,
    r.repeated.low as repeat_rate_low,
    r.repeated.high as repeat_rate_high,
    r.repeated.middle - n.repeated.middle as above_not_reached,
    difference_end(r.repeated, n.repeated, -1) as above_not_reached_low,
    difference_end(r.repeated, n.repeated, 1) as above_not_reached_high,
    r.complete < t.low_sample as is_low_sample,
    r.period_end < (select a.today from about as a) as is_complete,
    'association only' as cause,
    (select p.published_at from publication as p) as as_of
from rated as r
left join not_reached as n
    on
        r.reach <> 'not reached'
        and r.dimension = n.dimension and r.member = n.member and r.period_grain = n.period_grain
        and r.period_start = n.period_start
cross join setting as t
where t.metric = 'nps'
order by r.dimension, r.member, r.period_grain, r.period_start, r.reach;
