-- One row per equation that must hold between two stages; `difference` is 0 in a file that may be published.
--
-- Reads: one of models/equations, a query of `name, expected, found`.
create table if not exists nps.meta.reconciliation (
    name varchar,
    expected bigint,
    found bigint,
    difference bigint
);

insert into nps.meta.reconciliation
with equations as (
    $equations
)

select
    name,
    coalesce(expected, 0)::bigint as expected,
    coalesce(found, 0)::bigint as found,
    (coalesce(found, 0) - coalesce(expected, 0))::bigint as difference
from equations
order by name;
