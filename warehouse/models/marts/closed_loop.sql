-- One row per $keys: what became of the answers of unhappy clients of the period.
--
-- Reads: cases (one per answer, with its state as it stands), facts, periods.
create table nps.marts.$mart as
with opened as (
    select
        $told,
        count(*) as cases,
        count(*) filter (where c.status = 'exempt') as exempt,
        count(*) filter (where c.status <> 'exempt' and c.first_contact_at <= c.due_at) as contacted_in_time,
        count(*) filter (where c.status <> 'exempt' and c.first_contact_at > c.due_at) as contacted_late,
        count(*) filter (where c.is_overdue) as overdue,
        count(*) filter (where c.status = 'open' and not c.is_overdue) as pending,
        count(*) filter (where c.status = 'closed') as closed,
        count(*) filter (where c.status = 'closed' and c.outcome = 'recovered') as recovered,
        median(c.hours_to_contact) filter (where c.status <> 'exempt') as median_hours,
        count(c.next_category) as answered_again,
        count(*) filter (where c.next_category = 'promoter') as became_promoters,
        count(*) filter (where c.next_category = 'detractor') as stayed_detractors,
        max(c.as_of) as as_of
    from cases as c
    inner join periods as p on c.month = p.month and p.metric = 'nps'
    where c.status <> 'void' and p.period_grain in ('month', 'quarter', 'year')
    group by all
),

answered as (
    select
        $told,
        sum(c.detractors)::bigint as detractors
    from facts as c
    inner join periods as p on c.month = p.month and c.metric = p.metric
    where c.metric = 'nps' and c.brand = 'own' and p.period_grain in ('month', 'quarter', 'year')
    group by all
    having sum(c.detractors) > 0
),

counted as (
    select
        $keys,
        coalesce(a.detractors, 0) as detractors,
        coalesce(o.cases, 0) as cases,
        coalesce(o.exempt, 0) as exempt,
        coalesce(o.contacted_in_time, 0) as contacted_in_time,
        coalesce(o.contacted_late, 0) as contacted_late,
        coalesce(o.overdue, 0) as overdue,
        coalesce(o.pending, 0) as pending,
        coalesce(o.closed, 0) as closed,
        coalesce(o.recovered, 0) as recovered,
        o.median_hours,
        coalesce(o.answered_again, 0) as answered_again,
        coalesce(o.became_promoters, 0) as became_promoters,
        coalesce(o.stayed_detractors, 0) as stayed_detractors,
        o.as_of
    from answered as a
    full join opened as o using ($keys)
)

select
    $keys,
    detractors,
    cases,
    exempt,
    contacted_in_time,
    contacted_late,
    overdue,
    pending,
    closed,
    recovered,
    contacted_in_time / nullif(cases - exempt - pending, 0) as in_time_rate,
    wilson_end(contacted_in_time, cases - exempt - pending, -1) as in_time_rate_low,
    wilson_end(contacted_in_time, cases - exempt - pending, 1) as in_time_rate_high,
    median_hours,
    answered_again,
    became_promoters,
    stayed_detractors,
    as_of
from counted
order by $keys;
