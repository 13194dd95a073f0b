-- One row more in `monthly` per row of nps_by_branch, under what its branch is today: the $today of dim_branch. What is
-- counted of several branches that are together today is added up by whoever reads them.
--
-- Reads: monthly, dim_branch.
insert into monthly
select m.* replace ('$mart' as mart, b.$today as member) -- noqa: AM04
from monthly as m
inner join nps.marts.dim_branch as b on m.member = b.branch
where m.mart = 'nps_by_branch';
