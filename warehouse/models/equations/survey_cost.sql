-- Equations about what asking cost, in hundredths of the currency.
--
-- Reads: charges.
with invoices as (
    select
        pool,
        any_value(fee) as fee,
        round(sum(units * unit_price), 2) as calls
    from charges
    group by pool
)

select
    'cost of calls = units x prices' as name,
    (select 100 * sum(calls) from invoices) as expected,
    (
        select 100 * sum(amount) from nps.marts.fct_survey_cost
        where line <> 'setup_fee'
    ) as found
union all
select
    'cost of setting up = fee of each campaign' as name,
    (select 100 * sum(fee) from invoices) as expected,
    (
        select 100 * sum(amount) from nps.marts.fct_survey_cost
        where line = 'setup_fee'
    ) as found
union all
select
    'survey_cost of all, months = fct_survey_cost' as name,
    (select 100 * sum(amount) from nps.marts.fct_survey_cost) as expected,
    (
        select 100 * sum(cost) from nps.marts.survey_cost
        where dimension = 'all' and period_grain = 'month'
    ) as found
union all
select
    'survey_cost of branches = of all' as name,
    (
        select 100 * sum(cost) from nps.marts.survey_cost
        where dimension = 'all'
    ) as expected,
    (
        select 100 * sum(cost) from nps.marts.survey_cost
        where dimension = 'branch'
    ) as found;
