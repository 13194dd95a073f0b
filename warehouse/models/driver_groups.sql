-- Grain: dimension, period and member; each mart of `warehouse.marts.drivers` adds its own.
create or replace temp table driver_groups (
    dimension varchar,
    period_grain varchar,
    period_start date,
    period_end date,
    member varchar,
    responses bigint,
    nps double
);
