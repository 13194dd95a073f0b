-- One row per fact, with every name under the spelling that it is shown as.
--
-- Reads: facts_as_spelt, spelling (attribute, spelling, shown_as).
create or replace temp view facts as
select
    f.month,
    f.metric,
    f.survey,
    f.scale,
    f.responses,
    f.promoters,
    f.passives,
    f.detractors,
    f.score_sum,
    f.weight_sum,
    f.weight_promoters,
    f.weight_passives,
    f.weight_detractors,
    f.weight_sq_sum,
    coalesce(b.shown_as, f.branch) as branch,
    coalesce(i.shown_as, f.industry) as industry,
    coalesce(d.shown_as, f.department) as department,
    coalesce(c.shown_as, f.channel) as channel
from facts_as_spelt as f
left join spelling as b on b.attribute = 'branch' and f.branch = b.spelling
left join spelling as i on i.attribute = 'industry' and f.industry = i.spelling
left join spelling as d on d.attribute = 'department' and f.department = d.spelling
left join spelling as c on c.attribute = 'channel' and f.channel = c.spelling;
