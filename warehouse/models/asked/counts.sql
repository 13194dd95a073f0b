-- One row per row of contact_counts, under the names that are shown: attempts to ask somebody, and what came of them.
--
-- Reads: contact_counts, came (the day on which a file first came), spelling_of_asked (as which names are shown).
create or replace temp table asked as
select
    c.month,
    c.source,
    c.file_digest,
    c.metric,
    c.survey,
    c.tariff,
    c.price_from,
    c.status,
    c.is_of_answer,
    c.is_counted,
    c.is_matched,
    c.category,
    c.gives_reason,
    c.days,
    c.contacts,
    c.people,
    c.invited,
    c.too_soon,
    c.too_often,
    c.answers,
    c.asked_after,
    f.came_on,
    coalesce(p.shown_as, c.programme) as programme,
    coalesce(o.shown_as, c.brand) as brand,
    coalesce(b.shown_as, c.branch) as branch,
    coalesce(h.shown_as, c.channel) as channel,
    coalesce(w.shown_as, c.wave) as wave
from contact_counts as c
inner join came as f on c.source = f.source and c.file_digest = f.file_digest
left join spelling_of_asked as p on p.attribute = 'programme' and c.programme = p.spelling
left join spelling_of_asked as o on o.attribute = 'brand' and c.brand = o.spelling
left join spelling_of_asked as b on b.attribute = 'branch' and c.branch = b.spelling
left join spelling_of_asked as h on h.attribute = 'channel' and c.channel = h.spelling
left join spelling_of_asked as w on w.attribute = 'wave' and c.wave = w.spelling;
