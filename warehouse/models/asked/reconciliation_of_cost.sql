-- Further rows of meta.reconciliation: equations about what asking cost, in hundredths of the currency.
--
-- Reads: charges.
insert into nps.meta.reconciliation
with invoices as (
    select
        pool,
        any_value(fee) as fee,
        round(sum(units * unit_price), 2) as calls
    from charges
    group by pool
),

equations as (
    select
        'cost of calls = units x prices' as name,
        (select sum(calls) from invoices) as expected,
        (
            select sum(amount) from nps.marts.fct_survey_cost
            where line <> 'setup_fee'
        ) as found
    union all
    select
        'cost of setting up = fee of each campaign' as name,
        (select sum(fee) from invoices) as expected,
        (
            select sum(amount) from nps.marts.fct_survey_cost
            where line = 'setup_fee'
        ) as found
    union all
    select
        'survey_cost of all, months = fct_survey_cost' as name,
        (select sum(amount) from nps.marts.fct_survey_cost) as expected,
        (
            select sum(cost) from nps.marts.survey_cost
            where dimension = 'all' and period_grain = 'month'
        ) as found
    union all
    select
        'survey_cost of branches = of all' as name,
        (
            select sum(cost) from nps.marts.survey_cost
            where dimension = 'all'
        ) as expected,
        (
            select sum(cost) from nps.marts.survey_cost
            where dimension = 'branch'
        ) as found
)

select
    name,
    (100 * coalesce(expected, 0))::bigint as expected,
    (100 * coalesce(found, 0))::bigint as found,
    (100 * (coalesce(found, 0) - coalesce(expected, 0)))::bigint as difference
from equations;
