"""Waves of employees: each closes once, and what it then shows by group stays for good.

Here: which waves close now, and what the ledger of them keeps. Not here: which groups may be shown (`transforms.groups`),
the tables that show them (`models/marts`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from string import Template

import duckdb
import polars as pl

from transforms.audit import is_open
from transforms.groups import COUNTS, Group, counts_of, groups_of, hidden_from, shown, shown_as
from transforms.tables import WaveRecord, types
from warehouse.engine import frame_table, model, query
from warehouse.lake import Lake
from warehouse.marts import GROUPED

Wave = tuple[str, date]
"""A survey, and the first day of the month in which it was answered."""


def closed_waves(lake: Lake) -> pl.DataFrame:
    """What the ledger keeps of all waves, as `WaveRecord`: of each what was written first."""
    rows = lake.ledger("waves")
    return rows.filter(pl.col("sequence") == pl.col("sequence").min().over("survey", "month")).unique(
        maintain_order=True
    )


def published_waves(database: Path) -> set[Wave]:
    """The waves that a published file says were closed when it was made."""
    try:
        with duckdb.connect(str(database), read_only=True) as connection:
            return set(connection.execute("select distinct survey, month from marts.enps_suppression").fetchall())
    except duckdb.Error:
        return set()


@dataclass(frozen=True)
class Closing:
    """When waves close, and what they may show."""

    close_after: int
    """Days after the end of the month."""
    minimum: int
    now: datetime
    published: set[Wave]
    """Those that were published before: where the ledger has lost one, it shows nothing by group any more."""


def close_waves(connection: duckdb.DuckDBPyConnection, lake: Lake, closing: Closing) -> None:
    """Close the waves that are due, and make the table `waves` of all that are closed."""
    frame_table(connection, "waves", closed_waves(lake))
    due = query(connection, Template(model("waves/due")).substitute(days=closing.close_after))
    if due.is_empty():
        return
    parts = query(connection, model("waves/parts")).join(due, on=["survey", "month"], how="semi")
    for wave in due.rows():
        of_wave = parts.filter(pl.col("survey") == wave[0], pl.col("month") == wave[1])
        lake.append("waves", _closed(wave, of_wave, closing))
    frame_table(connection, "waves", closed_waves(lake))


def _closed(wave: Wave, parts: pl.DataFrame, closing: Closing) -> pl.DataFrame:
    """What the ledger keeps of a wave."""
    groups = groups_of(parts, GROUPED)
    is_lost = wave in closing.published
    true = counts_of(parts)
    let_out = [] if is_lost else shown(groups, true, closing.minimum)
    outcome = "lost" if is_lost else "shown"
    if is_open(true, shown_as(let_out, len(true)), hidden_from(groups, len(true)), closing.minimum):
        let_out, outcome = [], "withheld"
    rows = [_row(group) for group in let_out]
    rows += [
        {"kind": "table", "mart": mart, "withheld": len(found) - sum(group.mart == mart for group in let_out)}
        for mart, found in groups.items()
    ]
    whole = dict(parts.select(pl.col(name).sum() for name in COUNTS).row(0, named=True))
    rows += [{"kind": "wave", "outcome": outcome, **whole}]
    about = {"survey": wave[0], "month": wave[1], "members": [], "closed_at": closing.now}
    return pl.DataFrame([about | row for row in rows], schema=types(WaveRecord))


def _row(group: Group) -> dict[str, object]:
    return {
        "kind": "group", "mart": group.mart, "members": list(group.members), **dict(zip(COUNTS, group.counts, strict=True))
    }  # fmt: skip
