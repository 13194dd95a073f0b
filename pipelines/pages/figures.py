"""What a report says, out of the published file: of the company, a region or a branch, and of one period.

Here: which figures, all of one publication and none computed. Not here: how they look (`charts`, `report`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from pipelines.errors import UserError
from pipelines.pages.sections import Sections, sections
from pipelines.report.cells import Period
from pipelines.report.members import meant
from warehouse.engine import quoted
from warehouse.published.query import Ask

Row = dict[str, Any]

#: The trend goes so many months back.
_MONTHS: Final = 24
#: What a report of each subject compares, and the mart that tells it.
_OF_COMPANY: Final = {name: f"nps_by_{name}" for name in ("region", "branch", "industry", "channel")}
_OF_BRANCH: Final = {"industry": "nps_by_branch_industry"}
_BEST_FIRST: Final = "{} = 'unknown', nps desc nulls last, responses desc"
_GRAINS: Final = ("quarter", "month", "year")
#: When the file was made, and as far as answers of clients reach.
_PUBLISHED: Final = (
    "select * replace (least(data_through, (select max(last_day(last_month)) from marts.dim_survey where metric = 'nps')) "
    "as data_through) from meta.publish"
)


@dataclass(frozen=True)
class Subject:
    """Whom a report is about."""

    dimension: str | None = None
    """branch or region; None for the company."""
    member: str = ""
    name: str = ""


@dataclass(frozen=True)
class Figures:
    """What a report says. Rows are those of the marts, with the `name` of their group."""

    subject: Subject
    period: Period
    headline: Row
    trend: list[Row]
    groups: dict[str, list[Row]]
    """By dimension its groups, the best first."""
    drivers: list[Row]
    """What each branch brought to the change of the whole, the greatest effect first."""
    employees: Row | None
    sections: Sections
    left_out: list[Row]
    """`outcome, reason, rows` of the period."""
    published: Row


def figures(ask: Ask, subject: Subject, period: Period | str | None) -> Figures:
    """Read a report's figures; where no period is given, of the last quarter that has ended, or else month or year.

    A period may be a grain: then it is the last one of it that has ended.
    One of few answers is passed over for an earlier one of enough.

    `subject` is named by code or name. Raises `UserError` where nothing is published of it.
    """
    subject = _known(ask, subject)
    if not isinstance(period, Period):
        period = _last(ask, subject, (period,) if period else _GRAINS)
    rows = _rows(ask, _mart(subject), _of(subject), period)
    if not rows:
        there = _latest(ask, subject, period.grain)
        raise UserError(f"Nothing is published of {subject.name or 'the company'} for {period.label}.{there}")
    return Figures(
        subject,
        period,
        rows[0],
        _trend(ask, subject, period),
        {name: found for name, found in _groups(ask, subject, period).items() if found},
        _drivers(ask, period) if subject.dimension is None else [],
        next(iter(_rows(ask, "enps_overall", "true", period)), None) if subject.dimension is None else None,
        sections(ask, subject.dimension, subject.member, period),
        _left_out(ask, period) if subject.dimension is None else [],
        ask(_PUBLISHED).row(0, named=True),
    )


def _mart(subject: Subject) -> str:
    return f"nps_by_{subject.dimension}" if subject.dimension else "nps_overall"


def _of(subject: Subject) -> str:
    return f"{subject.dimension} = {quoted(subject.member)}" if subject.dimension else "true"


def _known(ask: Ask, subject: Subject) -> Subject:
    """The subject by its code, with its name. What is typed may be either, in capitals or small letters."""
    if subject.dimension is None:
        return subject
    name = "name" if subject.dimension == "branch" else "region"
    there = ask(f"from marts.dim_branch select distinct {subject.dimension} as member, {name} as name order by all")
    titles = dict(there.iter_rows())
    if (member := meant(subject.member, subject.dimension, titles.items())) is not None:
        return Subject(subject.dimension, member, titles[member] or member)
    known = ", ".join(title or member for member, title in there.iter_rows())
    raise UserError(f"There is no {subject.dimension} {subject.member!r} in what is published; there are: {known}.")


def _last(ask: Ask, subject: Subject, grains: Sequence[str]) -> Period:
    ended = ask(
        f"from marts.{_mart(subject)} select period_grain, arg_max(period_start, (not is_low_sample, period_start)) "
        f"where {_of(subject)} and is_complete group by period_grain"
    )
    starts = dict(ended.iter_rows())
    grain = next((each for each in grains if each in starts), None)
    if grain is None:
        raise UserError(
            f"No {grains[-1] if len(grains) == 1 else 'month'} of {subject.name or 'the company'} has ended yet: say which "
            "period is meant, such as --month 2025-03."
        )
    return Period.of(grain, starts[grain])


def _latest(ask: Ask, subject: Subject, grain: str) -> str:
    """The last period of a grain that is published, as a sentence; nothing where none is."""
    of = f"{_of(subject)} and period_grain = '{grain}'"
    last = ask(f"from marts.{_mart(subject)} select max(period_start) where {of}").item()
    return f" The last is {Period.of(grain, last).label}." if last else ""


def _rows(ask: Ask, mart: str, condition: str, period: Period, order: str = "all") -> list[Row]:
    return ask(
        f"from marts.{mart} where ({condition}) and period_grain = '{period.grain}' "
        f"and period_start = date '{period.start}' order by {order}"
    ).to_dicts()


def _trend(ask: Ask, subject: Subject, period: Period) -> list[Row]:
    """The months up to the last one of the period."""
    last = period.months[-1]
    return ask(
        f"from marts.{_mart(subject)} where {_of(subject)} and period_grain = 'month' and period_start <= date '{last}' "
        f"and period_start > date '{last}' - interval {_MONTHS} month order by period_start"
    ).to_dicts()


def _groups(ask: Ask, subject: Subject, period: Period) -> dict[str, list[Row]]:
    marts = {None: _OF_COMPANY, "branch": _OF_BRANCH}.get(subject.dimension, {})
    there = set(ask("select table_name from duckdb_tables() where schema_name = 'marts'").to_series())
    found = {
        dimension: _named(ask, dimension, _rows(ask, mart, _of(subject), period, _BEST_FIRST.format(dimension)))
        for dimension, mart in marts.items()
        if mart in there
    }
    if subject.dimension == "region":
        inside = f"branch in (from marts.dim_branch select branch where {_of(subject)})"
        found["branch"] = _named(
            ask, "branch", _rows(ask, "nps_by_branch", inside, period, _BEST_FIRST.format("branch"))
        )
    return found


def _named(ask: Ask, dimension: str, rows: list[Row]) -> list[Row]:
    names = dict(ask("select branch, name from marts.dim_branch").iter_rows()) if dimension == "branch" else {}
    return [{**row, "name": names.get(row[dimension]) or row[dimension]} for row in rows]


def _drivers(ask: Ask, period: Period) -> list[Row]:
    rows = _rows(ask, "nps_change_drivers", "dimension = 'branch'", period, "abs(effect) desc, member")
    return _named(ask, "branch", [{**row, "branch": row["member"]} for row in rows])


def _left_out(ask: Ask, period: Period) -> list[Row]:
    return ask(
        "from meta.rejections select outcome, reason, sum(rejected_rows)::bigint as rows "
        f"where month between '{period.months[0]}' and '{period.months[-1]}' group by all order by rows desc, reason"
    ).to_dicts()
