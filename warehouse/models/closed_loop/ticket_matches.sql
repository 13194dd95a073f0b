-- One row: of how many tickets of the last dumps it is known which case they are of, and in which way.
--
-- Reads: tickets (id, client, several, neither: how many, one row).
create table nps.meta.ticket_matches as
select
    id + client + several + neither as tickets,
    id as by_id,
    client as by_client,
    several as of_several,
    neither as of_none
from tickets;
