-- One row per metric, dimension, member of it and period: how many were asked, and how far it came with them. Who is
-- asked again in a wave of a survey and month is one invitation, of which the furthest attempt counts. Of employees
-- only the whole company, and only where it is no small group.
--
-- Reads: asked, scored (what counts of a survey), setting, about (today).
create table nps.marts.survey_funnel as
-- A month of few employees is in no quarter and year either: else it were what these have beside their other months.
with shown_months as (
    select
        a.metric,
        a.month
    from asked as a
    inner join setting as t on a.metric = t.metric
    where a.is_counted and a.month > date '1900-01-01'
    group by a.metric, a.month, t.minimum_group
    having
        a.metric = 'nps' or coalesce(sum(a.invited) filter (where a.status = 'answered'), 0) >= t.minimum_group
),

spread as (
    select
        metric,
        month,
        status,
        days,
        contacts,
        invited,
        too_soon,
        too_often,
        unnest(['all', 'survey', 'wave', 'branch', 'channel']) as dimension,
        unnest(['all', survey, wave, branch, channel]) as member
    from asked
    inner join shown_months using (metric, month)
    where is_counted
),

members as (
    select
        metric,
        month,
        status,
        days,
        dimension,
        member,
        sum(contacts) as contacts,
        sum(invited) as invited,
        sum(too_soon) as too_soon,
        sum(too_often) as too_often
    from spread
    where metric = 'nps' or dimension = 'all'
    group by metric, month, status, days, dimension, member
),

dated as (
    select
        m.metric,
        m.status,
        m.days,
        m.dimension,
        m.member,
        m.contacts,
        m.invited,
        m.too_soon,
        m.too_often,
        g.period_grain,
        starts_on(g.period_grain, m.month) as period_start,
        ends_on(g.period_grain, g.length, m.month) as period_end
    from members as m
    cross join grains() as g
),

counted as (
    select
        metric,
        dimension,
        member,
        period_grain,
        period_start,
        period_end,
        sum(contacts)::bigint as contacts,
        sum(invited)::bigint as invited_people,
        sum(too_soon)::bigint as too_soon,
        sum(too_often)::bigint as too_often,
        coalesce(sum(invited) filter (where status = 'undeliverable'), 0)::bigint as undeliverable,
        coalesce(
            sum(invited) filter (where status in ('reached', 'refused', 'partial', 'answered')), 0
        )::bigint as reached,
        coalesce(sum(invited) filter (where status = 'refused'), 0)::bigint as refused,
        coalesce(sum(invited) filter (where status = 'partial'), 0)::bigint as partial,
        coalesce(sum(invited) filter (where status = 'answered'), 0)::bigint as answered
    from dated
    group by metric, dimension, member, period_grain, period_start, period_end
),

days as (
    select
        metric,
        dimension,
        member,
        period_grain,
        period_start,
        days,
        sum(invited) as answers
    from dated
    where days is not null and status = 'answered' and invited > 0
    group by metric, dimension, member, period_grain, period_start, days
),

ranked as (
    select
        *,
        sum(answers) over (
            partition by metric, dimension, member, period_grain, period_start
            order by days
        ) as until_now,
        sum(answers) over (partition by metric, dimension, member, period_grain, period_start) as answers_of_all
    from days
),

medians as (
    select
        metric,
        dimension,
        member,
        period_grain,
        period_start,
        (
            min(days) filter (where 2 * until_now >= answers_of_all)
            + min(days) filter (where 2 * until_now > answers_of_all)
        ) / 2 as days_to_answer_median
    from ranked
    group by metric, dimension, member, period_grain, period_start
),

steps as (
    select
        *,
        invited_people - undeliverable as deliverable
    from counted
)

select
    s.metric,
    s.dimension,
    s.member,
    s.period_grain,
    s.period_start,
    s.period_end,
    s.contacts,
    s.invited_people,
    s.undeliverable,
    s.deliverable,
    s.reached,
    s.refused,
    s.partial,
    s.answered,
    s.deliverable / nullif(s.invited_people, 0) as delivery_rate,
    wilson_end(s.deliverable, s.invited_people, -1) as delivery_rate_low,
    wilson_end(s.deliverable, s.invited_people, 1) as delivery_rate_high,
    s.reached / nullif(s.deliverable, 0) as reach_rate,
    wilson_end(s.reached, s.deliverable, -1) as reach_rate_low,
    wilson_end(s.reached, s.deliverable, 1) as reach_rate_high,
    s.answered / nullif(s.reached, 0) as cooperation_rate,
    wilson_end(s.answered, s.reached, -1) as cooperation_rate_low,
    wilson_end(s.answered, s.reached, 1) as cooperation_rate_high,
    s.answered / nullif(s.deliverable, 0) as response_rate,
    wilson_end(s.answered, s.deliverable, -1) as response_rate_low,
    wilson_end(s.answered, s.deliverable, 1) as response_rate_high,
    m.days_to_answer_median,
    s.too_soon as contacted_within_quarantine,
    s.too_often / nullif(s.invited_people, 0) as share_over_fatigue_limit,
    case when s.metric = 'nps' and s.dimension = 'survey' then coalesce(c.responses, 0) end as responses,
    case when s.metric = 'nps' and s.dimension = 'survey' then coalesce(c.respondents, 0) end as respondents,
    s.period_end < (select a.today from about as a) as is_complete,
    (select p.published_at from publication as p) as as_of
from steps as s
left join medians as m
    on
        s.metric = m.metric and s.dimension = m.dimension and s.member = m.member
        and s.period_grain = m.period_grain and s.period_start = m.period_start
left join scored as c
    on
        c.mart = 'nps_by_survey' and s.metric = 'nps' and s.dimension = 'survey' and s.member = c.member
        and s.period_grain = c.period_grain and s.period_start = c.period_start
inner join setting as t on s.metric = t.metric
where s.metric = 'nps' or least(s.invited_people, s.answered) >= t.minimum_group
order by s.metric, s.dimension, s.member, s.period_grain, s.period_start;
