-- One row per survey whose score leaps between two months of thirty answers each, by 60 points and six standard errors:
-- its largest leap.
--
-- Reads: marts.fct_nps.
with months as (
    select
        survey,
        month,
        sum(responses)::bigint as answers,
        (sum(promoters) - sum(detractors)) / answers as score,
        ((sum(promoters) + sum(detractors)) / answers - score * score) / answers as variance
    from marts.fct_nps
    group by all
),

pairs as (
    select
        *,
        lag(month) over earlier as last_month,
        lag(answers) over earlier as last_answers,
        lag(score) over earlier as last_score,
        lag(variance) over earlier as last_variance
    from months
    window earlier as (partition by survey order by month)
)

select
    survey,
    month,
    answers,
    100 * score as nps,
    last_month,
    last_answers,
    100 * last_score as last_nps
from pairs
where
    least(answers, last_answers) >= 30 and abs(score - last_score) >= 0.6
    and (score - last_score) ** 2 > 36 * (variance + last_variance)
qualify row_number() over (partition by survey order by abs(score - last_score) desc, month) = 1
order by survey;
