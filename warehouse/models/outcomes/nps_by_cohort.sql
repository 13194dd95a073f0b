-- One row per cohort, band of it and period of the answer: the score of clients by how long they had been clients, and
-- by how long ago they had bought, when they answered. Each client counts once in a month, by the last answer.
--
-- Reads: last_answers, followed, client_list, ends, setting, about.
create table nps.marts.nps_by_cohort as
with told as (
    select
        l.month,
        l.category,
        case
            when c.first_seen <= l.answered_on then l.answered_on - c.first_seen
            -- Who bought in the first year of which anything is known may have bought before it, too.
            when l.answered_on - f.first_bought_on > 365 or f.first_bought_on - e.bought_from >= 365
                then l.answered_on - f.first_bought_on
        end as days_known,
        -- Who bought since is not known to an activity that begins later, or ends before the answer.
        case
            when f.last_bought_on >= e.bought_from and l.answered_on <= e.bought_until
                then l.answered_on - f.last_bought_on
        end as lag
    from last_answers as l
    left join followed as f on l.month = f.month and l.client = f.client
    left join client_list as c on l.client = c.client
    cross join ends as e
),

spread as (
    select
        month,
        category,
        unnest(['tenure', 'lag']) as cohort,
        unnest([
            case
                when days_known is null then 'unknown'
                when days_known <= 30 then 'up to 30 days'
                when days_known <= 90 then '31 to 90 days'
                when days_known <= 365 then '91 to 365 days'
                else 'over 365 days'
            end,
            case
                when lag is null then 'unknown'
                when lag <= 7 then 'up to 7 days'
                when lag <= 30 then '8 to 30 days'
                when lag <= 90 then '31 to 90 days'
                else 'over 90 days'
            end
        ]) as band
    from told
),

counted as (
    select
        s.cohort,
        s.band,
        g.period_grain,
        starts_on(g.period_grain, s.month) as period_start,
        ends_on(g.period_grain, g.length, s.month) as period_end,
        count(*) as clients,
        count_if(s.category = 'promoter') as promoters,
        count_if(s.category = 'passive') as passives,
        count_if(s.category = 'detractor') as detractors
    from spread as s
    cross join grains() as g
    group by all
),

scored as (
    select
        *,
        nps_points(promoters, detractors, clients) as nps,
        interval_middle(promoters / clients, detractors / clients, clients) as middle,
        z_of_95() * adjusted_error(promoters / clients, detractors / clients, clients) as margin
    from counted
)

select
    s.cohort,
    s.band,
    s.period_grain,
    s.period_start,
    s.period_end,
    try_cast(regexp_extract(s.band, '\d+') as integer) as band_days,
    s.clients,
    s.promoters,
    s.passives,
    s.detractors,
    s.nps,
    greatest(s.middle - s.margin, -100) as ci_low,
    least(s.middle + s.margin, 100) as ci_high,
    s.clients < t.low_sample as is_low_sample,
    s.period_end < (select a.today from about as a) as is_complete,
    (select p.published_at from publication as p) as as_of
from scored as s
cross join setting as t
where t.metric = 'nps'
order by s.cohort, s.period_grain, s.period_start, band_days, s.band;
