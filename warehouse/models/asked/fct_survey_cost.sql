-- One row per month, branch, survey, wave, tariff, line and price: what asking clients cost. Amounts of a line add up
-- to the sum of the invoice, which is rounded once: cents that are left go to the largest remainders, then by name.
--
-- Reads: charges.
create table nps.marts.fct_survey_cost as
with pools as (
    select
        pool,
        sum(weight)::hugeint as weights,
        (100 * coalesce(any_value(fee), round(sum(units * unit_price), 2)))::hugeint as cents
    from charges
    group by pool
),

shared as (
    select
        c.*,
        p.cents * c.weight // p.weights as whole_cents,
        p.cents * c.weight % p.weights as remainder,
        p.cents
    from charges as c
    inner join pools as p on c.pool = p.pool
),

placed as (
    select
        *,
        row_number() over (
            partition by pool
            order by remainder desc, branch asc, survey asc, wave asc
        ) as place,
        cents - sum(whole_cents) over (partition by pool) as cents_left
    from shared
)

select
    month,
    branch,
    survey,
    wave,
    tariff,
    line,
    units,
    unit_price,
    ((whole_cents + case when place <= cents_left then 1 else 0 end)::decimal(20, 2) / 100)::decimal(18, 2) as amount,
    currency,
    vat,
    (select p.published_at from publication as p) as as_of
from placed
order by month, branch, survey, wave, tariff, line, unit_price;
