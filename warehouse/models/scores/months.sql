-- One row more in `monthly` per group of $mart and month with answers.
--
-- Reads: facts (or facts_apart).
insert into monthly
select
    '$mart' as mart,
    $member as member,
    $second as second,
    month,
    sum(responses)::bigint as responses,
    sum(promoters)::bigint as promoters,
    sum(passives)::bigint as passives,
    sum(detractors)::bigint as detractors,
    sum(nonstandard_responses)::bigint as nonstandard_responses,
    sum(case when nonstandard_responses = 0 then promoters - detractors else 0 end)::bigint as standard_balance,
    sum(weight_sum) as weight_sum,
    sum(weight_promoters) as weight_promoters,
    sum(weight_detractors) as weight_detractors,
    sum(weight_sq_sum) as weight_sq_sum
from $facts
where $holds
group by all;
