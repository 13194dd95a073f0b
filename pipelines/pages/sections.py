"""What a report says beside its scores: who was asked and what it cost, why, what was done, who moved, how rivals stand.

Here: rows of marts that are there only where nps.yaml declares what they are of. Not here: scores (`figures`), how any of it
looks (`report`). A table that is not there, or has nothing of the subject and the period, is no section.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

from pipelines.report.cells import Period
from transforms.tables import CATEGORIES
from warehouse.engine import quoted
from warehouse.published.query import Ask

Row = dict[str, Any]
#: Rows of a mart under a condition, in an order; none where there is no such mart.
Rows = Callable[..., list[Row]]

#: So many days after an answer it is looked what came of it.
HORIZON: Final = 90
#: What clients are grouped by in cohorts.
COHORTS: Final = ("tenure", "lag")
#: Rivals are drawn over so many periods.
_PERIODS: Final = 12


@dataclass(frozen=True)
class Sections:
    """Rows of marts, each list empty where there is nothing to say."""

    funnel: list[Row] = field(default_factory=list)
    costs: list[Row] = field(default_factory=list)
    """One for each currency and kind of VAT."""
    themes: list[Row] = field(default_factory=list)
    """The most harmful first."""
    reasons: list[Row] = field(default_factory=list)
    loop: list[Row] = field(default_factory=list)
    """One of the whole."""
    loops: list[Row] = field(default_factory=list)
    """Those of branches, with `name`; the one of fewest cases in time first."""
    outcomes: list[Row] = field(default_factory=list)
    """One for each category, of the last period up to this one in which all of them are known for `HORIZON` days."""
    stays: list[Row] = field(default_factory=list)
    """By category and day; of all answers so far, not of the period."""
    cohorts: list[Row] = field(default_factory=list)
    referral: list[Row] = field(default_factory=list)
    forecast: list[Row] = field(default_factory=list)
    """Of the quarter that follows the period or that it ends in, with the `name` of each branch, for each model."""
    movement: list[Row] = field(default_factory=list)
    """`from_group, to_group, people`."""
    rivals: list[Row] = field(default_factory=list)
    """Brands of the period, by programme and place."""
    rivals_before: list[Row] = field(default_factory=list)
    """The same of this period and those before it."""


def sections(ask: Ask, dimension: str | None, member: str, period: Period) -> Sections:
    """The sections of the company, or of a branch or region."""
    there = set(ask("select table_name from duckdb_tables() where schema_name = 'marts'").to_series())
    this = f"period_grain = '{period.grain}' and period_start = date '{period.start}'"

    def rows(mart: str, condition: str, order: str = "all", *, of: str = this) -> list[Row]:
        return (
            ask(f"from marts.{mart} where {of} and ({condition}) order by {order}").to_dicts() if mart in there else []
        )

    asked = _of_dimension(dimension, member, "all")
    whole = dimension is None
    before = f"period_grain = '{period.grain}' and period_start <= date '{period.start}'"
    return Sections(
        funnel=rows("survey_funnel", f"metric = 'nps' and {asked} and invited_people > 0"),
        costs=rows("survey_cost", f"{asked} and answers > 0", "cost desc"),
        themes=_why(rows, "theme", dimension, member),
        reasons=_why(rows, "reason_code", dimension, member),
        loop=_loop(rows, dimension, member),
        loops=_loops(ask, rows, dimension, member),
        outcomes=_outcomes(rows("nps_outcomes", f"{asked} and horizon = {HORIZON}", "period_start", of=before)),
        stays=_stays(ask, there) if whole else [],
        cohorts=rows("nps_by_cohort", "true", "band_days nulls last, band") if whole else [],
        referral=rows("referral_arithmetic", f"{asked} and not is_low_sample"),
        forecast=_forecast(ask, rows, dimension, member, period),
        movement=rows("nps_movement", _of_dimension(dimension, member, "overall")),
        rivals=rows("nps_rivals", "brands > 1", "programme, rank, brand") if whole else [],
        rivals_before=_latest(rows("nps_rivals", "brands > 1", "period_start", of=before)) if whole else [],
    )


def _of_dimension(dimension: str | None, member: str, whole: str) -> str:
    return f"dimension = {quoted(dimension or whole)}" + (f" and member = {quoted(member)}" if dimension else "")


def _of(dimension: str | None, member: str) -> str:
    return f"{dimension} = {quoted(member)}" if dimension else "true"


def _why(rows: Rows, of: str, dimension: str | None, member: str) -> list[Row]:
    """Themes or reasons, the most harmful first, and what has none last."""
    mart = "_".join(("nps_by", *([dimension] if dimension else []), of.removesuffix("_code")))
    return rows(mart, f"{_of(dimension, member)} and mentions > 0", f"{of} in ('untagged', 'none'), impact, {of}")


def _loop(rows: Rows, dimension: str | None, member: str) -> list[Row]:
    if dimension == "region":
        return []
    return rows("closed_loop" if dimension else "closed_loop_overall", f"{_of(dimension, member)} and cases > 0")


def _loops(ask: Ask, rows: Rows, dimension: str | None, member: str) -> list[Row]:
    if dimension == "branch":
        return []
    inside = _inside(dimension, member)
    found = rows("closed_loop", f"cases > 0 and {inside}", "branch = 'unknown', in_time_rate nulls last, branch")
    return _named(ask, found)


def _inside(dimension: str | None, member: str) -> str:
    """The branches of a subject."""
    return f"branch in (from marts.dim_branch select branch where {_of(dimension, member)})" if dimension else "true"


def _named(ask: Ask, rows: list[Row]) -> list[Row]:
    """Rows of branches, with their `name`."""
    names = dict(ask("select branch, name from marts.dim_branch").iter_rows()) if rows else {}
    return [{**row, "name": names.get(row["branch"]) or row["branch"]} for row in rows]


def _stays(ask: Ask, there: set[str]) -> list[Row]:
    """The days on which anybody cancelled: between them the curve stays as it is."""
    if "churn_curve" not in there:
        return []
    last = "day in (0, max(day) over (partition by category))"
    return ask(f"from marts.churn_curve qualify events > 0 or {last} order by category, day").to_dicts()


def _forecast(ask: Ask, rows: Rows, dimension: str | None, member: str, period: Period) -> list[Row]:
    end = f"(date '{period.months[-1]}' + interval 1 month)::date"
    to_come = f"period_start <= {end} and period_end >= {end}"
    return _named(ask, rows("growth_forecast", _inside(dimension, member), "model, forecast desc, branch", of=to_come))


def _outcomes(rows: list[Row]) -> list[Row]:
    """What came of the answers of the last period of which enough is known."""
    known = [row for row in rows if not row["is_low_sample"] and row["repeat_rate"] is not None]
    starts = [row["period_start"] for row in known]
    last = max((start for start in starts if starts.count(start) > 1), default=None)
    return sorted(
        (row for row in known if row["period_start"] == last), key=lambda row: CATEGORIES.index(row["category"])
    )


def _latest(rows: list[Row]) -> list[Row]:
    starts = sorted({row["period_start"] for row in rows})[-_PERIODS:]
    return [row for row in rows if row["period_start"] in starts]
