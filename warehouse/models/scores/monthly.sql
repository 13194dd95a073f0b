-- Grain: mart, group (member and second, '' where it has none) and month; each mart of scores adds its own.
create or replace temp table monthly (
    mart varchar,
    member varchar,
    second varchar,
    month date,
    responses bigint,
    promoters bigint,
    passives bigint,
    detractors bigint,
    nonstandard_responses bigint,
    standard_balance bigint,
    weight_sum double,
    weight_promoters double,
    weight_detractors double,
    weight_sq_sum double
);
