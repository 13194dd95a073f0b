"""The dimensions in the lake: their versions as frames for matching, and their digest for each month.

Here: from member rows in the lake to what answers are matched with. Not here: what a version is (`transforms.rows.members`).
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta

import polars as pl

from transforms.answers.matching import Known, listed
from transforms.dates.periods import month_after
from transforms.rows.members import first_day, versions
from transforms.tables import Member, stored_types
from transforms.texts.spelling import as_shown, cleaned, key
from warehouse.lake.ledgers import DIMENSION_PREFIX, counted_files, digest
from warehouse.lake.parquet import scan
from warehouse.lake.store import Lake
from warehouse.months.rules import ResponseRules


def current_versions(lake: Lake, dimensions: Iterable[str], timezone: str) -> pl.DataFrame:
    """All versions of all members of the dimensions, as `transforms.rows.members.versions` gives them."""
    names = [DIMENSION_PREFIX + name for name in dimensions]
    files = counted_files(lake, names)
    paths = lake.files_of("members", files.select("load_id"))
    if not paths:
        return versions(pl.DataFrame(schema={**stored_types(Member), "position": pl.Int64}), timezone)
    rows = scan("members", paths).collect()
    placed = rows.join(files.select("load_id", "position"), on="load_id", how="inner")
    typed = placed.select(*(pl.col(name).cast(dtype) for name, dtype in stored_types(Member).items()), "position")
    return versions(typed, timezone)


def digests(members: pl.DataFrame, months: Iterable[date]) -> dict[date, str]:
    """For each month a digest of everything that held of any member in it; `members` are versions.

    A change of today leaves the digests of earlier months as they were. Months without a change within or between them
    share one, which is computed once.
    """
    edges = sorted(members.get_column("valid_from").unique())
    unchanged: dict[int, str] = {}
    found: dict[date, str] = {}
    for month in sorted(months):
        # A day of slack on both sides, for time zones: a version that begins at the month's edge is never missed.
        start = datetime.combine(month, time(), UTC) - timedelta(days=1)
        end = datetime.combine(month_after(month), time(), UTC) + timedelta(days=1)
        epoch = bisect_right(edges, start)
        if epoch != bisect_right(edges, end):
            found[month] = _digest(members, start, end)
        else:
            if epoch not in unchanged:
                unchanged[epoch] = _digest(members, start, end)
            found[month] = unchanged[epoch]
    return found


def known(members: pl.DataFrame, rules: ResponseRules) -> Known:
    """What answers are matched with, from the versions of all members and the synonyms of industries."""
    branches = members.filter(pl.col("dimension") == "branches")
    industries = [
        (spelling, industry) for industry, others in rules.synonyms.items() for spelling in (industry, *others)
    ]
    return Known(
        branches=_names(branches),
        people=members.filter(pl.col("dimension") != "branches"),
        industries=_aliases([(industry, industry) for industry in rules.synonyms], industries, "industry"),
        only_known_branches="branches" in rules.dimensions,
        only_listed_industries=rules.only_listed_industries,
        places=_places(branches),
    )


def branches_on(members: pl.DataFrame, today: date, timezone: str, spelling: pl.DataFrame) -> pl.DataFrame:
    """Each branch as it is on a day in business time: `branch, name, region, area, became`, the last by its code.

    What a list says of later days is not so yet. Regions and areas are written as answers' are: `spelling` has
    `attribute, spelling, shown_as` of all names.
    """
    branches = members.filter(pl.col("dimension") == "branches")
    begun = branches.filter(first_day(timezone) <= today).sort("valid_from")
    became = pl.coalesce(listed("became", _names(branches), "branch"), cleaned(pl.col("became")))
    now = begun.unique("member_key", keep="last", maintain_order=True)
    shown = {
        name: as_shown(now.get_column(name).drop_nulls().unique(), spelling.filter(pl.col("attribute") == name))
        for name in ("region", "area")
    }
    places = (pl.col(name).replace(labels) for name, labels in shown.items())
    return now.select("name", *places, branch="member_key", became=became)


def branch_named(column: str, members: pl.DataFrame) -> pl.Expr:
    """The branch that a name in a list is of, as it is of one in an answer: by the list of branches, where there is one."""
    branches = members.filter(pl.col("dimension") == "branches")
    return pl.col(column) if branches.is_empty() else listed(column, _names(branches), "branch")


def to_come(members: pl.DataFrame, today: date, timezone: str) -> list[date]:
    """The days after a day on which branches change, as their list says."""
    days = members.filter(pl.col("dimension") == "branches").select(day=first_day(timezone)).to_series()
    return sorted(day for day in days.unique() if day > today)


def codes(members: pl.DataFrame) -> dict[str, str]:
    """What each agent, and each manager in the list of employees, is shown by now, by their pseudonym."""
    persons = members.filter(pl.col("dimension").is_in(["agents", "employees"])).drop_nulls("name").sort("valid_from")
    return dict(persons.select("member_key", "name").iter_rows())


def _places(branches: pl.DataFrame) -> pl.DataFrame:
    """Where branches are and were; nothing where that is said of none."""
    told = branches.select("region", "area").null_count().sum_horizontal().item() < 2 * branches.height
    placed = branches.select(
        branch="member_key", region="region", area="area", valid_from="valid_from", valid_to="valid_to"
    )
    return placed if told else placed.clear()


def _names(branches: pl.DataFrame) -> pl.DataFrame:
    return _aliases(
        [(code, code) for code in branches.get_column("member_key")],
        list(branches.select("name", "member_key").drop_nulls().iter_rows()),
        "branch",
    )


def _aliases(own: Sequence[tuple[str, str]], others: Sequence[tuple[str, str]], to: str) -> pl.DataFrame:
    """What each name stands for, as `Known` has it. What is a member's own name is no other's, whatever that is called."""
    found: dict[tuple[str, bool], str] = {}
    for is_exact in (True, False):
        for pairs in (own, others):
            meant: dict[str, set[str]] = {}
            for alias, name in pairs:
                meant.setdefault(alias if is_exact else key(alias), set()).add(name)
            # A name of two says nothing.
            said = {(alias, is_exact): names.pop() for alias, names in meant.items() if len(names) == 1}
            ambiguous = {(alias, is_exact): "" for alias, names in meant.items() if names}
            found = {**said, **ambiguous, **found}
    rows = sorted((alias, is_exact, name) for (alias, is_exact), name in found.items() if name and alias)
    return pl.DataFrame(rows, schema={"alias": pl.String, "is_exact": pl.Boolean, to: pl.String}, orient="row")


def _digest(members: pl.DataFrame, start: datetime, end: datetime) -> str:
    held = members.filter(pl.col("valid_from") < end, pl.col("valid_to") > start).with_columns(
        valid_from=pl.when(pl.col("valid_from") > start).then("valid_from"),
        valid_to=pl.when(pl.col("valid_to") < end).then("valid_to"),
    )
    return digest(held.height, int(held.cast({pl.Enum: pl.String}).hash_rows().sum() or 0))
