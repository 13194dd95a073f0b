"""Surveys, channels and branches without a promoter where others have many: they were probably asked on another scale.

Here: sentences about the published file. Not here: the same of a file that is new (`pipelines.sniff.proposal.scale_parts`),
scores that leap from one month to the next (`leaps`).
"""

from __future__ import annotations

from datetime import date
from typing import Final

from pipelines.recipes import month_key
from warehouse.query import Ask, QueryError

#: Of each part its largest run of months without a promoter: thirty answers, and by chance in one of a million.
_PARTS: Final = """
with answers as (
    select kind, name, month, sum(responses)::bigint as answers, sum(promoters)::bigint as promoters,
        sum(detractors)::bigint as detractors
    from (
        select 1 as kind, survey as name, * from marts.fct_nps union all by name
        select 2 as kind, channel as name, * from marts.fct_nps union all by name
        select 3 as kind, branch as name, * from marts.fct_nps
    )
    where name <> 'unknown'
    group by kind, name, month
),
numbered as (
    select *, sum((promoters > 0)::int) over (partition by kind, name order by month) as run from answers
),
runs as (
    select
        kind, name, min(month) as first_month, max(month) as last_month, sum(answers)::bigint as answers,
        sum(detractors)::bigint as detractors
    from numbered
    where promoters = 0
    group by kind, name, run
    having sum(answers) >= 30
),
months as (
    select kind, month, sum(answers) as answers, sum(promoters) as promoters from answers group by kind, month
),
beside as (
    select
        runs.kind, runs.name, runs.first_month, runs.last_month, runs.answers, runs.detractors,
        sum(months.promoters) / greatest(sum(months.answers) - any_value(runs.answers), 1) as share
    from runs
    inner join months on runs.kind = months.kind and months.month between runs.first_month and runs.last_month
    group by all
)
select ['survey', 'channel', 'branch'][kind] as kind, name, first_month, last_month, answers, detractors, share
from beside
where share > 0 and (share >= 1 or answers * ln(1 - share) < ln(1e-6))
qualify row_number() over (partition by kind, name order by answers desc, first_month) = 1
    and row_number() over (partition by first_month, last_month, answers order by kind) = 1
order by answers desc, kind, name
limit 5
"""


def low_parts(ask: Ask) -> list[str]:
    """A sentence for each part without a promoter."""
    try:
        return [
            f"None of {answers:,} answers of {kind} {name} {_when(first, last)} is a promoter's (NPS "
            f"{-100 * detractors / answers:.1f}), where {share:.0%} of all others are. Was it asked on another scale, "
            f"such as 1-5, or turned around? Then read it apart (where) with its own scale, and its months are built "
            "anew; if its clients do answer so, nothing is to be done."
            for kind, name, first, last, answers, detractors, share in ask(_PARTS).iter_rows()
        ]
    except QueryError:
        return []  # it was published before there were such tables


def _when(first: date, last: date) -> str:
    return f"in {month_key(first)}" if first == last else f"from {month_key(first)} to {month_key(last)}"
