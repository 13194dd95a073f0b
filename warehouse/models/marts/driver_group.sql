-- One row per period and $dimension: what a change of the overall score may come from, among those of other dimensions.
insert into driver_groups
select
    '$dimension' as dimension,
    period_grain,
    period_start,
    period_end,
    $dimension as member,
    responses,
    nps
from nps.marts.$mart;
