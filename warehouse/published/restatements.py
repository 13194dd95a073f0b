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
from typing import Any, Final, TypeAlias

import duckdb
import polars as pl

from transforms.dimensions import KEYS
from transforms.tables import Restatement, types
from transforms.texts.spelling import key
from warehouse.engine import attach, frame_table, query, run_model, view
from warehouse.lake.ledgers import DIMENSION_PREFIX, erased_since, moves_no_answer
from warehouse.lake.store import Lake
from warehouse.marts import Mart, scores
from warehouse.months.plan import Plan

_LEDGER: Final = "restatements"
_TYPES: Final = {name: dtype for name, dtype in types(Restatement).items() if name != "sequence"}
#: One figure of one publication.
_KEY: Final = ("restated_at", "mart", "period_grain", "period_start", "member")
_FILE: Final = ["source", "file_digest"]
_NAMED: Final = 3
_GONE: Final = {"withdrawn": "was withdrawn", "held": "is held", "refused": "was refused", "lost": "was lost"}
#: The months that a change concerns, or None where all may be; and what it was.
_Change: TypeAlias = tuple[Sequence[date] | None, str]
_NEEDED: Final = frozenset({"promoters", "passives", "detractors", "responses", "nps", "is_complete"})


def restate(connection: duckdb.DuckDBPyConnection, lake: Lake, plan: Plan, before: Path | None) -> None:
    """Make the view `told`: what was restated earlier, and what the file attached as nps restates of the one `before`.

    Of what was restated in all the years only DuckDB reads all, and some of it at a time.
    """
    _recorded(connection, lake)
    frame_table(connection, "restated", pl.DataFrame(schema=_TYPES))
    if before is not None and before.is_file():
        with suppress(duckdb.Error):  # an unreadable file tells nothing
            attach(connection, before, "published", "read_only")
            try:
                _restate(connection, plan)
            finally:
                connection.execute("detach published")
    run_model(connection, "told")


def _recorded(connection: duckdb.DuckDBPyConnection, lake: Lake) -> None:
    """The view `recorded`, of what stands in the ledger."""
    pieces = map(str, sorted(lake.sizes(_LEDGER)))
    view(connection, "of_ledger", [*pieces], Restatement)
    columns = ", ".join(_TYPES)
    connection.execute(f"create or replace temp view recorded as select {columns} from of_ledger")  # noqa: S608 - our own names


def _restate(connection: duckdb.DuckDBPyConnection, plan: Plan) -> None:
    has = _columns_of(connection)
    if "meta.restatements" in has:
        connection.execute(f"insert into restated {_not_recorded('published.meta.restatements')}")
    # By what branches are today all of history is meant to change with their list.
    marts = [mart for mart in scores(plan.apart) if mart.metric == "nps" and not mart.as_is]
    there = [mart for mart in marts if {*_NEEDED, *mart.keys} <= has.get(f"marts.{mart.name}", set())]
    frame_table(connection, "renamed", _renamed(connection, there))
    run_model(connection, "gone")
    for mart in there:
        run_model(connection, "restated_mart", **_values(mart))
    periods = query(connection, "select distinct period_start, period_end from restated where why = ''")
    if periods.height:
        files = query(
            connection,
            "select source, file_digest, path, status from published.meta.files where file_digest is not null",
        )
        [(then,)] = connection.execute("select published_at from published.meta.publish").fetchall()
        changes = [*_settings_changed(connection, has), *_changes(files, plan.verdicts, then)]
        again = _read_again(files, plan.verdicts, then)
        told = [(start, end, _why(changes, again, start, end)) for start, end in periods.iter_rows()]
        frame_table(connection, "whys", pl.DataFrame(told, schema=["period_start", "period_end", "why"], orient="row"))
        connection.execute(
            "update restated set why = w.why from whys as w where restated.why = '' "
            "and restated.period_start = w.period_start and restated.period_end = w.period_end"
        )


def not_recorded(connection: duckdb.DuckDBPyConnection, lake: Lake) -> pl.DataFrame:
    """What a file tells that stands in no ledger yet; the connection to it has UTC for its zone."""
    _recorded(connection, lake)
    return query(connection, _not_recorded("meta.restatements"))


def record_restatements(lake: Lake, told: pl.DataFrame) -> None:
    """Write into the ledger what the published file tells and the ledger does not."""
    if told.height:
        lake.append(_LEDGER, told.sort(_KEY))


def _not_recorded(table: str) -> str:
    """A query for what was restated by publications of which nothing is recorded: what one restates is recorded at once."""
    return (
        f"select {', '.join(_TYPES)} from {table} "  # noqa: S608 - our own names
        "where restated_at not in (select restated_at from recorded)"
    )


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


def _settings_changed(connection: duckdb.DuckDBPyConnection, has: Mapping[str, set[str]]) -> list[_Change]:
    """Which settings that decide what counts are others than those of the file before, as far as it tells them."""
    if "settings" not in has.get("meta.publish", ()):
        return []
    told = "select w.settings, p.settings from published.meta.publish as w cross join publication as p"
    [(then, now)] = connection.execute(told).fetchall()
    were, are = json.loads(then), json.loads(now)
    return [
        (None, f"{name} of nps.yaml has changed") for name in sorted(are) if name in were and were[name] != are[name]
    ]


def _changes(then: pl.DataFrame, now: pl.DataFrame, published_at: datetime) -> list[_Change]:
    """What changed of the files since, each with its months; None where all may be concerned. Nothing of employees."""
    counted = pl.col("status") == "accepted"
    unnamed = then.filter(counted).join(now, on="source", how="anti")
    renamed = _renamed_sources(unnamed, now)
    gone = sorted({*unnamed.get_column("source")} - {*renamed.values()})
    told: list[_Change] = [(None, f"nps.yaml calls {was} {name} now") for name, was in sorted(renamed.items())]
    told += [(None, f"nps.yaml names {source} no more") for source in gone]
    again = _named_again(then, now, published_at) - {*renamed}
    told += [(None, f"nps.yaml names {source} again") for source in sorted(again)]
    for file in _held_against(then, now).iter_rows(named=True):
        is_in, was_in, concerns = file["status"] == "accepted", bool(file["were_in"]), _months_of(file)
        if (
            is_in
            and not was_in
            and file["source"] not in again
            and file["file_digest"] not in _digests_of(unnamed, renamed.get(file["source"]))
        ):
            told.append((concerns, f"{file['path']} {'was let in' if file['were_out'] else 'arrived'}"))
        elif is_in and was_in and (erased := erased_since(file, published_at)):
            of_months = [month for month in erased if month is not None]
            told.append((of_months or None, f"people were erased from {file['path']}"))
        elif was_in and not is_in:
            by = f" by {file['withdrawn_by']}" if file["status"] == "withdrawn" else ""
            told.append((concerns, f"{file['path']} {_GONE.get(file['status'], 'was replaced')}{by}"))
    return told


def _read_again(then: pl.DataFrame, now: pl.DataFrame, published_at: datetime) -> list[_Change]:
    """Files that were in and were read again since: what follows from another change, or from this program."""
    again = pl.col("status").eq("accepted") & (pl.col("ingested_at") > published_at) & (pl.col("rows_read") > 0)
    found = _held_against(then, now).filter(pl.col("were_in").fill_null(value=False), again)
    return [(_months_of(file), f"{file['path']} was read again") for file in found.iter_rows(named=True)]


def _held_against(then: pl.DataFrame, now: pl.DataFrame) -> pl.DataFrame:
    """The files of clients that move answers, as they are now, and whether they were in, or not let in."""
    status = pl.col("status")
    were = then.group_by(_FILE).agg(
        were_in=status.eq("accepted").any(), were_out=status.is_in(["held", "refused"]).any()
    )
    moving = [source for source in now["source"].unique() if not moves_no_answer(source)]
    of_clients = now.filter(pl.col("source").is_in(moving), pl.col("metric").ne_missing("enps"))
    return of_clients.join(were, on=_FILE, how="left").sort("ingested_at", "path")


def _months_of(file: Mapping[str, Any]) -> Sequence[date] | None:
    if file["delivery"] == "snapshot" or file["source"].startswith(DIMENSION_PREFIX):
        return None
    return [*file["months"], *file["moved_months"]]


def _renamed_sources(unnamed: pl.DataFrame, now: pl.DataFrame) -> dict[str, str]:
    """New names of sources, and the former one under which their files counted."""
    before = now.filter(pl.col("status") == "accepted").join(
        unnamed.select("file_digest", was="source"), on="file_digest"
    )
    return dict(before.select("source", "was").unique().sort("source", "was").iter_rows())


def _named_again(then: pl.DataFrame, now: pl.DataFrame, published_at: datetime) -> set[str]:
    """Sources of which the file before knew nothing, though their files had been taken in when it was made."""
    known = _held_against(then, now).join(then, on="source", how="anti").filter(pl.col("ingested_at") <= published_at)
    return {*known.get_column("source")}


def _digests_of(files: pl.DataFrame, source: str | None) -> set[str]:
    return {*files.filter(pl.col("source") == source)["file_digest"]} if source else set()


def _why(changes: Sequence[_Change], again: Sequence[_Change], start: date, end: date) -> str:
    """Why a figure of a period is another: the files and settings, then what was read again for it; else the program."""
    whole, of_months = ([], [])  # type: tuple[list[str], list[str]]
    for months, says in changes:
        if months is None:
            whole.append(says)
        elif any(start <= month <= end for month in months):
            of_months.append(says)
    read = [says for months, says in again if months is None or any(start <= month <= end for month in months)]
    told = [*of_months, *whole, *read]
    if not told:
        return "The settings of nps.yaml, or this program, have changed."
    more = f"; and {len(told) - _NAMED} more" if told[_NAMED:] else ""
    return f"{'; '.join(told[:_NAMED])}{more}."
