-- One row per month, branch, survey, wave, tariff, price and line: what contacts are charged for, before any rounding.
--
-- `pool` are the lines that one sum of the invoice is of: calls of a month at one price, or the fee of a campaign,
-- which is booked in its first month, over the branches by their contacts in that month: the first one of the files
-- that came first, so that a late file with contacts of before moves no fee out of a closed month. Detractors who cost
-- more than passives do so in a line of their own.
--
-- Reads: asked, price (tariffs of nps.yaml).
create or replace temp table charges as
with priced as (
    select
        a.month,
        a.branch,
        a.survey,
        a.wave,
        a.tariff,
        a.price_from,
        a.status,
        a.category,
        a.contacts,
        a.came_on,
        p.currency,
        p.vat,
        p.charge,
        p.promoter,
        p.passive,
        p.detractor,
        p.unanswered,
        p.setup_fee
    from asked as a
    inner join price as p on a.tariff = p.tariff and a.price_from = p.price_from
    where a.metric = 'nps' and a.is_counted and a.month > date '1900-01-01'
),

calls as (
    select
        *,
        'call_answered' as line,
        case
            when category = 'promoter' then promoter
            when category = 'detractor' then least(passive, detractor)
            else passive
        end as unit_price
    from priced
    where status = 'answered'
    union all
    select
        *,
        'detractor_surcharge' as line,
        detractor - passive as unit_price
    from priced
    where status = 'answered' and category = 'detractor' and detractor > passive
    union all
    select
        *,
        'call_unanswered' as line,
        unanswered as unit_price
    from priced
    where status <> 'answered' and charge = 'called'
),

begun as (
    select
        tariff,
        survey,
        wave,
        month
    from priced
    qualify row_number() over (partition by tariff, survey, wave order by came_on, month) = 1
),

fees as (
    select
        p.tariff,
        p.survey,
        p.wave,
        p.month,
        arg_min(p.setup_fee, p.price_from) as setup_fee,
        arg_min(p.currency, p.price_from) as currency,
        arg_min(p.vat, p.price_from) as vat
    from priced as p
    inner join begun as b
        on p.tariff = b.tariff and p.survey = b.survey and p.wave = b.wave and p.month = b.month
    group by p.tariff, p.survey, p.wave, p.month
)

select
    month,
    branch,
    survey,
    wave,
    tariff,
    line,
    currency,
    vat,
    unit_price,
    concat_ws('|', month, tariff, currency, vat, line, unit_price) as pool,
    sum(contacts)::bigint as units,
    sum(contacts)::bigint as weight,
    null::decimal(18, 2) as fee
from calls
group by month, branch, survey, wave, tariff, line, currency, vat, unit_price
union all
select
    p.month,
    p.branch,
    p.survey,
    p.wave,
    p.tariff,
    'setup_fee' as line,
    f.currency,
    f.vat,
    f.setup_fee as unit_price,
    concat_ws('|', 'fee', p.tariff, p.survey, p.wave) as pool,
    null as units,
    sum(p.contacts)::bigint as weight,
    any_value(round(f.setup_fee, 2))::decimal(18, 2) as fee
from priced as p
inner join fees as f on p.tariff = f.tariff and p.survey = f.survey and p.wave = f.wave and p.month = f.month
where f.setup_fee > 0
group by p.month, p.branch, p.survey, p.wave, p.tariff, f.currency, f.vat, f.setup_fee;
