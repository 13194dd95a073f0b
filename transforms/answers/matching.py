"""For which branch, industry and department an answer counts, by what is known of branches, accounts and employees.

Here: matching of names and members. Names repeat, so only different combinations of them are looked at, and what comes out
are codes. Not here: which answers count (`transforms.answers.responses`), what a version of a member is
(`transforms.rows.members`).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final, cast

import numpy as np
import numpy.typing as npt
import polars as pl

from transforms.dimensions import ABSENT, AS_GIVEN, BESIDE, TYPED, UNKNOWN
from transforms.texts.spelling import cleaned, spelling_key

_Places = npt.NDArray[np.int64]

#: What the list of branches says of where each is.
_WHERE: Final = ("region", "area")
_PLACES: Final = {
    "branch": pl.String(), **dict.fromkeys(_WHERE, pl.String()),
    **dict.fromkeys(("valid_from", "valid_to"), pl.Datetime("us", "UTC")),
}  # fmt: skip

#: Of so many possible combinations for each row the ones that there are get new numbers, without gaps.
_SPARSE: Final = 4


@dataclass(frozen=True)
class Known:
    """What is known of branches, accounts and employees, ready for matching."""

    branches: pl.DataFrame
    """`alias`, `is_exact` and `branch`: codes and names as they stand, and their keys (`texts.spelling.key`) as far as they
    say one branch; each once. None are known where nothing is configured."""
    people: pl.DataFrame
    """Versions: `dimension, member_key, branch, industry, department, valid_from, valid_to`, without gap or overlap."""
    industries: pl.DataFrame
    """`alias`, `is_exact` and `industry`, likewise."""
    only_known_branches: bool
    only_listed_industries: bool
    places: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=_PLACES))
    """Versions of branches: `branch, region, area, valid_from, valid_to`; none where no region of any is known."""


def matched(answers: pl.DataFrame, known: Known) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Answers with the `cell` in which each counts, in any order, and the cells: all that is alike in their answers.

    A cell has the dimensions of its answers as they were when these were given, how many these are and their weights.
    """
    members = {name: known.people.filter(pl.col("dimension") == name) for name in ("accounts", "employees")}
    found = _with_version(answers, members["accounts"], pl.coalesce("account_key", "respondent_key"), "accounts")
    found = _with_version(found, members["employees"], pl.col("respondent_key"), "employees")
    if "manager_key" in answers.columns:
        led_by = members["employees"].get_column("manager_key").gather(found.get_column("employees"))
        found = found.with_columns(pl.coalesce("manager_key", led_by))
    found = found.with_columns(_moment(found.get_column("responded_at"), known.places))
    beside = [name for name in BESIDE if name in answers.columns]
    kept = ("month", "source", "metric", "scale", "survey", *TYPED, *beside, *members, "moment", "score")
    different, places = alike(found.select(kept))
    different = different.with_columns(pl.lit(None, pl.String).alias(name) for name in BESIDE if name not in beside)
    weights = found.get_column("weight").to_numpy()
    counted = [
        pl.Series("cell", range(different.height), pl.Int32),
        pl.Series("answers", np.bincount(places, minlength=different.height)),
        pl.Series("weight_sum", np.bincount(places, weights, different.height)),
        pl.Series("weight_sq_sum", np.bincount(places, weights * weights, different.height)),
    ]
    return found.with_columns(pl.Series("cell", places, pl.Int32)), _told(different, members, known).hstack(counted)


def alike(rows: pl.DataFrame) -> tuple[pl.DataFrame, _Places]:
    """The different rows of a frame, and for each of its rows the place of its like among these."""
    codes, number = np.zeros(rows.height, np.int64), 1
    for column in rows:
        code, kinds = _codes(column)
        codes, number = codes * kinds + code, number * kinds
        if number > _SPARSE * rows.height:
            found, codes = np.unique(codes, return_inverse=True)
            number = len(found)
    example = np.full(number, -1)
    example[codes] = np.arange(rows.height)
    places = np.cumsum(example >= 0) - 1
    return rows[example[example >= 0]], places[codes]


def _codes(column: pl.Series) -> tuple[_Places | int, int]:
    """A number from 0 on for each row, equal where what a column says there is, and how many numbers there may be."""
    if column.null_count() == len(column):
        return 0, 1
    if column.dtype == pl.String:
        different = column.unique()
        if len(different) == 1:
            return 0, 1
        column = column.cast(pl.Enum(different.drop_nulls()))
    numbers = column.to_physical()
    least, most, first = cast("int", numbers.min()), cast("int", numbers.max()), min(numbers.null_count(), 1)
    if least == most and not first:
        return 0, 1
    return (numbers.cast(pl.Int64) - (least - first)).fill_null(0).to_numpy(), most - least + 1 + first


def _told(different: pl.DataFrame, members: dict[str, pl.DataFrame], known: Known) -> pl.DataFrame:
    """What combinations of names, and of versions of members by their place, say of the answer."""
    found = different.with_columns(_seen(column) for column in TYPED)
    for dimension, versions in members.items():
        attributes = versions.select(pl.col("branch", "industry", "department").name.prefix(f"{dimension}_"))
        found = found.hstack(attributes.select(pl.all().gather(found[dimension])).get_columns())
    branches = ("branch", "employees_branch", "accounts_branch")
    if known.only_known_branches:
        found = found.with_columns(listed(column, known.branches, "branch") for column in branches)
    industries = [
        pl.coalesce(listed(column, known.industries, "industry"), *([] if known.only_listed_industries else [column]))
        for column in ("industry", "accounts_industry")
    ]
    found = found.cast({pl.Enum: pl.String}).with_columns(branch=pl.coalesce(*branches, pl.lit(UNKNOWN)))
    places = _placed(found, known.places)
    return found.with_columns(
        *(pl.coalesce(places.get_column(name), name, pl.lit(UNKNOWN)).alias(name) for name in _WHERE),
        industry=pl.coalesce(*industries, pl.lit(UNKNOWN)),
        department=pl.coalesce("department", "employees_department", pl.lit(UNKNOWN)),
        **{name: pl.col(name).fill_null(ABSENT[name]) for name in AS_GIVEN},
    )


def _moment(at: pl.Series, places: pl.DataFrame) -> pl.Series | pl.Expr:
    """Which of the days on which a branch changed its place was the last one before each answer: numbers from 1 on, or 0."""
    if places.is_empty():
        return pl.lit(0, pl.UInt32).alias("moment")
    return _days(places).search_sorted(at, side="right").cast(pl.UInt32).alias("moment")


def _days(places: pl.DataFrame) -> pl.Series:
    starts = places.get_column("valid_from")
    return starts.filter(places.get_column("branch").is_duplicated()).unique().sort()


def _placed(found: pl.DataFrame, places: pl.DataFrame) -> pl.DataFrame:
    """Where the branches of combinations were at their moments, as the list has it; NULL where it says nothing."""
    if places.is_empty():
        return found.select(pl.lit(None, pl.String).alias(name) for name in _WHERE)
    days = _days(places)
    places = places.filter(pl.col("branch").is_in(found["branch"].implode()))
    held = places.select(
        "branch", *_WHERE,
        first=days.search_sorted(places.get_column("valid_from"), side="right"),
        last=days.search_sorted(places.get_column("valid_to"), side="left"),
    )  # fmt: skip
    is_single = ~pl.col("branch").is_duplicated()
    span = pl.int_ranges(
        pl.when(is_single).then(0).otherwise("first"), pl.when(is_single).then(len(days)).otherwise("last") + 1
    )
    by_moment = held.with_columns(moment=span).explode("moment").cast({"moment": pl.UInt32})
    told = by_moment.unique(["branch", "moment"], keep="last")
    return found.join(told, on=["branch", "moment"], how="left", suffix="_listed", maintain_order="left").select(
        pl.col(f"{name}_listed").alias(name) for name in _WHERE
    )


def _with_version(answers: pl.DataFrame, versions: pl.DataFrame, key: pl.Expr, name: str) -> pl.DataFrame:
    """Answers with the place, as `name`, of the version that held of a member when they were given."""
    if versions.is_empty():
        return answers.with_columns(pl.lit(None, pl.UInt32).alias(name))
    places = versions.with_row_index(name).select(name, "valid_from", member="member_key")
    asked = answers.select("responded_at", member=key)
    if not versions.get_column("member_key").is_duplicated().any():
        return answers.with_columns(asked.join(places, on="member", how="left", maintain_order="left").get_column(name))
    # Versions of a member have no gap and no overlap: the last one that had begun is that of an answer. Each with each would
    # be as many rows as answers of a member times its versions.
    in_order = asked.with_row_index("row").sort("responded_at")
    begun = in_order.join_asof(
        places.sort("valid_from"), left_on="responded_at", right_on="valid_from", by="member", check_sortedness=False
    )
    return answers.with_columns(begun.sort("row").get_column(name))


def _seen(column: str) -> pl.Expr:
    """A name as it was given; NULL where nobody sees anything of it."""
    return pl.when(cleaned(pl.col(column)).is_not_null()).then(pl.col(column)).alias(column)


def listed(column: str, names: pl.DataFrame, to: str) -> pl.Expr:
    """A name as the list writes it: what stands there so, else what is another spelling of it; else NULL."""
    if names.is_empty():
        return pl.lit(None, pl.String).alias(column)
    ways = []
    for given, is_exact in ((pl.col(column), True), (spelling_key(pl.col(column)), False)):
        aliases = names.filter(pl.col("is_exact") == is_exact)
        ways.append(given.replace_strict(aliases["alias"], aliases[to], default=None, return_dtype=pl.String))
    return pl.coalesce(ways).alias(column)
