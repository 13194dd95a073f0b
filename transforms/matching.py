"""For which branch, industry and department an answer counts, by what is known of branches, accounts and employees.

Here: matching of names and members. Names repeat, so only different combinations of them are looked at, and what comes out
are codes. Not here: which answers count (`transforms.responses`), what a version of a member is (`transforms.members`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl

from transforms.dimensions import AS_GIVEN, TYPED, UNKNOWN
from transforms.spelling import cleaned, spelling_key

#: More different combinations than this are counted anew before the next column comes in.
_MANY: Final = 1 << 20


@dataclass(frozen=True)
class Known:
    """What is known of branches, accounts and employees, ready for matching."""

    branches: pl.DataFrame
    """`alias`, `is_exact` and `branch`: codes and names as they stand, and their keys (`transforms.spelling.key`) as far as
    they say one branch; each once. None are known where nothing is configured."""
    people: pl.DataFrame
    """Versions: `dimension, member_key, branch, industry, department, valid_from, valid_to`, without gap or overlap."""
    industries: pl.DataFrame
    """`alias`, `is_exact` and `industry`, likewise."""
    only_known_branches: bool
    only_listed_industries: bool


def matched(answers: pl.DataFrame, known: Known) -> pl.DataFrame:
    """Answers with their dimensions as they were when the answer was given, in any order.

    These and `survey` are codes then (`pl.Enum`).
    """
    members = {
        dimension: known.people.filter(pl.col("dimension") == dimension) for dimension in ("accounts", "employees")
    }
    found = answers.with_columns(pl.coalesce("account_key", "respondent_key").alias("account_key"))
    for dimension, key in (("accounts", "account_key"), ("employees", "respondent_key")):
        found = _with_version(found, members[dimension], key, dimension)
    different, places = alike(found.select("survey", *TYPED, *members))
    told = _told(different, members, known).select("survey", *TYPED).cast(pl.String)
    codes = told.select(told[name].cast(pl.Enum(told[name].drop_nulls().unique())) for name in told.columns)
    return found.drop(members).with_columns(codes[places].get_columns())


def alike(rows: pl.DataFrame) -> tuple[pl.DataFrame, pl.Series]:
    """The different rows of a frame, and for each of its rows the place of its like among these."""
    codes, number = np.zeros(rows.height, np.int64), 1
    for column in rows:
        different = column.unique()
        if len(different) > 1:
            kinds = pl.Enum(different.cast(pl.String).drop_nulls())
            code = column.cast(pl.String).cast(kinds).to_physical().cast(pl.UInt32).fill_null(len(kinds.categories))
            codes = codes * (len(kinds.categories) + 1) + code.to_numpy()
            number *= len(kinds.categories) + 1
        if number > _MANY:
            found, codes = np.unique(codes, return_inverse=True)
            number = len(found)
    example = np.full(number, -1)
    example[codes] = np.arange(rows.height)
    places = np.cumsum(example >= 0) - 1
    return rows[example[example >= 0]], pl.Series(places[codes])


def _told(different: pl.DataFrame, members: dict[str, pl.DataFrame], known: Known) -> pl.DataFrame:
    """What combinations of names, and of versions of members by their place, say of the answer."""
    found = different.with_columns(_seen(column) for column in TYPED)
    for dimension, versions in members.items():
        attributes = versions.select(pl.col("branch", "industry", "department").name.prefix(f"{dimension}_"))
        found = found.hstack(attributes.select(pl.all().gather(found[dimension])).get_columns())
    branches = ("branch", "employees_branch", "accounts_branch")
    if known.only_known_branches:
        found = found.with_columns(_listed(column, known.branches, "branch") for column in branches)
    industries = [
        pl.coalesce(_listed(column, known.industries, "industry"), *([] if known.only_listed_industries else [column]))
        for column in ("industry", "accounts_industry")
    ]
    return found.with_columns(
        branch=pl.coalesce(*branches, pl.lit(UNKNOWN)),
        industry=pl.coalesce(*industries, pl.lit(UNKNOWN)),
        department=pl.coalesce("department", "employees_department", pl.lit(UNKNOWN)),
        **{name: pl.col(name).fill_null(UNKNOWN) for name in AS_GIVEN},
    )


def _with_version(answers: pl.DataFrame, versions: pl.DataFrame, key: str, name: str) -> pl.DataFrame:
    """Answers with the place, as `name`, of the version that held of a member when they were given."""
    if versions.is_empty():
        return answers.with_columns(pl.lit(None, pl.UInt32).alias(name))
    places = versions.with_row_index(name).select(name, "valid_from", "valid_to", pl.col("member_key").alias(key))
    # Versions of a member have no gap and no overlap: of each answer exactly one row is left.
    held = pl.col("valid_from").is_null() | pl.col("responded_at").is_between("valid_from", "valid_to", closed="left")
    found = answers.lazy().join(places.lazy(), on=key, how="left").filter(held)
    return found.drop("valid_from", "valid_to").collect()


def _seen(column: str) -> pl.Expr:
    """A name as it was given; NULL where nobody sees anything of it."""
    return pl.when(cleaned(pl.col(column)).is_not_null()).then(pl.col(column)).alias(column)


def _listed(column: str, names: pl.DataFrame, to: str) -> pl.Expr:
    """A name as the list writes it: what stands there so, else what is another spelling of it; else NULL."""
    if names.is_empty():
        return pl.lit(None, pl.String).alias(column)
    ways = []
    for given, is_exact in ((pl.col(column), True), (spelling_key(pl.col(column)), False)):
        listed = names.filter(pl.col("is_exact") == is_exact)
        ways.append(given.replace_strict(listed["alias"], listed[to], default=None, return_dtype=pl.String))
    return pl.coalesce(ways).alias(column)
