-- One row: which publication this is, and figures of a view for tools. Each client asks it.
select
    (select p.published_at_business::varchar from meta.publish as p) as publication,
    (select sum(m.responses)::bigint from bi.nps_by_branch_month as m) as responses,
    (select (100.0 * (sum(m.promoters) - sum(m.detractors)) / sum(m.responses))::double from bi.nps_by_branch_month as m) as nps
