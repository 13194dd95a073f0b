"""Figures of periods that had ended, and were published, and are others now: from what to what, when and why.

Here: finding them while a file is built, and the ledger that outlives the file. Not here: whether so large a change may be
published (`expectations`). Each file holds all that was ever restated; the ledger is written when it has been swapped in,
and either is made whole from the other.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import date, datetime
from pathlib import Path
from typing import Final

import duckdb
import polars as pl

from transforms.dimensions import KEYS
from transforms.tables import Restatement
from transforms.texts.spelling import key
from warehouse.engine import attach, frame_table, query, run_model
from warehouse.lake.ledgers import DIMENSION_PREFIX, erased_since, moves_no_answer
from warehouse.lake.store import Lake
from warehouse.marts import Mart, scores
from warehouse.months.plan import Plan

_LEDGER: Final = "restatements"
#: One figure of one publication.
_KEY: Final = ("restated_at", "mart", "period_grain", "period_start", "member")
_FILE: Final = ["source", "file_digest"]
_NAMED: Final = 3
_GONE: Final = {"withdrawn": "was withdrawn", "held": "is held", "refused": "was refused", "lost": "was lost"}
_NEEDED: Final = frozenset({"promoters", "passives", "detractors", "responses", "nps", "is_complete"})


def restate(connection: duckdb.DuckDBPyConnection, lake: Lake, plan: Plan, before: Path | None) -> None:
    """Fill `restated`: what was restated earlier, and what the file attached as nps restates of the one `before`."""
    columns = [name for name in Restatement.column_names() if name != "sequence"]
    earlier = lake.ledger(_LEDGER).select(columns)
    frame_table(connection, "restated", earlier)
    if before is None or not before.is_file():
        return
    with suppress(duckdb.Error):  # an unreadable file tells nothing
        attach(connection, before, "published", "read_only")
        try:
            _restate(connection, plan, earlier)
        finally:
            connection.execute("detach published")


def _restate(connection: duckdb.DuckDBPyConnection, plan: Plan, earlier: pl.DataFrame) -> None:
    has = _columns_of(connection)
    if "meta.restatements" in has:
        rows = query(connection, f"select {', '.join(earlier.columns)} from published.meta.restatements")  # noqa: S608 - ours
        unknown = rows.cast(earlier.schema).join(earlier, on=_KEY, how="anti", nulls_equal=True)
        frame_table(connection, "restated", pl.concat([earlier, unknown]))
    # By what branches are today all of history is meant to change with their list.
    marts = [mart for mart in scores(plan.apart) if mart.metric == "nps" and not mart.as_is]
    there = [mart for mart in marts if {*_NEEDED, *mart.keys} <= has.get(f"marts.{mart.name}", set())]
    frame_table(connection, "renamed", _renamed(connection, there))
    run_model(connection, "gone")
    for mart in there:
        run_model(connection, "restated_mart", **_values(mart))
    periods = query(connection, "select distinct period_start, period_end from restated where why = ''")
    if periods.height:
        files = query(connection, "select source, file_digest, path, status from published.meta.files")
        [(then,)] = connection.execute("select published_at from published.meta.publish").fetchall()
        changes = [*_settings_changed(connection, has), *_changes(files, plan.verdicts, then)]
        told = [(start, end, _why(changes, start, end)) for start, end in periods.iter_rows()]
        frame_table(connection, "whys", pl.DataFrame(told, schema=["period_start", "period_end", "why"], orient="row"))
        connection.execute(
            "update restated set why = w.why from whys as w where restated.why = '' "
            "and restated.period_start = w.period_start and restated.period_end = w.period_end"
        )


def restatements_in(connection: duckdb.DuckDBPyConnection) -> pl.DataFrame:
    """All that a file tells was ever restated; the connection to it has UTC for its zone."""
    columns = [name for name in Restatement.column_names() if name != "sequence"]
    return query(connection, f"select {', '.join(columns)} from meta.restatements")  # noqa: S608 - our own names


def record_restatements(lake: Lake, told: pl.DataFrame) -> None:
    """Write into the ledger what the published file tells (`restatements_in`) and the ledger does not."""
    known = lake.ledger(_LEDGER)
    columns = [name for name in Restatement.column_names() if name != "sequence"]
    unknown = told.cast(known.select(columns).schema).join(known, on=_KEY, how="anti", nulls_equal=True)
    if unknown.height:
        lake.append(_LEDGER, unknown)


def _columns_of(connection: duckdb.DuckDBPyConnection) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    rows = connection.execute(
        "select schema_name || '.' || table_name, column_name from duckdb_columns() where database_name = 'published'"
    ).fetchall()
    for table, column in rows:
        found.setdefault(table, set()).add(column)
    return found


def _renamed(connection: duckdb.DuckDBPyConnection, marts: Sequence[Mart]) -> pl.DataFrame:
    """`attribute, was, shown_as` of names that were published in another spelling than they are shown in now."""
    names = {name: mart.name for mart in marts for name in mart.groups if mart.groups == (name,) and name not in KEYS}
    shown = query(connection, "select attribute, shown_as from spelling")
    now = {(attribute, key(label)): label for attribute, label in shown.iter_rows()}
    found = []
    for name, mart in names.items():
        told = query(connection, f"select distinct {name} from published.marts.{mart}")  # noqa: S608 - our own names
        labels = {*shown.filter(pl.col("attribute") == name)["shown_as"]}
        found += [(name, was, now.get((name, key(was)), was)) for was in told.to_series() if was not in labels]
    return pl.DataFrame(found, schema=dict.fromkeys(("attribute", "was", "shown_as"), pl.String), orient="row")


def _values(mart: Mart) -> dict[str, str]:
    joins = [
        f"left join renamed as {name}_as on {name}_as.attribute = '{name}' and b.{name} = {name}_as.was"
        for name in mart.groups
    ]
    return {
        "mart": mart.name,
        "dimension": ", ".join(mart.groups),
        "names": "".join(f"{name}, " for name in mart.groups),
        "named": mart.values["named"],
        "names_shown": "".join(f"coalesce({name}_as.shown_as, b.{name}) as {name}, " for name in mart.groups),
        "members": ", ".join(f"b.{name}" for name in mart.groups) or "null",
        "same": " and ".join(f"b.{name} = n.{name}" for name in mart.keys),
        "renamed": "\n".join(joins),
        "is_of_persons": str(mart.is_of_persons).lower(),
    }


def _settings_changed(
    connection: duckdb.DuckDBPyConnection, has: Mapping[str, set[str]]
) -> list[tuple[Sequence[date] | None, str]]:
    """Which settings that decide what counts are others than those of the file before, as far as it tells them."""
    if "settings" not in has.get("meta.publish", ()):
        return []
    told = "select w.settings, p.settings from published.meta.publish as w cross join publication as p"
    [(then, now)] = connection.execute(told).fetchall()
    were, are = json.loads(then), json.loads(now)
    return [
        (None, f"{name} of nps.yaml has changed") for name in sorted(are) if name in were and were[name] != are[name]
    ]


def _changes(then: pl.DataFrame, now: pl.DataFrame, published_at: datetime) -> list[tuple[Sequence[date] | None, str]]:
    """What changed of the files since, each with its months; None where all may be concerned. Nothing of employees."""
    counted = pl.col("status") == "accepted"
    were = then.filter(counted).select(*_FILE, were_in=True)
    found = now.join(were, on=_FILE, how="left").sort("ingested_at", "path")
    unnamed = were.join(now, on="source", how="anti").get_column("source").unique().sort()
    told: list[tuple[Sequence[date] | None, str]] = [(None, f"nps.yaml names {source} no more") for source in unnamed]
    for file in found.iter_rows(named=True):
        if moves_no_answer(file["source"]) or file["metric"] == "enps":
            continue
        is_in, was_in = file["status"] == "accepted", bool(file["were_in"])
        months = [*file["months"], *file["moved_months"]]
        concerns = None if file["delivery"] == "snapshot" or file["source"].startswith(DIMENSION_PREFIX) else months
        if is_in and not was_in:
            told.append((concerns, f"{file['path']} arrived"))
        elif is_in and file["ingested_at"] > published_at and file["rows_read"]:
            told.append((concerns, f"{file['path']} was read again"))
        elif is_in and (erased := erased_since(file, published_at)):
            of_months = [month for month in erased if month is not None]
            told.append((of_months or None, f"people were erased from {file['path']}"))
        elif was_in and not is_in:
            by = f" by {file['withdrawn_by']}" if file["status"] == "withdrawn" else ""
            told.append((concerns, f"{file['path']} {_GONE.get(file['status'], 'was replaced')}{by}"))
    return told


def _why(changes: Sequence[tuple[Sequence[date] | None, str]], start: date, end: date) -> str:
    """Why a figure of a period is another: the files; where there are none, what else decides."""
    whole, of_months = ([], [])  # type: tuple[list[str], list[str]]
    for months, says in changes:
        if months is None:
            whole.append(says)
        elif any(start <= month <= end for month in months):
            of_months.append(says)
    told = [*of_months, *whole]
    if not told:
        return "The settings of nps.yaml, or this program, have changed."
    more = f"; and {len(told) - _NAMED} more" if told[_NAMED:] else ""
    return f"{'; '.join(told[:_NAMED])}{more}."
