-- One row per month of the answer, branch, industry, category and horizon: what clients did in so many days after their
-- last answer of the month.
--
-- Reads: followed, ends, client_list, referral (whether lists say who brought whom), deed_setting (whether amounts are
-- all of one currency, and of how few clients none are shown).
create table nps.marts.fct_outcome as
with horizons as (
    select
        unnest([30, 90, 180, 365]) as horizon,
        unnest([1, 2, 3, 4]) as place
),

-- Whoever was brought was so by the last answer of who brought them.
brought as (
    select
        f.month,
        f.client,
        c.first_seen - f.answered_on as after
    from client_list as c
    inner join followed as f on c.referrer = f.client
    where c.first_seen > f.answered_on
    qualify row_number() over (partition by c.listed order by f.answered_on desc, f.month desc) = 1
),

brought_by as (
    select
        month,
        client,
        list(after) as brought_after
    from brought
    group by month, client
),

seen as (
    select
        f.month,
        f.branch,
        f.industry,
        f.category,
        h.horizon,
        coalesce(f.answered_on + h.horizon <= e.bought_until, false) as is_complete,
        coalesce(f.answered_on + h.horizon <= e.cancelled_until, false) and not f.had_cancelled as is_at_risk,
        coalesce(f.bought_after <= h.horizon, false) as has_bought,
        coalesce(f.cancelled_after <= h.horizon, false) as has_cancelled,
        coalesce(
            s.has_revenue and f.answered_on + h.horizon <= e.paid_until
            and f.answered_on - h.horizon + 1 >= e.paid_from,
            false
        ) as is_compared,
        coalesce(f.revenue_before[h.place], 0) as revenue_before,
        coalesce(f.revenue_after[h.place], 0) as revenue_after,
        len(list_filter(coalesce(b.brought_after, []), lambda after: after <= h.horizon)) as referred
    from followed as f
    left join brought_by as b on f.month = b.month and f.client = b.client
    cross join horizons as h
    cross join ends as e
    cross join deed_setting as s
),

counted as (
    select
        month,
        branch,
        industry,
        category,
        horizon,
        count(*) as clients,
        count_if(is_complete) as complete,
        count_if(is_complete and has_bought) as bought_again,
        count_if(is_at_risk) as at_risk,
        count_if(is_at_risk and has_cancelled) as churned,
        count_if(is_compared) as compared,
        sum(revenue_before) filter (where is_compared) as revenue_before,
        sum(revenue_after) filter (where is_compared) as revenue_after,
        sum(referred)::bigint as referred
    from seen
    group by month, branch, industry, category, horizon
)

select
    c.month,
    c.branch,
    c.industry,
    c.category,
    c.horizon,
    c.clients,
    c.complete,
    c.bought_again,
    c.at_risk,
    c.churned,
    c.compared,
    case when c.compared >= s.fewest then c.revenue_before::decimal(18, 2) end as revenue_before,
    case when c.compared >= s.fewest then c.revenue_after::decimal(18, 2) end as revenue_after,
    case when r.has_referrers then c.referred end as referred,
    (select p.published_at from publication as p) as as_of
from counted as c
cross join deed_setting as s
cross join referral as r
order by c.month, c.branch, c.industry, c.category, c.horizon;
