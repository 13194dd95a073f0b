-- One row per two surveys that have as many promoters, passives and detractors as one another in so many months that it
-- is no chance: two samples of n answers agree in all three by chance about once in n * sqrt(n), so once in a billion.
--
-- Reads: marts.fct_nps.
with months as (
    select
        survey,
        month,
        sum(responses)::bigint as answers,
        sum(promoters)::bigint as promoters,
        sum(detractors)::bigint as detractors
    from marts.fct_nps
    group by survey, month
)

select
    one.survey,
    other.survey as other_survey,
    count(*)::bigint as months,
    sum(one.answers)::bigint as answers,
    min(one.month) as first_month,
    max(one.month) as last_month
from months as one
inner join months as other
    on
        one.month = other.month
        and one.answers = other.answers
        and one.promoters = other.promoters
        and one.detractors = other.detractors
        and one.survey < other.survey
where one.promoters > 0 and one.detractors > 0
group by one.survey, other.survey
having count(*) >= 2 and sum(1.5 * ln(one.answers)) >= ln(1e9)
order by answers desc, survey asc, other_survey asc
limit 5;
