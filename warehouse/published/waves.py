"""Waves of employees: each closes once, and what it then shows by group stays for good.

Here: which waves close now, and what the ledger of them keeps. Not here: which groups may be shown
(`transforms.waves.groups`), what was published before (`warehouse.published.earlier`), the tables that show them
(`models/marts`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from string import Template

import duckdb
import polars as pl

from transforms.tables import WaveRecord, types
from transforms.waves.closing import Closed, close, lost, renamed, told_of
from transforms.waves.company import changed, company
from transforms.waves.groups import COUNTS
from warehouse.engine import frame_table, model, query, run_model
from warehouse.lake.store import Lake
from warehouse.marts import grouped
from warehouse.published.earlier import published_earlier, were_published


def closed_waves(lake: Lake) -> pl.DataFrame:
    """What the ledger keeps of all waves, as `WaveRecord`: of each what was written first."""
    rows = lake.ledger("waves")
    return rows.filter(pl.col("sequence") == pl.col("sequence").min().over("survey", "month")).unique(
        maintain_order=True
    )


def groups_shown(lake: Lake) -> pl.DataFrame:
    """The groups that closed waves show, as `WaveRecord`: they stay, whatever fewest answers nps.yaml wants since."""
    return closed_waves(lake).filter(pl.col("kind") == "group")


def _in_order(lake: Lake) -> pl.DataFrame:
    """All rows of the ledger in the order in which they were written: of what the company shows."""
    return lake.ledger("waves").sort("sequence", nulls_last=False, maintain_order=True)


@dataclass(frozen=True)
class Closing:
    """When waves close, and what they may show."""

    close_after: int
    """Days after the end of the month."""
    minimum: int
    now: datetime
    published: Sequence[Path]
    """The published file and those before it: where the ledger has lost a wave of them, it shows nothing by group."""


def close_waves(connection: duckdb.DuckDBPyConnection, lake: Lake, closing: Closing, staff: Sequence[str] = ()) -> None:
    """Close the waves that are due, and make the table `waves` of all that are closed.

    `staff` is by what employees are shown beside branch and department.
    """
    frame_table(connection, "waves", closed_waves(lake))
    due = query(connection, Template(model("waves/due")).substitute(days=closing.close_after))
    if not due.is_empty():
        _close(connection, lake, closing, staff, due)
        frame_table(connection, "waves", closed_waves(lake))
    _keep_changes(connection, lake, closing)


def _close(
    connection: duckdb.DuckDBPyConnection, lake: Lake, closing: Closing, staff: Sequence[str], due: pl.DataFrame
) -> None:
    known = closed_waves(lake)
    keys = ("branch", "department", *staff)
    named = {"facts": "facts_apart" if staff else "facts", "keys": ", ".join(keys)}
    every, tables = query(connection, Template(model("waves/parts")).substitute(named)), grouped(staff)
    earlier = published_earlier(closing.published, every)
    gone = were_published(lake) if known.is_empty() and not closing.published else set()
    without = _months_without(known, earlier.closed, _counted_now(connection))
    for survey, month in due.rows():
        is_wave = (pl.col("survey") == survey) & (pl.col("month") == month)
        parts, told = every.filter(is_wave), earlier.told.filter(is_wave)
        is_lost = (survey, month) in earlier.closed or month in gone
        if is_lost:
            found = lost(parts, tables)
        elif month in without:
            found = renamed()
        else:
            found = close(parts, tables, closing.minimum, told_of(parts, told))
        about = {"survey": survey, "month": month, "members": [], "closed_at": closing.now}
        about |= {"minimum_group": closing.minimum}
        rows = [about | row for row in _rows(found, parts)]
        lake.append("waves", pl.DataFrame(rows, schema=types(WaveRecord)))


def _months_without(known: pl.DataFrame, closed: Iterable[tuple[str, date]], now: pl.DataFrame) -> set[date]:
    """The months of closed waves of which half of the answers or more count no more: they may count under another name.

    Of waves that the ledger has lost, and only a published file knows, nothing tells how many answers they had.
    """
    counted = {(survey, month): number for survey, month, number in now.select("survey", "month", "responses").rows()}
    of_waves = known.filter(pl.col("kind") == "wave").select("survey", "month", "responses").rows()
    then = dict.fromkeys(closed, 1) | {(survey, month): number or 0 for survey, month, number in of_waves}
    return {wave[1] for wave, answers in then.items() if answers and 2 * counted.get(wave, 0) <= answers}


def _keep_changes(connection: duckdb.DuckDBPyConnection, lake: Lake, closing: Closing) -> None:
    """Write down which closed waves the company's score counts otherwise from now on."""
    rows = [
        {"survey": survey, "month": month, "kind": "late", "members": [], "closed_at": closing.now}
        | {"minimum_group": closing.minimum}
        | dict(zip(COUNTS, counts, strict=True))
        for (survey, month), counts in changed(_in_order(lake), _counted_now(connection), closing.minimum)
    ]
    if rows:
        lake.append("waves", pl.DataFrame(rows, schema=types(WaveRecord)))


def show_company(connection: duckdb.DuckDBPyConnection, lake: Lake, minimum: int) -> None:
    """Add what is shown of all employees to `frozen`, and make `waves_left_out`: those of which it lacks answers."""
    found = company(_in_order(lake), _counted_now(connection), minimum)
    periods = {"period_grain": pl.String, "period_start": pl.Date, **dict.fromkeys(COUNTS, pl.Int64)}
    frame_table(connection, "company", pl.DataFrame(found.periods, schema=periods, orient="row"))
    left_out = pl.DataFrame(found.waves_left_out, schema={"survey": pl.String, "month": pl.Date}, orient="row")
    frame_table(connection, "waves_left_out", left_out)
    run_model(connection, "scores/company")


def _counted_now(connection: duckdb.DuckDBPyConnection) -> pl.DataFrame:
    """The answers of each wave as they are counted now."""
    counts = ", ".join(f"sum({name})::bigint as {name}" for name in COUNTS)
    sql = f"select survey, month, {counts} from facts where metric = 'enps' group by survey, month"  # noqa: S608 - our own names
    return query(connection, sql)


def _rows(found: Closed, parts: pl.DataFrame) -> Iterator[dict[str, object]]:
    """What the ledger keeps of a wave."""
    for group in found.groups:
        counts = dict(zip(COUNTS, group.counts, strict=True))
        yield {"kind": "group", "mart": group.mart, "members": list(group.members), **counts}
    for mart, withheld in found.withheld.items():
        yield {"kind": "table", "mart": mart, "withheld": withheld}
    whole = parts.select(pl.col(name).sum() for name in COUNTS).row(0, named=True)
    yield {"kind": "wave", "outcome": found.outcome, "compromised": found.compromised, **whole}
