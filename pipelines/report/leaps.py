"""What changes from one month to the next as only mistakes do: scores that leap, other names, missing years.

Here: sentences about the published file. Not here: what is odd in one file (`pipelines.intake.notes`), how many answers
there are (`pipelines.stages.volume`), changes as figures (`models/scores/measured.sql`).
"""

from __future__ import annotations

from typing import Final

from pipelines.recipes import month_key
from pipelines.shown import counted
from warehouse.query import Ask, QueryError

_SHOWN: Final = 5
#: Of each survey the largest leap between two months of thirty answers each: 60 points, and six standard errors.
_SCORES: Final = """
with months as (
    select
        survey, month, sum(responses)::bigint as answers, (sum(promoters) - sum(detractors)) / answers as score,
        ((sum(promoters) + sum(detractors)) / answers - score * score) / answers as variance
    from marts.fct_nps
    group by all
),
pairs as (
    select
        *, lag(month) over earlier as last_month, lag(answers) over earlier as last_answers,
        lag(score) over earlier as last_score, lag(variance) over earlier as last_variance
    from months
    window earlier as (partition by survey order by month)
)
select survey, month, answers, 100 * score as nps, last_month, last_answers, 100 * last_score as last_nps
from pairs
where least(answers, last_answers) >= 30 and abs(score - last_score) >= 0.6
    and (score - last_score) ** 2 > 36 * (variance + last_variance)
qualify row_number() over (partition by survey order by abs(score - last_score) desc, month) = 1
order by survey
"""
#: The last month in which most answers are of branches that begin, where most of the one before were of such as end.
_BRANCHES: Final = """
with answers as (
    select
        branch, month, sum(responses)::bigint as answers,
        min(month) over (partition by branch) as first_month, max(month) over (partition by branch) as last_month
    from marts.fct_nps
    semi join (from marts.dim_branch where not is_known) using (branch)
    where branch <> 'unknown'
    group by branch, month
),
months as (
    select
        month, sum(answers)::bigint as answers,
        coalesce(sum(answers) filter (first_month = month), 0)::bigint as begun,
        coalesce(sum(answers) filter (last_month = month), 0)::bigint as ended,
        list(branch order by branch) filter (first_month = month) as new,
        list(branch order by branch) filter (last_month = month) as old
    from answers
    group by month
),
pairs as (
    select
        *, lag(answers) over earlier as last_answers, lag(ended) over earlier as last_ended,
        lag(old) over earlier as last_old
    from months
    window earlier as (order by month)
)
select month, begun, answers, new, last_old
from pairs
where least(answers, last_answers) >= 20 and begun * 2 >= answers and last_ended * 2 >= last_answers
order by month desc
limit 1
"""
#: Answers before or after the longest gap of five years or more, on the side that has fewer.
_YEARS: Final = """
with months as (select month, sum(responses)::bigint as answers from marts.fct_nps group by month),
gaps as (
    select
        month, lag(month) over (order by month) as month_before,
        coalesce(sum(answers) over (order by month rows between unbounded preceding and 1 preceding), 0) as before,
        sum(answers) over (order by month rows between current row and unbounded following) as after
    from months
)
select month_before, month, before::bigint, after::bigint
from gaps
where datediff('month', month_before, month) >= 60
order by datediff('month', month_before, month) desc, month
limit 1
"""


def leaps(ask: Ask) -> list[str]:
    """A sentence for each survey whose score leaps, and where branches all have other names or years are missing."""
    try:
        return [*_scores(ask), *_branches(ask), *_years(ask)]
    except QueryError:
        return []  # it was published before there were such tables


def _scores(ask: Ask) -> list[str]:
    return [
        f"The score of {survey} leaps from {before:.1f} ({counted(answers_before, 'answer')} in {month_key(month_before)}) "
        f"to {nps:.1f} ({answers:,} in {month_key(month)}), which clients alone seldom do. Has the scale changed or been "
        "turned around, or does another question stand in place of the score?"
        for survey, month, answers, nps, month_before, answers_before, before in ask(_SCORES).iter_rows()
    ]


def _branches(ask: Ask) -> list[str]:
    return [
        f"In {month_key(month)} most answers ({begun:,} of {answers:,}) are of branches that nobody named before "
        f"({_named(new)}), and {_named(old)} have none any more. If only the names changed, they are counted apart: give "
        "both names in a list of branches (dimensions of nps.yaml), or one name in the files."
        for month, begun, answers, new, old in ask(_BRANCHES).iter_rows()
    ]


def _years(ask: Ask) -> list[str]:
    return [
        f"There are {counted(before, 'answer')} of {month_key(last)} or earlier, {after:,} of {month_key(first)} or later, "
        "and none of the years between. Has a year been mistyped, or was a clock wrong? See whose they are with: "
        f"nps explain --month {month_key(last if before <= after else first)}"
        for last, first, before, after in ask(_YEARS).iter_rows()
    ]


def _named(branches: list[str]) -> str:
    shown = ", ".join(branches[:_SHOWN])
    return f"{shown} and {len(branches) - _SHOWN:,} more" if len(branches) > _SHOWN else shown
