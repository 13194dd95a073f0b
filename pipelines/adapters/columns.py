"""From a file's own columns to the canonical ones that nps.yaml assigns them to, still as text.

Here: where each value comes from (a column, the file's name, a default). Not here: which heading is meant (`headings`),
what a value means (`transforms.rows.staged`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from typing import Any, Final, get_args

import polars as pl
import polars.selectors as cs

from pipelines.adapters import extras
from pipelines.adapters.headings import find_columns, is_absent
from pipelines.adapters.table import TextTable, column
from pipelines.config.columns import Column, Matches
from pipelines.config.follow_up import TicketColumn, Tickets
from pipelines.config.layouts import Layout, MemberColumn
from pipelines.config.outcomes import Activity, ActivityColumn, ClientColumn, ClientList
from pipelines.config.patterns import groups_in
from pipelines.config.sources import Dimension, Source
from pipelines.errors import FileRefusedError
from pipelines.landing.landed import LandedFile
from transforms.dimensions import CANONICAL, DESCRIBING, FURTHER, OF_ANSWERS
from transforms.reasons import Reason
from transforms.rows.summaries import summary_words
from transforms.scores.texts import ERROR_CELL
from transforms.texts.spelling import key, spelling_key

#: Separators that no cell holds: between a heading and its cell, and between cells (ASCII unit and record separators).
_IS: Final = "\x1f"
_AND: Final = "\x1e"
#: What may hold the word `Total` in a row of totals.
_NAMING: Final = (*OF_ANSWERS, "manager", "response_id", "responded_at", "respondent")

_READ_AS_IT_IS: Final = frozenset({"score", "responded_at", "updated_at"})
#: How somebody was asked, beside whom and when.
_HOW: Final = ("survey", "channel", "asked_wave", "asked_reminder")
#: What nps.yaml calls the columns of `_asked`, where it is named in what a file lacks.
_SETTINGS: Final = {
    "contact_outcome": "outcome.column",
    "asked_at": "asked.at",
    "asked_wave": "asked.wave",
    "asked_reminder": "asked.reminder",
}
#: What only describes answers: without it they count all the same.
_DESCRIBE: Final = frozenset({*DESCRIBING, "manager", "comment", "reason", "language"})


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
    columns = _present(table, source.columns, needed={"score", "responded_at"} - set(given))
    values = _values(table, [name for name in CANONICAL if name in {*columns, *given}], columns, given)
    if further := sorted(source.further & {*columns, *given}):
        values[FURTHER] = _further(table, source, {name: columns.get(name) for name in further}, given)
    if file.answer and "response_id" in values:
        values["response_id"] = _of_answer(values["response_id"], file.answer)
    said = {**named, "answers": file.answer} if file.answer else named
    beside = _beside(table, source)
    cells = {} if "response_id" in values else {"cells": _all_cells(table, said)}
    if cells and source.contacts:
        cells = {"cells": _whom_and_when({**values, **beside}, file.answer, cells["cells"])}
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


def members(table: TextTable, file: LandedFile, dimension: Dimension) -> pl.LazyFrame:
    """Give a dimension's rows every `MemberColumn` as text, with `source_row` and `malformed`.

    Raises `FileRefusedError` (file_layout) where a column named in nps.yaml is not in the file.
    """
    columns = _present(table, dimension.columns, needed=set())
    values = _values(table, get_args(MemberColumn), columns, values_from_name(file, dimension))
    return table.rows.select("source_row", "malformed", **values)


def tickets(table: TextTable, file: LandedFile, layout: Tickets) -> pl.LazyFrame:
    """Give a dump's rows every `TicketColumn` as text, with `source_row` and `malformed`.

    Raises `FileRefusedError` (file_layout) where a column named in nps.yaml is not in the file.
    """
    needed = {"opened_at"} if layout.clients else set()
    columns = _present(table, layout.columns, needed={layout.known_by, *needed})
    values = _values(table, get_args(TicketColumn), columns, values_from_name(file, layout))
    return table.rows.select("source_row", "malformed", **values)


def activity(table: TextTable, file: LandedFile, layout: Activity) -> pl.LazyFrame:
    """Give a file's rows every `ActivityColumn` as text, with `source_row` and `malformed`.

    Raises `FileRefusedError` (file_layout) where a column named in nps.yaml is not in the file, unless it is optional.
    """
    columns = _present(table, layout.columns, needed={layout.by, "occurred_at", "kind", "activity_id"})
    values = _values(table, get_args(ActivityColumn), columns, values_from_name(file, layout))
    return table.rows.select("source_row", "malformed", **values)


def clients(table: TextTable, file: LandedFile, layout: ClientList) -> pl.LazyFrame:
    """Give a list's rows every `ClientColumn` as text, likewise."""
    columns = _present(table, layout.columns, needed={layout.by})
    values = _values(table, get_args(ClientColumn), columns, values_from_name(file, layout))
    return table.rows.select("source_row", "malformed", **values)


def values_from_name(file: LandedFile, layout: Layout) -> dict[str, str]:
    """Read the values that the file's name gives, or its path in the workspace where the pattern is about folders.

    Raises `FileRefusedError` (file_layout) where the name does not follow the pattern.
    """
    if layout.file_name is None:
        return {}
    found = groups_in(layout.file_name, file.name)
    if found is None:
        found = groups_in(layout.file_name, file.relative)
    if found is None:
        raise FileRefusedError(
            Reason.FILE_LAYOUT,
            f"The name {file.name} does not follow file_name of nps.yaml, {layout.file_name}, from which "
            f"{', '.join(sorted(layout.file_name_groups))} should come. Rename the file or correct the pattern.",
        )
    return found


def _present(table: TextTable, columns: Mapping[Any, Column], needed: set[str]) -> dict[str, Column]:
    """The columns but for the optional ones that the file is without; those that are `needed` stay, to be refused."""
    return {str(name): wanted for name, wanted in columns.items() if name in needed or not is_absent(table, wanted)}


def _values(
    table: TextTable, names: Iterable[str], columns: dict[str, Column], given: Mapping[str, str | pl.Expr]
) -> dict[str, pl.Expr]:
    return {
        name: _text_of(table, columns[name], name) if name in columns else _constant(given.get(name)) for name in names
    }


def _further(
    table: TextTable, source: Source, columns: Mapping[str, Column | None], given: Mapping[str, str | pl.Expr]
) -> pl.Expr:
    """What is said of dimensions that nps.yaml declares by name, as JSON: no address, no telephone number and no person."""
    left_out = extras.persons(table, source)
    texts = {
        name: _constant(given.get(name)) if wanted is None else _text_of(table, wanted, extras.purpose(name))
        for name, wanted in columns.items()
    }
    said = [
        pl.lit(None, pl.String).alias(name) if name in left_out else extras.grouping(text).alias(name)
        for name, text in texts.items()
    ]
    return pl.struct(said).struct.json_encode()


def _constant(value: str | pl.Expr | None) -> pl.Expr:
    return value if isinstance(value, pl.Expr) else pl.lit(value, dtype=pl.String)


def _spelt_alike(value: str | pl.Expr) -> pl.Expr:
    return spelling_key(value) if isinstance(value, pl.Expr) else pl.lit(key(value))


def _text_of(table: TextTable, wanted: Column, purpose: str) -> pl.Expr:
    """The text of a column; for an expanded question the labels of the options whose cells are filled."""
    found = find_columns(table, wanted, purpose)
    _hold_unsaved(table, found, purpose)
    if len(found) == 1:
        return _cell(table, found[0], purpose)
    chosen = [pl.when(_filled(i)).then(pl.lit(table.headings[i].option)) for i in found]
    labels = pl.concat_str(chosen, separator=", ", ignore_nulls=True)
    return pl.when(labels.str.len_bytes() > 0).then(labels)


def _cell(table: TextTable, position: int, purpose: str) -> pl.Expr:
    """The text of one column as far as it is one: an error is a score or date that cannot be read, and else nothing.

    A merged cell of scores is one answer, in the first of the rows that it covers.
    """
    text = pl.col(column(position))
    if purpose == "score" and position in table.covered:
        return pl.when(~pl.col("source_row").is_in(table.covered[position])).then(text)
    is_as_it_is = purpose in _READ_AS_IT_IS or not table.may_hold_errors
    return text if is_as_it_is else pl.when(~text.str.contains(ERROR_CELL)).then(text)


def _hold_unsaved(table: TextTable, positions: Iterable[int], purpose: str) -> None:
    """Raise `FileRefusedError` (formulas_unsaved) where nobody knows what decides which answers count, and how."""
    rows = max((table.unsaved.get(at, 0) for at in positions), default=0)
    if rows and purpose not in _DESCRIBE and not purpose.startswith("extras"):
        raise FileRefusedError(
            Reason.FORMULAS_UNSAVED,
            f"{purpose} is a column of formulas whose results were never saved, in {rows:,} rows: the program that wrote "
            "the file did not work them out. Open it in a spreadsheet program, save it, and put it here again.",
        )


def _beside(table: TextTable, source: Source) -> dict[str, pl.Expr]:
    """What is read beside the canonical columns."""
    found = {
        f"exclude_{reason}": _text_or_blank(table, rule.column, f"exclude.{reason}")
        for reason, rule in source.exclude.items()
    }
    if source.where and not (isinstance(source.where.column, Matches) and is_absent(table, source.where.column)):
        found["where"] = _text_of(table, source.where.column, "where")
    if source.unanswered_where:
        found["unanswered_where"] = _text_or_blank(table, source.unanswered_where.column, "unanswered_where")
    if source.contacts:
        found |= _asked(table, source)
    if kept := _extras(table, source):
        found["extras"] = pl.struct(kept).struct.json_encode()
    return found


def _asked(table: TextTable, source: Source) -> dict[str, pl.Expr]:
    """What is read of attempts to ask somebody."""
    told = {"contact_outcome": source.outcome.column if source.outcome else None}
    told |= {"asked_at": source.asked.at, "asked_wave": source.asked.wave, "asked_reminder": source.asked.reminder}
    return {name: _text_or_blank(table, wanted, _SETTINGS[name]) for name, wanted in told.items() if wanted is not None}


def _summary_words(table: TextTable, columns: Mapping[str, Column]) -> dict[str, pl.Expr]:
    """Whether a cell that may name its row says that it sums others up.

    That is a group, the id, the date, who answered, or the first cell that is filled of those that nothing is read from.
    """
    told = {name: find_columns(table, wanted, name) for name, wanted in columns.items()}
    used = {position for at in told.values() for position in at}
    naming = sorted({at[0] for name, at in told.items() if name in _NAMING and len(at) == 1})
    others = [pl.when(_filled(at)).then(pl.col(column(at))) for at in range(table.width) if at not in used]
    cells = [*(pl.col(column(at)) for at in naming), *([pl.coalesce(others)] if others else [])]
    named = [cell.alias(f"{number}") for number, cell in enumerate(cells)]
    return {"words": summary_words(named)} if named else {}


def _of_answer(response_id: pl.Expr, answer: str) -> pl.Expr:
    """The id of one of a row's answers; what is blank stays so."""
    given = response_id.str.strip_chars()
    return pl.when(given.str.len_bytes() > 0).then(pl.format("{}#{}", given, pl.lit(answer)))


def _text_or_blank(table: TextTable, wanted: Column, purpose: str) -> pl.Expr:
    return pl.lit(None, pl.String) if is_absent(table, wanted) else _text_of(table, wanted, purpose)


def _filled(position: int) -> pl.Expr:
    return pl.col(column(position)).str.strip_chars().str.len_bytes() > 0


def _extras(table: TextTable, source: Source) -> list[pl.Expr]:
    """The further columns to keep, without addresses and telephone numbers, and without those that name a person."""
    left_out = extras.persons(table, source)
    return [
        extras.anonymous(table, name, _text_of(table, name, extras.purpose(name))).alias(name)
        for name in source.extras
        if name not in left_out
    ]


def _all_cells(table: TextTable, named: Mapping[str, str | pl.Expr]) -> pl.Expr:
    """A row's whole text, the same for the same answers whatever the order of columns and however many are empty.

    What the file's name says of its answers is a part of them, in whichever spelling: equal rows of two branches are
    different people.
    """
    ordered = sorted(range(table.width), key=lambda i: (table.headings[i].text, table.headings[i].option, i))
    labels = [f"{table.headings[i].label or i}" for i in ordered] + sorted(named)
    texts = [pl.col(column(i)) for i in ordered] + [_spelt_alike(named[name]) for name in sorted(named)]
    rows = pl.struct(text.alias(f"{at}") for at, text in enumerate(texts))
    put = partial(together, labels=labels, cells=len(ordered))
    return rows.map_batches(put, return_dtype=pl.String, is_elementwise=True)


def _whom_and_when(values: Mapping[str, pl.Expr], answer: str, cells: pl.Expr) -> pl.Expr:
    """What tells an attempt to ask somebody from others: whom and when, and how; all cells where these are not known.

    What became of it may change from file to file, and it stays the same attempt. Of several answers of a row each is one.
    """
    when = "asked_at" if "asked_at" in values else "responded_at"
    whom = [name for name in ("respondent", "account") if name in values]
    if not whom or when not in values:
        return cells
    told = {name: values[name].str.strip_chars() for name in (*whom, when, *_HOW) if name in values}
    is_known = pl.any_horizontal(told[name].str.len_bytes() > 0 for name in whom) & (told[when].str.len_bytes() > 0)
    texts = [pl.format(f"{name}{_IS}{{}}", text.fill_null("")) for name, text in told.items()]
    return pl.when(is_known).then(pl.concat_str([pl.lit(answer), *texts], separator=_AND)).otherwise(cells)


def together(rows: pl.Series, labels: Sequence[str], cells: int) -> pl.Series:
    """The texts of each row after their labels; of the first ones, which are `cells`, those that are not empty.

    Where no text of a piece is missing, as in most columns, all are put together at once, which takes a third of the time.
    """
    told: list[pl.Expr] = []
    template = ""
    for at, (label, texts) in enumerate(zip(labels, rows.struct.unnest(), strict=True)):
        text = pl.col(texts.name)
        is_empty = texts.str.len_bytes() == 0 if at < cells else texts.is_null()
        if texts.null_count() or is_empty.any():
            given = pl.format("{}{}", pl.lit(f"{_AND}{label}{_IS}"), text)
            told.append(pl.when(~is_empty).then(given).fill_null(""))
            template += "{}"
        elif "{" in label or "}" in label:
            told += [pl.lit(label), text]
            template += f"{_AND}{{}}{_IS}{{}}"
        else:
            told.append(text)
            template += f"{_AND}{label}{_IS}{{}}"
    return rows.struct.unnest().select(pl.format(template, *told).str.strip_prefix(_AND)).to_series()
