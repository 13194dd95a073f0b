-- One row per month: of how many answers it is known what their clients did afterwards.
--
-- Reads: followed, unfollowed, ends.
create table nps.meta.clients_followed as
with known as (
    select
        month,
        count(*) as clients
    from followed
    group by month
)

select
    u.month,
    u.answers as responses,
    coalesce(k.clients, 0) as clients,
    u.answered_before,
    u.not_known,
    u.of_nobody,
    u.in_list,
    coalesce(k.clients, 0) / nullif(coalesce(k.clients, 0) + u.not_known, 0) as match_rate,
    e.bought_until,
    e.cancelled_until
from unfollowed as u
left join known as k on u.month = k.month
cross join ends as e
order by u.month;
