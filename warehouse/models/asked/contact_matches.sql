-- One row per source of contacts whose answers stand in another source: how many of these answers are to a contact,
-- from the first month of contacts on. No equation holds: links are forwarded, and people answer whom nobody asked.
--
-- Reads: asked, asking, outcomes (what became of the answers of each file).
create table nps.meta.contact_matches as
with told as (
    select
        source,
        min(month) as first_month,
        coalesce(sum(answers) filter (where is_counted and is_matched), 0)::bigint as matched,
        coalesce(sum(asked_after) filter (where is_counted and is_matched), 0)::bigint as asked_after
    from asked
    where month > date '1900-01-01'
    group by source
)

select
    t.source,
    a.answered_in,
    t.first_month as contacts_since,
    t.matched,
    coalesce(sum(o.answers), 0)::bigint as answers,
    t.matched / nullif(sum(o.answers), 0) as match_rate,
    t.asked_after as asked_after_answer
from told as t
inner join asking as a on t.source = a.source
left join outcomes as o
    on
        a.answered_in = o.source and t.first_month <= o.month
        and coalesce(o.rule, '') not in ('redelivered', 'snapshot_replaced')
where a.answered_in is not null
group by t.source, a.answered_in, t.first_month, t.matched, t.asked_after
order by t.source;
