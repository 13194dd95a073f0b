-- One row per dimension, member of it and period: the score of clients of whom the list says what they are worth, each
-- once by the last answer of the period, and what it is where each weighs as much as that. Beside it what a formula of
-- vendors makes of it, which is an assumption.
--
-- Reads: answered, client_list, deed_setting, about.
create table nps.marts.nps_value_weighted as
with spread as (
    select
        client,
        answered_at,
        place,
        category,
        month,
        unnest(['all', 'branch', 'industry']) as dimension,
        unnest(['all', branch, industry]) as member
    from answered
    where client is not null
),

last_of_period as (
    select
        s.dimension,
        s.member,
        g.period_grain,
        starts_on(g.period_grain, s.month) as period_start,
        ends_on(g.period_grain, g.length, s.month) as period_end,
        s.client,
        s.category
    from spread as s
    cross join grains() as g
    qualify row_number() over (
        partition by s.dimension, s.member, g.period_grain, date_trunc(g.period_grain, s.month), s.client
        order by s.answered_at desc, s.place desc
    ) = 1
),

summed as (
    select
        l.dimension,
        l.member,
        l.period_grain,
        l.period_start,
        l.period_end,
        count(*) as clients,
        count(c.worth) as valued_clients,
        count_if(c.is_foreign) as of_other_currencies,
        count_if(c.worth is not null and l.category = 'promoter') as promoters,
        count_if(c.worth is not null and l.category = 'passive') as passives,
        count_if(c.worth is not null and l.category = 'detractor') as detractors,
        sum(c.worth) as worth,
        coalesce(sum(c.worth) filter (where l.category = 'promoter'), 0) as worth_of_promoters,
        coalesce(sum(c.worth) filter (where l.category = 'detractor'), 0) as worth_of_detractors,
        sum(c.worth::double * c.worth::double) as worth_sq,
        max(c.worth) as greatest_worth
    from last_of_period as l
    left join client_list as c on l.client = c.client
    group by all
),

weighted as (
    select
        s.*,
        nps_points(s.worth_of_promoters, s.worth_of_detractors, s.worth) as nps_weighted,
        effective_number(s.worth::double, s.worth_sq) as effective_n,
        s.greatest_worth::double / nullif(s.worth, 0) as top_1_share,
        -- Divided in hundredths: half a cent is kept in full, and rounded up.
        case
            when s.valued_clients >= d.fewest then (round(100 * s.worth / s.valued_clients) / 100)::decimal(18, 2)
        end as value_per_client
    from summed as s
    cross join deed_setting as d
    where s.valued_clients > 0
)

select
    dimension,
    member,
    period_grain,
    period_start,
    period_end,
    clients,
    valued_clients,
    of_other_currencies,
    promoters,
    passives,
    detractors,
    nps_points(promoters, detractors, valued_clients) as nps,
    nps_weighted::double as nps_weighted,
    effective_n,
    top_1_share,
    effective_n < 30 as is_concentrated,
    value_per_client,
    (0.5 * detractors * value_per_client)::decimal(18, 2) as assumed_at_risk_90_days,
    (0.3 * passives * value_per_client)::decimal(18, 2) as assumed_at_risk_180_days,
    (0.3 * promoters * value_per_client)::decimal(18, 2) as assumed_potential,
    'assumption of a vendor (promoter.io): half of detractors, three of ten passives and promoters' as source_of_shares,
    period_end < (select a.today from about as a) as is_complete,
    (select p.published_at from publication as p) as as_of
from weighted
order by dimension, member, period_grain, period_start;
