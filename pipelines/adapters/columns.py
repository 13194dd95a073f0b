"""From the columns of a file of answers to the canonical ones that nps.yaml assigns them to, still as text.

Here: where each value comes from (a column, the file's name, a default). Not here: which heading is meant (`finding`),
what of its cells is text (`column_texts`), lists (`lists`), or what a value means (`transforms.rows.staged`).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import polars as pl
import polars.selectors as cs

from pipelines.adapters import extras
from pipelines.adapters.column_texts import constant, filled, present, text_of, text_or_blank, texts_of
from pipelines.adapters.file_names import values_from_name
from pipelines.adapters.finding import find_columns, is_absent
from pipelines.adapters.row_identity import all_cells, whom_and_when
from pipelines.adapters.table import TextTable, column
from pipelines.config.columns import Column, Matches
from pipelines.config.sources import Source
from pipelines.landing.landed import LandedFile
from transforms.dates.clocks import at_clock
from transforms.dimensions import CANONICAL, FURTHER, OF_ANSWERS
from transforms.rows.summaries import summary_words

#: What may hold the word `Total` in a row of totals.
_NAMING: Final = (*OF_ANSWERS, "manager", "response_id", "responded_at", "respondent")
#: What nps.yaml calls the columns of `_asked`, where it is named in what a file lacks.
_SETTINGS: Final = {
    "contact_outcome": "outcome.column",
    "asked_at": "asked.at",
    "asked_wave": "asked.wave",
    "asked_reminder": "asked.reminder",
}


def canonical(
    table: TextTable, file: LandedFile, source: Source, named: Mapping[str, str | pl.Expr] | None = None
) -> pl.LazyFrame:
    """Give a source's rows the columns that `transforms.rows.staged.judge` reads, all as text.

    `source_row`, `malformed`, those of `CANONICAL` that something gives, `further` and `extras` where any are named, an
    `exclude_<reason>` for each exclusion, `unanswered_where` where nps.yaml has it, `says_summary` and `may_sum_up`
    (Boolean) where a column may name its row, and `cells` where the file has no response ids.
    Raises `FileRefusedError` (file_layout) where a column named in nps.yaml is not in the file. Of an optional column
    that the file is without, the value is what the file's name or a default gives, if anything; a score and a date there
    must be. Of a file that stands for one of several answers, ids end with the name of that answer. Of rows of several files
    the `file_no` stays, and `named` is what the file's name gives.
    """
    source = source.only(file.answer)
    named = values_from_name(file, source) if named is None else named
    given = {**{str(name): value for name, value in source.defaults.items()}, **named}
    columns = present(table, source.columns, needed={"score", "responded_at"} - set(given))
    values = texts_of(table, [name for name in CANONICAL if name in {*columns, *given}], columns, given)
    if source.dates.clock is not None:
        clock = text_or_blank(table, source.dates.clock, "dates.clock")
        values["responded_at"] = at_clock(values["responded_at"], clock)
    if further := sorted(source.further & {*columns, *given}):
        values[FURTHER] = _further(table, source, {name: columns.get(name) for name in further}, given)
    if file.answer and "response_id" in values:
        values["response_id"] = _of_answer(values["response_id"], file.answer)
    said = {**named, "answers": file.answer} if file.answer else named
    beside = _beside(table, source)
    cells = {} if "response_id" in values else {"cells": all_cells(table, said)}
    if cells and source.contacts:
        cells = {"cells": whom_and_when({**values, **beside}, file.answer, cells["cells"])}
    words = _summary_words(table, columns)
    of_files = cs.by_name("file_no", require_all=False)
    rows = table.rows.select("source_row", "malformed", of_files, **values, **beside, **cells, **words)
    return rows.unnest(*words)


def notes_of_scores(table: TextTable, source: Source) -> tuple[str, ...]:
    """Say that merged cells of scores are one answer each."""
    wanted = source.columns.get("score")
    covered = [table.covered.get(at, ()) for at in find_columns(table, wanted, "score")] if wanted is not None else []
    rows = sum(map(len, covered))
    merged = (
        f"Merged cells of the score column cover {rows:,} more rows: each such cell is one answer, in its first row."
    )
    return (merged,) if rows else ()


def exclusions(source: Source) -> dict[str, tuple[str, tuple[str, ...]]]:
    """Say which values of which column of `canonical` exclude a row, by the reason (as `CleaningRules` wants it)."""
    return {reason: (f"exclude_{reason}", tuple(rule.values)) for reason, rule in source.exclude.items()}


def _further(
    table: TextTable, source: Source, columns: Mapping[str, Column | None], given: Mapping[str, str | pl.Expr]
) -> pl.Expr:
    """What is said of dimensions that nps.yaml declares by name, as JSON: no address, no telephone number and no person."""
    left_out = extras.persons(table, source)
    texts = {
        name: constant(given.get(name)) if wanted is None else text_of(table, wanted, extras.purpose(name))
        for name, wanted in columns.items()
    }
    said = [
        pl.lit(None, pl.String).alias(name) if name in left_out else extras.grouping(text).alias(name)
        for name, text in texts.items()
    ]
    return pl.struct(said).struct.json_encode()


def _beside(table: TextTable, source: Source) -> dict[str, pl.Expr]:
    """What is read beside the canonical columns."""
    found = {
        f"exclude_{reason}": text_or_blank(table, rule.column, f"exclude.{reason}")
        for reason, rule in source.exclude.items()
    }
    if source.where and not (isinstance(source.where.column, Matches) and is_absent(table, source.where.column)):
        found["where"] = text_of(table, source.where.column, "where")
    if source.unanswered_where:
        found["unanswered_where"] = text_or_blank(table, source.unanswered_where.column, "unanswered_where")
    if source.contacts:
        found |= _asked(table, source)
    if kept := _extras(table, source):
        found["extras"] = pl.struct(kept).struct.json_encode()
    return found


def _asked(table: TextTable, source: Source) -> dict[str, pl.Expr]:
    """What is read of attempts to ask somebody."""
    told = {"contact_outcome": source.outcome.column if source.outcome else None}
    told |= {"asked_at": source.asked.at, "asked_wave": source.asked.wave, "asked_reminder": source.asked.reminder}
    return {name: text_or_blank(table, wanted, _SETTINGS[name]) for name, wanted in told.items() if wanted is not None}


def _summary_words(table: TextTable, columns: Mapping[str, Column]) -> dict[str, pl.Expr]:
    """Whether a cell that may name its row says that it sums others up.

    That is a group, the id, the date, who answered, or the first cell that is filled of those that nothing is read from.
    """
    told = {name: find_columns(table, wanted, name) for name, wanted in columns.items()}
    used = {position for at in told.values() for position in at}
    naming = sorted({at[0] for name, at in told.items() if name in _NAMING and len(at) == 1})
    others = [pl.when(filled(at)).then(pl.col(column(at))) for at in range(table.width) if at not in used]
    cells = [*(pl.col(column(at)) for at in naming), *([pl.coalesce(others)] if others else [])]
    named = [cell.alias(f"{number}") for number, cell in enumerate(cells)]
    return {"words": summary_words(named)} if named else {}


def _of_answer(response_id: pl.Expr, answer: str) -> pl.Expr:
    """The id of one of a row's answers; what is blank stays so."""
    given = response_id.str.strip_chars()
    return pl.when(given.str.len_bytes() > 0).then(pl.format("{}#{}", given, pl.lit(answer)))


def _extras(table: TextTable, source: Source) -> list[pl.Expr]:
    """The further columns to keep, without addresses and telephone numbers, and without those that name a person."""
    left_out = extras.persons(table, source)
    return [
        extras.anonymous(table, name, text_of(table, name, extras.purpose(name))).alias(name)
        for name in source.extras
        if name not in left_out
    ]
