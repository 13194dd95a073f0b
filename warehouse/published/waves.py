"""Waves of employees: each closes once, and what it then shows by group stays for good.

Here: which waves close now, and what the ledger of them keeps. Not here: which groups may be shown
(`transforms.waves.groups`), what was published before (`warehouse.published.earlier`), the tables that show them
(`models/marts`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from string import Template

import duckdb
import polars as pl

from transforms.tables import WaveRecord, types
from transforms.waves.closing import Closed, close, lost, renamed, told_of
from transforms.waves.company import Wave, changed, company
from transforms.waves.groups import COUNTS
from warehouse.engine import frame_table, model, query, run_model
from warehouse.lake.ledgers import current_files
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
    missing = _missing(known, earlier.closed, _counted_now(connection))
    moved = _months_moved(lake)
    for survey, month in due.rows():
        is_wave = (pl.col("survey") == survey) & (pl.col("month") == month)
        parts, told = every.filter(is_wave), earlier.told.filter(is_wave)
        is_lost = (survey, month) in earlier.closed or month in gone
        shown_as = _shown_as(missing, month, moved.get(month, set()), int(parts.get_column("responses").sum()))
        if is_lost:
            found = lost(parts, tables)
        elif shown_as:
            found = renamed(shown_as)
        else:
            found = close(parts, tables, closing.minimum, told_of(parts, told))
        about = {"survey": survey, "month": month, "members": [], "closed_at": closing.now}
        about |= {"minimum_group": closing.minimum}
        rows = [about | row for row in _rows(found, parts)]
        lake.append("waves", pl.DataFrame(rows, schema=types(WaveRecord)))


def _missing(known: pl.DataFrame, closed: Iterable[Wave], now: pl.DataFrame) -> dict[Wave, tuple[int, bool]]:
    """Of each closed wave how many answers count no more, and whether these are half of them or more.

    Of waves that the ledger has lost, and only a published file knows, nothing tells how many answers they had.
    """
    counted = {(survey, month): number for survey, month, number in now.select("survey", "month", "responses").rows()}
    of_waves = known.filter(pl.col("kind") == "wave").select("survey", "month", "responses").rows()
    then = dict.fromkeys(closed, 1) | {(survey, month): number or 0 for survey, month, number in of_waves}
    left = {wave: (answers, answers - counted.get(wave, 0)) for wave, answers in then.items()}
    return {wave: (lacks, 2 * lacks >= answers) for wave, (answers, lacks) in left.items() if lacks > 0}


def _shown_as(
    missing: Mapping[Wave, tuple[int, bool]], month: date, before: Collection[date], responses: int
) -> Wave | None:
    """The closed wave that may show so many answers of a month under another name: most of it, or of them, is missing there.

    `before` are the months that the same files were read as of.
    """
    may_be = {
        wave: lacks
        for wave, (lacks, is_most) in missing.items()
        if (is_most and wave[1] in {month, *before}) or (wave[1] == month and 2 * lacks >= responses)
    }
    return max(sorted(may_be), key=may_be.__getitem__, default=None)


def _months_moved(lake: Lake) -> dict[date, set[date]]:
    """The months in which answers of employees count that were read as of others before, and of which."""
    read = lake.ledger("files").filter(metric="enps", status="accepted")
    then = read.select("file_digest", "months")
    now = current_files(lake).filter(metric="enps", status="accepted").select("file_digest", now="months")
    found: dict[date, set[date]] = {}
    for was, are in then.join(now, on="file_digest").select("months", "now").rows():
        for month in {*are} - {*was}:
            found[month] = found.get(month, set()) | ({*was} - {*are})
    return found


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
    shown_as = [f"{each}" for each in found.shown_as or ()]
    yield {"kind": "wave", "outcome": found.outcome, "compromised": found.compromised, "members": shown_as, **whole}
