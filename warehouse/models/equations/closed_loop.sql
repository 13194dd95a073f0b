-- Equations about cases: each answer of an unhappy client is one, in one state.
--
-- Reads: cases, nps.marts.fct_nps, nps.marts.closed_loop.
select
    'detractors of the own brand = cases that are not void' as name,
    (select coalesce(sum(detractors), 0) from nps.marts.fct_nps) as expected,
    (
        select count(*) from cases
        where status <> 'void'
    ) as found
union all
select
    'detractors of each branch and month = its cases: branches and months' as name,
    (
        select count(*) from nps.marts.closed_loop
        where period_grain = 'month'
    ) as expected,
    (
        select count(*) from nps.marts.closed_loop
        where period_grain = 'month' and detractors = cases
    ) as found
union all
select
    'cases = exempt + contacted in time + contacted late + overdue + pending' as name,
    (select coalesce(sum(cases), 0) from nps.marts.closed_loop) as expected,
    (
        select coalesce(sum(exempt + contacted_in_time + contacted_late + overdue + pending), 0)
        from nps.marts.closed_loop
    ) as found;
