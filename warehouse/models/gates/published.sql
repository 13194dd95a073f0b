-- What the gate of the file about to be published looks at: `published_counts` and `published_sums`, to which each mart
-- adds its own (`published_mart`, `published_parts`).
--
-- Reads: nps (the file itself).

-- Grain: mart and counts of a group; `groups` of the mart's rows hold just these. Facts have no score. `employees` are
-- the responses of a group of employees, NULL for clients.
create or replace table published_counts (
    mart varchar,
    responses bigint,
    promoters bigint,
    passives bigint,
    detractors bigint,
    nps double,
    employees bigint,
    groups bigint
);

-- Grain: equation between two stages, or between the marts of clients.
create or replace table published_sums as
select
    name,
    expected,
    found,
    difference
from nps.meta.reconciliation;
