-- Equations about what clients did after they had answered.
--
-- Reads: deed_files (rows of each file of an activity, and how many count), deed_feeds, spans, followed.
with files as (
    select
        f.source,
        f.file_digest,
        f.rows_read,
        f.rejected + f.excluded as refused,
        coalesce(d.deeds, 0) as deeds
    from nps.meta.files as f
    left join deed_files as d on f.source = d.source and f.file_digest = d.file_digest
    where f.status = 'accepted' and starts_with(f.source, 'dimension.activity_')
),

horizons as (
    select
        horizon,
        sum(clients) as clients
    from nps.marts.fct_outcome
    group by horizon
),

of_score as (
    select
        period_start as month,
        responses
    from nps.marts.nps_overall
    where period_grain = 'month'
)

select
    'rows read of activity = what clients did + rejected + excluded' as name,
    (select sum(rows_read) from files) as expected,
    (select sum(deeds + refused) from files) as found
union all
select
    'rows read of each file of activity = what clients did + rejected + excluded: files' as name,
    (select count(*) from files) as expected,
    (select count_if(rows_read = deeds + refused) from files) as found
union all
select
    'what clients did = what counts of it + what a newer file tells again' as name,
    (select sum(deeds) from deed_files) as expected,
    (select sum(counted + told_again) from deed_files) as found
union all
select
    'what counts of it = purchases and renewals + refunds + cancellations' as name,
    (select sum(counted) from deed_files) as expected,
    (select sum(bought + refunded + cancelled) from deed_feeds) as found
union all
select
    'responses of the score = clients + answered before + not known + of nobody' as name,
    (select sum(responses) from of_score) as expected,
    (select sum(clients + answered_before + not_known + of_nobody) from nps.meta.clients_followed) as found
union all
select
    'responses of each month of the score = answers that are followed, or it is known why not: months' as name,
    (select count(*) from of_score) as expected,
    (
        select count(*)
        from of_score as o
        inner join nps.meta.clients_followed as f on o.month = f.month
        where o.responses = f.clients + f.answered_before + f.not_known + f.of_nobody
    ) as found
union all
select
    'clients who are followed = those of each horizon of fct_outcome' as name,
    (select 4 * sum(clients) from nps.meta.clients_followed) as expected,
    (
        select sum(h.clients)
        from horizons as h
        where h.clients = (select sum(f.clients) from nps.meta.clients_followed as f)
    ) as found
union all
select
    'clients of fct_outcome = those of all, of branches and of industries in nps_outcomes, by month' as name,
    (select 3 * sum(clients) from nps.marts.fct_outcome) as expected,
    (
        select sum(clients) from nps.marts.nps_outcomes
        where period_grain = 'month'
    ) as found
union all
select
    'clients who bought again, of months = those of years in nps_outcomes' as name,
    (
        select sum(bought_again + churned) from nps.marts.nps_outcomes
        where period_grain = 'month'
    ) as expected,
    (
        select sum(bought_again + churned) from nps.marts.nps_outcomes
        where period_grain = 'year'
    ) as found
union all
select
    'clients of fct_outcome that are complete hold those who bought again or cancelled: rows' as name,
    (select count(*) from nps.marts.fct_outcome) as expected,
    (
        select count(*) from nps.marts.fct_outcome
        where bought_again <= complete and complete <= clients and churned <= at_risk and at_risk <= clients
    ) as found
union all
select
    'clients of months = those of each cohort of nps_by_cohort' as name,
    (select 2 * sum(clients + not_known) from nps.meta.clients_followed) as expected,
    (
        select sum(clients) from nps.marts.nps_by_cohort
        where period_grain = 'month'
    ) as found
union all
select
    'promoters and detractors of the score = those of referral_arithmetic' as name,
    (
        select sum(promoters + detractors) from nps.marts.nps_overall
        where period_grain = 'month'
    ) as expected,
    (
        select sum(promoters + detractors) from nps.marts.referral_arithmetic
        where period_grain = 'month' and dimension = 'all'
    ) as found
union all
select
    'clients who had not cancelled when they answered first = those of churn_curve' as name,
    (select count(*) from spans) as expected,
    (select sum(events + censored) from nps.marts.churn_curve) as found;
