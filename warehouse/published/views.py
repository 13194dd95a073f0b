"""Views for tools: of each mart of scores one for each grain, wide, with names for people, of periods that have ended.

A connection that has run `create temp table nps_unfinished as select true` sees the others too, with `is_complete` to tell
them apart.

Here: which views there are and their columns. Not here: what any figure means (`warehouse.marts`, `models/comments.yaml`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import duckdb

from warehouse.engine import run_model
from warehouse.marts import Mart, scores

GRAINS: Final = ("month", "quarter", "year")
#: Of clients alone.
ROLLING: Final = ("rolling_3m", "rolling_12m")

_LABEL: Final = "select p.label from marts.dim_period as p where p.period_grain = s.period_grain"
_PERIOD: Final = (
    "s.period_start",
    "s.period_end",
    f"({_LABEL} and p.period_start = s.period_start) as period_label",
)
#: Names for people beside a group.
_NAMES: Final = {
    "branch": (
        "(select b.name from marts.dim_branch as b where b.branch = s.branch) as branch_name",
        "(select b.region from marts.dim_branch as b where b.branch = s.branch) as region",
    )
}


@dataclass(frozen=True)
class View:
    """A view of the schema bi."""

    mart: Mart
    grain: str

    @property
    def name(self) -> str:
        """Its name, such as nps_by_branch_month."""
        return f"{self.mart.name}_{self.grain}"

    @property
    def comment(self) -> str:
        """What it means to readers."""
        said = {"rolling_3m": "rolling windows of 3 months", "rolling_12m": "rolling windows of 12 months"}
        return (
            f"{self.mart.name} of {said.get(self.grain, f'{self.grain}s')} that have ended, with names for people; "
            "after `create temp table nps_unfinished as select true` of the others too."
        )


def views(apart: Sequence[str] = (), staff: Sequence[str] = ()) -> Iterator[View]:
    """All views of the schema bi, where nps.yaml says these dimensions that facts leave out."""
    for mart in scores(apart, staff):
        for grain in (*GRAINS, *(ROLLING if mart.metric == "nps" else ())):
            yield View(mart, grain)


def create_views(connection: duckdb.DuckDBPyConnection, apart: Sequence[str] = (), staff: Sequence[str] = ()) -> None:
    """Create the views in the file that is attached as nps. They name no catalog, so they are made from inside of it."""
    connection.execute("use nps")
    for mart in scores(apart, staff):
        columns = ", ".join(_columns(mart))
        for view in views(apart, staff):
            if view.mart == mart:
                of = {"mart": mart.name, "metric": mart.metric, "grain": view.grain, "columns": columns}
                run_model(connection, "bi/view", view=view.name, **of)
    connection.execute("use memory")


def _columns(mart: Mart) -> list[str]:
    # The measures are not named one by one: each comment on a column copies the statement of its view.
    groups = [column for name in mart.groups for column in (f"s.{name}", *_NAMES.get(name, ()))]
    others = ", ".join(mart.keys)
    return [*_PERIOD, *groups, f"s.* exclude ({others})"]
