-- One row per benchmark of nps.yaml: the score of others that somebody published.
create table nps.marts.benchmark as
select
    industry,
    year as benchmark_year,
    nps as benchmark,
    source as published_by,
    method
from benchmarks
order by industry nulls first, benchmark_year, published_by;
