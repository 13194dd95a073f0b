"""Hiding rows of few clients, where nps.yaml wants it (`nps.minimum_group`).

Here: taking them out of a file that was made, and checked, with them: what adds up is known to add up. Not here: groups of
employees, which are chosen and audited (`warehouse.published.waves`), figures that are of few since they were published
(`warehouse.published.restatements`). Whoever subtracts what is shown from what it is part of still learns of what is not:
docs/privacy.md says so.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import duckdb

from warehouse.engine import Limits, attach, connect
from warehouse.marts import REASONS, THEMES, Mart, marts

#: Table: what its rows count that are of answers of few.
_OTHERS: Final = {
    "marts.nps_change_drivers": ("responses", "previous_responses"),
    "marts.nps_movement": ("people",),
    "marts.survey_cost": ("answers",),
    **{f"marts.{mart.name}": ("mentions",) for mart in (*THEMES, *REASONS)},
}
#: The same of tables of outcomes.
_OF_OUTCOMES: Final = {
    "marts.referral_arithmetic": ("responses",),
    "marts.nps_value_weighted": ("clients", "valued_clients"),
    **{
        f"marts.{name}": ("clients",) for name in ("fct_outcome", "nps_outcomes", "nps_by_cohort", "sales_after_asking")
    },
}
#: What a row says of the period before, or of the one a year before, which may be of few.
_OF_BEFORE: Final = (
    "previous_nps", "change", "change_ci_low", "change_ci_high", "change_p_value", "change_q_value", "is_significant",
    "detectable_change",
)  # fmt: skip
_OF_LAST_YEAR: Final = ("same_period_last_year_nps", "year_on_year")
#: The same of all other answers of its group.
_OF_THE_REST: Final = ("nps_rest", "impact", "impact_ci_low", "impact_ci_high")
#: Table: those whom others of its rows are held against, within what they are held against them, and what these say of them.
_HELD_AGAINST: Final = {
    "marts.nps_outcomes": (
        "category = 'detractor'",
        ("horizon",),
        (
            "repeat_difference", "repeat_difference_low", "repeat_difference_high", "risk_ratio", "churn_difference",
            "churn_difference_low", "churn_difference_high", "churn_ratio",
        ),
    ),
    "marts.sales_after_asking": (
        "reach = 'not reached'", (), ("above_not_reached", "above_not_reached_low", "above_not_reached_high"),
    ),
}  # fmt: skip


def hide_small_groups(
    candidate: Path, minimum: int, limits: Limits, storage_version: str, apart: Sequence[str] = ()
) -> None:
    """Take the rows of fewer than `minimum` answers out of the marts of clients; nothing of them is left in the file."""
    if minimum <= 1:
        return
    with connect(limits, candidate) as connection:
        there = set(connection.execute("select schema_name || '.' || table_name from duckdb_tables()").fetchall())
        for mart in marts(apart):
            if mart.metric == "nps":
                _hide(connection, mart, minimum)
        for mart in (*THEMES, *REASONS):
            if (f"marts.{mart.name}",) in there:
                nothing = ", ".join(f"{name} = null" for name in _OF_THE_REST)
                few = f"responses - mentions between 1 and {minimum - 1}"
                connection.execute(f"update marts.{mart.name} set {nothing} where {few}")  # noqa: S608 - our own names
        for table in _HELD_AGAINST:
            if (table,) in there:
                _hide_differences(connection, table, minimum)
        for table, counts in {**_OTHERS, **_OF_OUTCOMES}.items():
            if (table,) in there:
                few = " or ".join(f"{count} between 1 and {minimum - 1}" for count in counts)
                connection.execute(f"delete from {table} where {few}")  # noqa: S608 - our own names
    _rewrite(candidate, limits, storage_version)


def _hide(connection: duckdb.DuckDBPyConnection, mart: Mart, minimum: int) -> None:
    table = f"marts.{mart.name}"
    if mart.model == "scores":
        same = " and ".join([f"{table}.{name} = few.{name}" for name in ("period_grain", *mart.groups)])
        for after, columns in (
            ("few.period_end + interval 1 day", _OF_BEFORE), ("few.period_start + interval 1 year", _OF_LAST_YEAR),
        ):  # fmt: skip
            nothing = ", ".join(f"{name} = null" for name in columns)
            connection.execute(
                f"update {table} set {nothing} from (from {table} where responses < {minimum}) as few "  # noqa: S608 - ours
                f"where {same} and {table}.period_start = {after}"
            )
    connection.execute(f"delete from {table} where responses < {minimum}")  # noqa: S608 - our own names


def _hide_differences(connection: duckdb.DuckDBPyConnection, table: str, minimum: int) -> None:
    """A rate less that of a group which is hidden tells that one too."""
    against, within, columns = _HELD_AGAINST[table]
    nothing = ", ".join(f"{name} = null" for name in columns)
    same = " and ".join(
        f"{table}.{name} = few.{name}" for name in ("dimension", "member", "period_grain", "period_start", *within)
    )
    few = f"(from {table} where {against} and clients < {minimum})"
    connection.execute(f"update {table} set {nothing} from {few} as few where {same}")  # noqa: S608 - our own names


def _rewrite(candidate: Path, limits: Limits, storage_version: str) -> None:
    """A file keeps what was deleted from it until something else needs the place: a new one never had it."""
    anew = candidate.with_suffix(".anew")
    anew.unlink(missing_ok=True)
    with connect(limits) as connection:
        attach(connection, candidate, "whole", "read_only")
        attach(connection, anew, "rest", f"storage_version '{storage_version}'")
        connection.execute("copy from database whole to rest; checkpoint rest; detach rest; detach whole")
    anew.replace(candidate)
