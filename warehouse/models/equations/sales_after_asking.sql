-- Equations about clients who were asked.
--
-- Reads: asked_clients, known_clients, nps.marts.sales_after_asking.
with known as (
    select count(*) as asked
    from asked_clients as a
    inner join known_clients as k on a.client = k.client
    where a.asked_on >= k.known_since
),

months as (
    select
        dimension,
        sum(clients) as clients
    from nps.marts.sales_after_asking
    where period_grain = 'month'
    group by dimension
)

select
    'clients who were asked and known = those of all, of surveys and of waves in sales_after_asking' as name,
    (select 3 * asked from known) as expected,
    (
        select sum(m.clients)
        from months as m
        where m.clients = (select k.asked from known as k)
    ) as found
union all
select
    'clients of sales_after_asking that are complete hold those who bought: rows' as name,
    (select count(*) from nps.marts.sales_after_asking) as expected,
    (
        select count(*) from nps.marts.sales_after_asking
        where bought_again <= complete and bought_before <= complete and complete <= clients
    ) as found;
