-- One row per dimension, member of it, currency, with or without VAT, and period: what answers of clients cost. Only of
-- contacts that a price of a tariff is of. What a margin of 5 points costs is told of tariffs.
--
-- Reads: asked, price, nps.marts.fct_survey_cost, about (today).
create table nps.marts.survey_cost as
with paid as (
    select
        month,
        currency,
        vat,
        unnest(['all', 'survey', 'wave', 'branch', 'tariff']) as dimension,
        unnest(['all', survey, wave, branch, tariff]) as member,
        amount as cost,
        case when line = 'setup_fee' then amount end as setup_cost,
        case when line = 'detractor_surcharge' then units end as surcharges
    from nps.marts.fct_survey_cost
),

made as (
    select
        a.month,
        p.currency,
        p.vat,
        unnest(['all', 'survey', 'wave', 'branch', 'tariff']) as dimension,
        unnest(['all', a.survey, a.wave, a.branch, a.tariff]) as member,
        a.contacts,
        a.category,
        a.gives_reason
    from asked as a
    inner join price as p on a.tariff = p.tariff and a.price_from = p.price_from
    where a.metric = 'nps' and a.is_counted and a.month > date '1900-01-01'
),

spent as (
    select
        p.dimension,
        p.member,
        p.currency,
        p.vat,
        g.period_grain,
        starts_on(g.period_grain, p.month) as period_start,
        ends_on(g.period_grain, g.length, p.month) as period_end,
        sum(p.cost)::decimal(18, 2) as cost,
        coalesce(sum(p.setup_cost), 0)::decimal(18, 2) as setup_cost,
        coalesce(sum(p.surcharges), 0) as surcharges
    from paid as p
    cross join grains() as g
    group by all
),

counted as (
    select
        m.dimension,
        m.member,
        m.currency,
        m.vat,
        g.period_grain,
        starts_on(g.period_grain, m.month) as period_start,
        ends_on(g.period_grain, g.length, m.month) as period_end,
        sum(m.contacts)::bigint as contacts,
        coalesce(sum(m.contacts) filter (where m.category is not null), 0)::bigint as answers,
        coalesce(sum(m.contacts) filter (where m.category = 'promoter'), 0)::bigint as promoters,
        coalesce(sum(m.contacts) filter (where m.category = 'passive'), 0)::bigint as passives,
        coalesce(sum(m.contacts) filter (where m.category = 'detractor'), 0)::bigint as detractors,
        sum(m.contacts) filter (where m.category = 'detractor' and m.gives_reason) as reasons_given,
        bool_or(m.gives_reason is not null) as may_give_reasons
    from made as m
    cross join grains() as g
    group by all
),

-- A fee may be of a branch in another currency, or with other VAT, than all calls to it: nobody is counted beside it.
beside as (
    select
        dimension,
        member,
        currency,
        vat,
        period_grain,
        period_start,
        period_end,
        coalesce(contacts, 0) as contacts,
        coalesce(answers, 0) as answers,
        coalesce(promoters, 0) as promoters,
        coalesce(passives, 0) as passives,
        coalesce(detractors, 0) as detractors,
        coalesce(cost, 0)::decimal(18, 2) as cost,
        coalesce(setup_cost, 0)::decimal(18, 2) as setup_cost,
        case
            when may_give_reasons then coalesce(reasons_given, 0) else coalesce(surcharges, 0)
        end::bigint as detractor_reasons
    from counted
    full join spent using (dimension, member, currency, vat, period_grain, period_start, period_end)
),

together as (
    select
        *,
        case
            when dimension = 'tariff' and answers > 0
                then answers_for_margin(promoters / answers, detractors / answers, 5)
        end::bigint as answers_for_margin_5
    from beside
),

latest as (
    select
        t.*,
        p.charge,
        p.promoter,
        p.passive,
        p.detractor,
        p.unanswered,
        p.setup_fee,
        case
            when p.charge = 'called' then ceil(t.answers_for_margin_5 * t.contacts / t.answers)::bigint
        end as calls
    from together as t
    left join price as p
        on
            t.member = p.tariff and t.dimension = 'tariff' and t.currency = p.currency and t.vat = p.vat
            and t.period_end >= p.price_from
    qualify row_number() over (
        partition by t.dimension, t.member, t.currency, t.vat, t.period_grain, t.period_start
        order by p.price_from desc nulls last
    ) = 1
)

select
    dimension,
    member,
    period_grain,
    period_start,
    period_end,
    currency,
    vat,
    contacts,
    answers,
    promoters,
    passives,
    detractors,
    detractor_reasons,
    cost,
    setup_cost,
    cost / nullif(answers, 0) as cost_per_answer,
    cost / nullif(detractor_reasons, 0) as cost_per_detractor_reason,
    answers_for_margin_5,
    -- Divided last, in hundredths: half a cent is kept in full, and rounded up.
    (
        round(
            100
            * (
                answers * (setup_fee + coalesce((calls - answers_for_margin_5) * unanswered, 0))
                + answers_for_margin_5 * (promoters * promoter + passives * passive + detractors * detractor)
            )
            / nullif(answers, 0)
        )
        / 100
    )::decimal(18, 2) as cost_for_margin_5,
    period_end < (select a.today from about as a) as is_complete,
    (select p.published_at from publication as p) as as_of
from latest
order by dimension, member, period_grain, period_start, currency, vat;
