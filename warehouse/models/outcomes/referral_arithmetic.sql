-- One row per dimension, member of it and period: how many clients would be won and lost if each promoter brought, and
-- each detractor turned away, as many as is assumed; and how many of the list were really brought by them.
--
-- Reads: scored (the scores of all, of branches and of industries), referral (the two factors, and whose they are),
-- answered, client_list.
create table nps.marts.referral_arithmetic as
with counted as (
    select
        of.dimension,
        case when of.dimension = 'all' then 'all' else s.member end as member,
        s.period_grain,
        s.period_start,
        s.period_end,
        s.responses,
        s.promoters,
        s.detractors,
        s.is_low_sample,
        s.is_complete
    from scored as s
    inner join (
        values ('nps_overall', 'all'), ('nps_by_branch', 'branch'), ('nps_by_industry', 'industry')
    ) as of (mart, dimension) on s.mart = of.mart
),

-- Whoever was brought was so by the last answer of who brought them, at most a year before.
brought as (
    select
        c.listed as brought,
        a.month,
        a.branch,
        a.industry
    from client_list as c
    inner join answered as a on c.referrer = a.client
    where c.first_seen > a.answered_on and c.first_seen <= a.answered_on + 365
    qualify row_number() over (partition by c.listed order by a.answered_at desc, a.place desc) = 1
),

spread as (
    select
        month,
        unnest(['all', 'branch', 'industry']) as dimension,
        unnest(['all', branch, industry]) as member
    from brought
),

observed as (
    select
        s.dimension,
        s.member,
        g.period_grain,
        starts_on(g.period_grain, s.month) as period_start,
        count(*) as observed_referred
    from spread as s
    cross join grains() as g
    group by all
),

weighed as (
    select
        c.*,
        f.per_promoter,
        f.per_detractor,
        f.source_of_factor,
        c.promoters * f.per_promoter + c.detractors * f.per_detractor as expected_net
    from counted as c
    cross join referral as f
    where c.period_grain in ('month', 'quarter', 'year') and c.responses > 0
)

select
    w.dimension,
    w.member,
    w.period_grain,
    w.period_start,
    w.period_end,
    w.responses,
    w.promoters,
    w.detractors,
    w.per_promoter,
    w.per_detractor,
    w.source_of_factor,
    w.expected_net,
    1000 * w.expected_net / w.responses as per_1000_clients,
    1000 * w.expected_net / w.responses
    - referral_margin(w.promoters, w.detractors, w.responses, w.per_promoter, w.per_detractor) as per_1000_low,
    1000 * w.expected_net / w.responses
    + referral_margin(w.promoters, w.detractors, w.responses, w.per_promoter, w.per_detractor) as per_1000_high,
    case when f.has_referrers then coalesce(o.observed_referred, 0) end as observed_referred,
    w.is_low_sample,
    w.is_complete,
    (select p.published_at from publication as p) as as_of
from weighed as w
cross join referral as f
left join observed as o
    on
        w.dimension = o.dimension and w.member = o.member and w.period_grain = o.period_grain
        and w.period_start = o.period_start
order by w.dimension, w.member, w.period_grain, w.period_start;
