-- One row per industry of any answer.
create table nps.marts.dim_industry as
select distinct industry from facts
order by industry;
