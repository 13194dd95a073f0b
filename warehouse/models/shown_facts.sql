-- One row per fact, with every name under the spelling that it is shown as.
--
-- Reads: $source, spelling (attribute, spelling, shown_as). What is NULL of a dimension was written before it
-- was declared. `is_headline` tells what the company's score is made of.
create or replace temp table $table as
with named as (
    select
        f.month,
        f.metric,
        $shown,
        f.scale,
        f.responses,
        f.promoters,
        f.passives,
        f.detractors,
        case when is_standard_scale(f.scale) then 0 else f.responses end as nonstandard_responses,
        f.score_sum,
        f.weight_sum,
        f.weight_promoters,
        f.weight_passives,
        f.weight_detractors,
        f.weight_sq_sum
    from $source as f
    $joins
)

select
    *,
    $headline as is_headline
from named;
