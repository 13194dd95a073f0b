"""The cell of a published table that somebody asks about: which table it stands in, and what it says.

Here: from the words of a command to a row of the published file. Not here: what stands behind it (`explain`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from difflib import get_close_matches
from typing import Any, Final

import polars as pl

from pipelines.context import Context
from pipelines.errors import UserError
from pipelines.recipes.figures import response_rules
from pipelines.report.members import meant
from transforms.dates.periods import month_after
from transforms.dimensions import FURTHER, KEYS, OWN, UNKNOWN, column_of
from transforms.texts.spelling import key
from warehouse.engine import quoted
from warehouse.marts import Mart, listed, marts
from warehouse.published.query import QueryError, ask
from warehouse.published.views import ROLLING

#: What is published of a cell.
MEASURES: Final = ("responses", "promoters", "passives", "detractors", "nps")
#: Who asks for one of these asks of all programmes.
_OF_SEVERAL: Final = frozenset({"programme", "survey", "brand"})
_LENGTH: Final = {"month": 1, "quarter": 3, "year": 12, "rolling_3m": 3, "rolling_12m": 12}
#: So many a year has.
_DIGITS: Final = 4


@dataclass(frozen=True)
class Period:
    """A month, quarter or year, or a rolling window of months."""

    grain: str
    start: date
    label: str

    @classmethod
    def of(cls, grain: str, start: date) -> Period:
        """The period of a grain that begins on a day."""
        quarter = f"{start:%Y}-Q{(start.month + 2) // 3}"
        window = f"{start:%Y-%m} to {month_after(start, _LENGTH[grain] - 1):%Y-%m}"
        return cls(
            grain, start, {"month": f"{start:%Y-%m}", "quarter": quarter, "year": f"{start:%Y}"}.get(grain, window)
        )

    @property
    def months(self) -> tuple[date, ...]:
        """Its months."""
        return tuple(month_after(self.start, later) for later in range(_LENGTH[self.grain]))


@dataclass(frozen=True)
class Cell:
    """A published figure."""

    metric: str
    period: Period
    groups: Mapping[str, str]
    """Dimension and member, as it is shown."""
    table: str
    """Where it stands."""
    headline: tuple[str, ...]
    """The programmes that it is of; all, where none is named."""
    measures: Mapping[str, Any]
    """`MEASURES`, as published."""
    as_is: str = ""
    """The column of `marts.dim_branch` that says its group, where it is of branches as they are today."""
    rows_by: tuple[str, ...] = ()
    """By what the table's rows are that it is the sum of, where such rows of too few answers are not published."""
    least: int = 1
    """Of fewer answers they are not."""

    @property
    def months(self) -> Sequence[date]:
        """The months that it is of."""
        return self.period.months

    def of(self, cells: pl.DataFrame) -> pl.DataFrame:
        """Those of the lake's cells that it is made of; their names are as they are shown."""
        chosen = [pl.col(name) == value for name, value in self.groups.items()]
        if "brand" not in self.groups:
            chosen.append(pl.col("brand") == OWN)
        if self.headline:
            chosen.append(pl.col("programme").is_in(self.headline))
        return cells.filter(pl.col("metric") == self.metric, *chosen)

    def published_of(self, cells: pl.DataFrame) -> pl.DataFrame:
        """The same of cells that count, without those of rows that are not published."""
        if self.rows_by:
            by = ("metric", "brand", "month", *self.rows_by)
            cells = cells.filter(pl.col("answers").sum().over(by) >= self.least)
        return self.of(cells)

    @property
    def lacks(self) -> str:
        """What it lacks, as a sentence; nothing where it is of all."""
        if not self.rows_by:
            return ""
        rows = f"fewer than {self.least} answers of a month by {listed(self.rows_by)}"
        return f" It is not of all: {rows} are not published (nps.minimum_group)."

    @property
    def title(self) -> str:
        """What it is of: NPS of branch ZG, 2025-03."""
        of = listed([f"{name} {value}" for name, value in self.groups.items()]) or "all"
        now = " as it is today" if self.as_is else ""
        return f"{'NPS' if self.metric == 'nps' else 'eNPS'} of {of}{now}, {self.period.label}"

    def as_dict(self) -> dict[str, object]:
        """For programs."""
        period = {"period_grain": self.period.grain, "period_start": self.period.start}
        return {"metric": self.metric, **period, **self.groups, "table": self.table, "published": dict(self.measures)}


def period_of(
    month: str | None,
    quarter: str | None,
    year: str | None,
    rolling_3m: str | None = None,
    rolling_12m: str | None = None,
) -> Period:
    """The period that one of the texts says: 2025-03, 2025-Q1, 2025, or a window by its last month. Raises `UserError`."""
    said = (month, quarter, year, rolling_3m, rolling_12m)
    given = [(grain, text) for grain, text in zip(_LENGTH, said, strict=True) if text]
    if len(given) != 1:
        raise UserError("Say which figure: --month 2025-03, --quarter 2025-Q1 or --year 2025, one of them.")
    [(grain, text)] = given
    written = {"quarter": "2025-Q1", "year": "2025"}.get(grain, "2025-03")
    parts = {"quarter": text.upper().split("-Q"), "year": [text, "1"]}.get(grain, text.split("-"))
    try:
        of_year, number = parts
        # Of another length it is no year, and there is no year 0.
        whole = int(of_year) if len(of_year) == _DIGITS else 0
        start = date(whole, 3 * int(number) - 2 if grain == "quarter" else int(number), 1)
        if grain in ROLLING:
            start = month_after(start, 1 - _LENGTH[grain])
        return Period.of(grain, start)
    except ValueError as error:
        what = "month" if grain in ROLLING else grain
        raise UserError(f"{text!r} is no {what}; a {what} is written {written}.") from error


def cell_of(
    context: Context, metric: str, period: Period, asked: Mapping[str, str | None], *, as_is: bool = False
) -> Cell:
    """The published cell. Raises `UserError` where there is none, or none is shown."""
    database = context.workspace.database
    if not database.is_file():
        raise UserError(f"Nothing is published yet: {database} is not there. Type: nps run")
    names = {name: value for name, value in asked.items() if value is not None}
    mart = _mart(context, metric, tuple(names), as_is=as_is)
    groups = {name: _member(context, mart, name, value) for name, value in names.items()}
    of_headline = metric == "nps" and not _OF_SEVERAL & {*groups}
    headline = context.workspace.config.headline_programmes if of_headline else ()
    cell = Cell(metric, period, groups, f"marts.{mart.name}", headline, {}, mart.as_is)
    rows = from_published(context, _question(mart, cell))
    if rows.is_empty() or not rows.item(0, "responses"):
        raise UserError(f"{cell.title}: {_why_none(context, mart)}{_from_when(context, mart, cell)}")
    least = context.workspace.config.nps.minimum_group
    rows_by = mart.groups if mart.model == "counts" and least > 1 else ()
    return replace(cell, measures=rows.row(0, named=True), rows_by=rows_by, least=least)


def names_shown(context: Context, cell: Cell, codes: Mapping[str, str]) -> Callable[[pl.DataFrame], pl.DataFrame]:
    """How the table of a cell names what answers say; `codes` are those of persons, by their pseudonyms."""
    spellings = from_published(context, "select attribute, spelling, shown_as from meta.spellings")
    apart = response_rules(context.workspace.config).apart

    def shown(cells: pl.DataFrame) -> pl.DataFrame:
        own = (name for name in apart if column_of(name) == FURTHER)
        further = {name: pl.col(FURTHER).str.json_path_match(f"$.{name}").fill_null(UNKNOWN) for name in own}
        persons = {name: pl.col(column_of(name)).replace_strict(codes, default=UNKNOWN) for name in KEYS}
        cells = cells.with_columns(**further, **persons)
        for (attribute, *_), of_it in spellings.group_by("attribute"):
            cells = cells.with_columns(pl.col(str(attribute)).replace(of_it["spelling"], of_it["shown_as"]))
        if cell.as_is:
            [group] = cell.groups
            now = from_published(context, f"select branch, {cell.as_is} from marts.dim_branch")  # noqa: S608 - our own names
            cells = cells.with_columns(pl.col("branch").replace(now["branch"], now[cell.as_is]).alias(group))
        return cells

    return shown


def further_groups(of: Sequence[str]) -> dict[str, str]:
    """Dimensions of nps.yaml's own and their members, as `tenure=0-2` has them. Raises `UserError`."""
    groups = dict(each.partition("=")[::2] for each in of)
    for name, member in groups.items():
        if not (name and member):
            raise UserError(
                f"--of wants a dimension of nps.yaml and a member of it, as tenure=0-2; {name!r} is not both."
            )
    return groups


def _mart(context: Context, metric: str, groups: tuple[str, ...], *, as_is: bool) -> Mart:
    """The table with just these groups; of clients, where there is none, one of facts."""
    rules = response_rules(context.workspace.config)
    every = [mart for mart in marts(rules.apart, rules.staff) if mart.metric == metric and bool(mart.as_is) == as_is]
    scores = [mart for mart in every if mart.model == "scores"]
    for mart in scores:
        if {*mart.groups} == {*groups}:
            return mart
    for mart in every:
        if mart.model == "counts" and {*groups} <= {*mart.groups}:
            return mart
    if as_is:
        raise UserError("--as-is is for figures of clients by --branch or by --region, and by nothing else.")
    what = "clients" if metric == "nps" else "employees"
    known = [" and ".join(mart.groups) for mart in scores if mart.groups]
    other = "enps" if metric == "nps" else "nps"
    of_others = any({*mart.groups} == {*groups} for mart in marts(rules.apart, rules.staff) if mart.metric == other)
    perhaps = f" Is --metric {other} meant?" if of_others else ""
    raise UserError(
        f"No figure of {what} is published by {listed(groups)}; there are figures by {listed(known)}.{perhaps}"
    )


def _question(mart: Mart, cell: Cell) -> str:
    where = [f"{name} = {quoted(value)}" for name, value in cell.groups.items()]
    if mart.model == "scores":
        where += [f"period_grain = '{cell.period.grain}'", f"period_start = date '{cell.period.start}'"]
        return f"select {', '.join(MEASURES)} from marts.{mart.name} where {' and '.join(where)}"  # noqa: S608 - quoted
    where.append(f"month between date '{cell.months[0]}' and date '{cell.months[-1]}'")
    if cell.headline:
        where.append(f"programme in ({', '.join(map(quoted, cell.headline))})")
    sums = ", ".join(f"sum({name})::bigint as {name}" for name in MEASURES[:-1])
    counted = f"select {sums} from marts.{mart.name} where {' and '.join(where)}"  # noqa: S608 - quoted
    return f"select *, 100.0 * (promoters - detractors) / nullif(responses, 0) as nps from ({counted})"  # noqa: S608 - ours


def _member(context: Context, mart: Mart, name: str, asked: str) -> str:
    """A member as the table names it: as it was typed, in another spelling, or by a branch's name."""
    rows = from_published(context, f"select distinct {name} from marts.{mart.name}")  # noqa: S608 - our own names
    found: dict[str, str | None] = dict.fromkeys(rows.to_series())
    if name == "branch":
        branches = from_published(context, "select branch, name from marts.dim_branch").iter_rows()
        found |= {branch: called for branch, called in branches if branch in found}
    if (member := meant(asked, name, found.items())) is not None:
        return member
    if mart.metric == "enps":
        raise UserError(f"No figure of {name} {asked!r} is shown: {_why_none(context, mart)}")
    ways = {key(called): member for member, names in found.items() for called in (names, member) if called}
    if name == "brand" and key(asked) in map(key, context.workspace.config.own_brands):
        return OWN
    near = dict.fromkeys(ways[each] for each in get_close_matches(key(asked), ways, 3, 0.5))
    perhaps = f" Did you mean {listed([*near], 'or')}?" if near else ""
    raise UserError(f"No answer is published of {name} {asked!r}.{perhaps}")


def _why_none(context: Context, mart: Mart) -> str:
    config = context.workspace.config
    if mart.metric == "nps":
        few = max(config.nps.minimum_group, config.agents.minimum if mart.is_of_persons else 1)
        return f"no answer is published of that{f', or fewer than {few}' if few > 1 else ''}."
    if not mart.groups:
        return "nothing is shown of waves of employees that are open, nor of few answers (marts.enps_suppression)."
    return (
        f"a closed wave of employees shows groups of at least {config.minimum_group} answers, a period those that each of "
        "its waves shows. Others are left out so that nobody can be worked out, some for no reason: that a group is missing "
        "tells nothing of its answers."
    )


def _from_when(context: Context, mart: Mart, cell: Cell) -> str:
    """Of clients the first and the last such period that is published, as a sentence."""
    if mart.metric != "nps" or mart.model != "scores":
        return ""
    of = [f"{name} = {quoted(value)}" for name, value in cell.groups.items()]
    where = " and ".join([f"period_grain = '{cell.period.grain}'", *of])
    told = from_published(context, f"select min(period_start), max(period_start) from marts.{mart.name} where {where}")  # noqa: S608 - quoted
    first, last = (start and Period.of(cell.period.grain, start).label for start in told.row(0))
    return f" The first is {first}, the last {last}." if first else ""


def from_published(context: Context, sql: str) -> pl.DataFrame:
    """What the published file says. Raises `UserError` where it cannot tell that."""
    try:
        return ask(context.workspace.database, sql)
    except QueryError as error:
        raise UserError(
            f"The published file cannot tell that ({error}). Type nps run, which publishes it anew."
        ) from error
