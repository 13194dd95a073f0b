-- Equations about answers, from the files that were accepted to what is published of them.
select
    'accepted answers = responses + superseded' as name,
    (
        select coalesce(sum(accepted), 0) - (select coalesce(sum(answers), 0) from too_early)
        from files
        where status = 'accepted' and not starts_with(source, 'dimension.')
    ) as expected,
    (select coalesce(sum(responses + superseded), 0) from builds) as found
union all
select
    'accepted answers of each file = counted + superseded + before_history: files' as name,
    (
        select count(*) from files
        where status = 'accepted' and not starts_with(source, 'dimension.')
    ) as expected,
    (
        select count(*) from nps.meta.files
        where
            status = 'accepted' and not starts_with(source, 'dimension.')
            and accepted = counted + superseded + before_history
    ) as found
union all
select
    'superseded answers = those of each file, rule and winning file' as name,
    (select coalesce(sum(superseded), 0) from builds) as expected,
    (select coalesce(sum(superseded), 0) from nps.meta.superseded) as found
union all
select
    'rows read = accepted + unanswered + excluded + rejected' as name,
    (select coalesce(sum(rows_read) filter (where status = 'accepted'), 0) from files) as expected,
    (
        select coalesce(sum(accepted + unanswered + excluded + rejected), 0) from files
        where status = 'accepted'
    ) as found
union all
select
    'responses = answers in facts' as name,
    (select coalesce(sum(responses), 0) from builds) as expected,
    (select coalesce(sum(responses), 0) from facts) as found
union all
select
    'facts of clients = nps_by_brand, months' as name,
    (select coalesce(sum(responses) filter (where metric = 'nps'), 0) from facts) as expected,
    (
        select coalesce(sum(responses), 0) from nps.marts.nps_by_brand
        where period_grain = 'month'
    ) as found
union all
select
    'facts of clients about the own brand = fct_nps' as name,
    (select coalesce(sum(responses) filter (where metric = 'nps' and brand = 'own'), 0) from facts) as expected,
    (select coalesce(sum(responses), 0) from nps.marts.fct_nps) as found
union all
select
    'programmes of the headline = overall' as name,
    (select coalesce(sum(promoters - detractors), 0) from nps.marts.nps_overall) as expected,
    (
        select coalesce(sum(promoters - detractors), 0) from nps.marts.nps_by_programme
        where programme in (
            select programme from facts
            where is_headline
        )
    ) as found
union all
select
    'nps_overall, all grains = 3 × fct_nps of the headline' as name,
    (
        select 3 * coalesce(sum(responses), 0) from nps.marts.fct_nps
        where programme in (
            select programme from facts
            where is_headline
        )
    ) as expected,
    (
        select coalesce(sum(responses), 0) from nps.marts.nps_overall
        where period_grain in ('month', 'quarter', 'year')
    ) as found
union all
select
    'sum of branches = overall' as name,
    (select coalesce(sum(promoters - detractors), 0) from nps.marts.nps_overall) as expected,
    (select coalesce(sum(promoters - detractors), 0) from nps.marts.nps_by_branch) as found
union all
select
    'sum of industries = overall' as name,
    (select coalesce(sum(promoters - detractors), 0) from nps.marts.nps_overall) as expected,
    (select coalesce(sum(promoters - detractors), 0) from nps.marts.nps_by_industry) as found
union all
select
    'sum of branches and industries = sum of branches' as name,
    (select coalesce(sum(responses), 0) from nps.marts.nps_by_branch) as expected,
    (select coalesce(sum(responses), 0) from nps.marts.nps_by_branch_industry) as found;
