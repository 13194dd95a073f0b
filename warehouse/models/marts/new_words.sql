-- One row per month and word of clients' comments that is much more frequent in it than in the twelve months before.
-- Never one that is written with a capital inside of sentences as a rule, as names are, or that too few people said.
--
-- Reads: words (month, word, answers, people, named, small), words_setting (said_by), mentioned (comments by month),
-- about.
create table nps.marts.new_words as
with commented as (
    select
        month,
        sum(answers)::bigint as comments
    from mentioned
    where kind = 'comment' and brand = 'own' and is_headline
    group by month
),

-- What a month is held against: the comments of the twelve months before.
paired as (
    select
        c.month,
        c.comments,
        b.month as earlier
    from commented as c
    inner join commented as b on c.month > b.month and c.month - interval 12 months <= b.month
),

against as (
    select
        p.month,
        p.comments,
        sum(b.comments)::bigint as comments_before
    from paired as p
    inner join commented as b on p.earlier = b.month
    group by p.month, p.comments
),

before as (
    select
        p.month,
        w.word,
        sum(w.answers)::bigint as mentions_before,
        sum(w.named)::bigint as named_before,
        sum(w.small)::bigint as small_before
    from paired as p
    inner join words as w on p.earlier = w.month
    group by p.month, w.word
),

counted as (
    select
        w.month,
        w.word,
        w.answers as mentions,
        w.people,
        a.comments,
        coalesce(b.mentions_before, 0) as mentions_before,
        a.comments_before,
        w.named + coalesce(b.named_before, 0) as named,
        w.small + coalesce(b.small_before, 0) as small
    from words as w
    inner join against as a on w.month = a.month
    left join before as b on w.month = b.month and w.word = b.word
    where w.people >= (select s.said_by from words_setting as s)
),

measured as (
    select
        *,
        log_ratio(mentions, comments, mentions_before, comments_before) as log_ratio,
        log_likelihood(mentions, comments, mentions_before, comments_before) as log_likelihood
    from counted
    where small > 3 * named
)

select
    month,
    word,
    mentions,
    people,
    comments,
    mentions_before,
    comments_before,
    log_ratio,
    log_likelihood,
    (month + interval 1 month)::date <= (select today from about) as is_complete,
    (select p.published_at from publication as p) as as_of
from measured
where log_ratio >= 1 and log_likelihood >= 15.13
order by month asc, log_likelihood desc, word asc;
