-- One row more in `restated` per figure of $mart that was published of a period that had ended, and is another now.
--
-- Reads: published (the file that this one will take the place of), nps (this one), publication, renamed (names that
-- are shown in another spelling now: no figure is another for it).
insert into restated
select
    p.published_at as restated_at,
    (select w.published_at from published.meta.publish as w) as published_before,
    '$mart' as mart,
    b.period_grain,
    b.period_start,
    b.period_end,
    nullif('$dimension', '') as dimension,
    nullif(concat_ws(', ', $members), '') as member,
    b.responses as from_responses,
    coalesce(n.responses, 0) as to_responses,
    b.nps as from_nps,
    n.nps as to_nps,
    '' as why,
    p.accepted_by
from published.marts.$mart as b
cross join publication as p
$renamed
left join nps.marts.$mart as n on $same
where
    b.is_complete
    and (b.promoters, b.passives, b.detractors) is distinct from (n.promoters, n.passives, n.detractors);
