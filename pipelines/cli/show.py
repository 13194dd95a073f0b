"""How results look to people: tables, a progress line, sentences.

Here: rendering. Not here: computing anything.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from pipelines.shown import counted, shown

if TYPE_CHECKING:
    from pathlib import Path

    import polars as pl

    from pipelines.context import Tell
    from pipelines.intake.erasure import Traces
    from pipelines.report.status import Status
    from pipelines.runs.told import NightReport


class _Screen(Console):
    """A console on which texts are only texts, whatever a file has in its headings."""

    def print(self, *objects: Any, **options: Any) -> None:  # noqa: ANN401 - as rich has it
        super().print(*(shown(each, lines=True) if isinstance(each, str) else each for each in objects), **options)


out = _Screen(soft_wrap=True)
err = _Screen(stderr=True, soft_wrap=True)

_SHOWN = 20
#: Where the rest of a list is, of which the first lines are shown.
_IN_JSON = "nps status --json"
_OF_SUPERSEDED = "nps rejects --superseded --summary"
_OF_NOTES = "nps status --json"
_OF_FILES = "nps rejects --summary"
_OF_REJECTED = "nps rejects"
_ROWS_SHOWN = 40
#: Of files whose answers others replaced: such sentences are long and much alike.
_SUPERSEDED_SHOWN = 5
_WIDE = 100_000


def as_json(value: object) -> None:
    """For programs: one JSON document. JSON has no number that is infinite or none: they become null."""
    print(json.dumps(_finite(value), indent=2, ensure_ascii=False, default=str))  # noqa: T201 - this is the output


def _finite(value: object) -> object:
    if isinstance(value, Mapping):
        return {name: _finite(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(each) for each in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


@contextmanager
def progress(*, visible: bool) -> Iterator[Tell]:
    """A progress bar on standard error while something long goes on; nothing where nobody watches."""
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=err, transient=True, disable=not (visible and err.is_terminal)) as bar:
        task = bar.add_task("starting", total=None)

        def tell(what: str, done: int, of: int) -> None:
            bar.update(task, description=what, completed=done, total=of)

        yield tell


def written(paths: Sequence[Path]) -> None:
    """Files that a command has written."""
    out.print(
        f"Written: {counted(len(paths), 'file')}, in {paths[0].parent.resolve()}:" if len(paths) > 1 else "Written:"
    )
    for path in paths:
        out.print(f"  {path}", markup=False, highlight=False)


def frame(rows: pl.DataFrame, title: str | None = None) -> None:
    """A frame as a table."""
    table = Table(title=None if title is None else Text(title), title_justify="left")
    for name, dtype in rows.schema.items():
        table.add_column(
            Text(shown(name, lines=True)), justify="right" if dtype.is_numeric() else "left", overflow="fold"
        )
    for row in rows.iter_rows():
        table.add_row(*("" if value is None else Text(shown(str(value), lines=True)) for value in row))
    # Into a file or a pipe a table goes as wide as it is, and on a screen its cells are folded: nothing is cut off.
    wide = None if out.is_terminal else _WIDE
    Console(width=wide).print(table)


def status(found: Status) -> None:
    """Where a workspace stands."""
    published = found.last_publish
    lines([f"Last published: {published['published_at']}" if published else "Nothing is published yet."])
    lines([f"Pending files: {len(found.pending) or 'none'}"])
    some([f"  {file['path']} ({file['source']})" for file in found.pending], _IN_JSON)
    months = found.stale_months
    lines([f"Stale months: {f'{len(months)}, {months[0]} to {months[-1]}' if months else 'none'}"])
    frame(found.sources, "Files that are in")
    some(found.files.get_column("says").drop_nulls().to_list(), _OF_SUPERSEDED, _SUPERSEDED_SHOWN)
    some([f"{file['path']} ({file['source']}) is withdrawn: {file['says']}" for file in found.withdrawn], _IN_JSON)
    some(found.removed, _IN_JSON)
    some(found.odd, _IN_JSON)
    notes(found.notes.to_dicts())
    if found.not_in.height:
        lines([_not_in(found.not_in.height)])
        some([_why_not_in(file) for file in found.not_in.iter_rows(named=True)], _OF_FILES)


def night(report: NightReport, database: str) -> None:
    """What a night did, in sentences."""
    if report.outcome == "nothing to do":
        lines([f"Nothing to do: no file is pending, every month is built, and {database} is up to date."])
        some(report.odd, _IN_JSON)
        _errors(report)
        return
    if report.outcome == "published":
        files, months = counted(report.files_in, "file"), counted(report.months_rebuilt, "month")
        out.print(f"Published {database}: {files} taken in, {months} built.", style="green", markup=False)
        _rejected(report)
        some(report.odd, _IN_JSON)
    else:
        err.print("Nothing was published; the last published file stands.", style="bold red")
        _rejected(report)
    some(report.superseded, _OF_SUPERSEDED, _SUPERSEDED_SHOWN)
    notes(report.notes)
    for rule in report.failed_rules:
        rows = counted(int(rule["failing_rows"]), "row")
        err.print(f"  {rule['stage']}: {rule['rule']} failed ({rows}). {rule['says']}", style="red", markup=False)
    _errors(report)
    if report.not_in:
        err.print(_not_in(len(report.not_in)), style="yellow")
    for line in _some([_why_not_in(file) for file in report.not_in], _OF_FILES):
        err.print(line, style="yellow", markup=False)


def _rejected(report: NightReport) -> None:
    if report.rows_rejected:
        rows, files = counted(report.rows_rejected, "row"), counted(report.files_with_rejected, "file")
        were = "was rejected, and counts" if report.rows_rejected == 1 else "were rejected, and count"
        lines([f"{rows} of {files} {were} nowhere. Which, and why: {_OF_REJECTED}"])


def _errors(report: NightReport) -> None:
    for line in report.errors:
        err.print(f"  {line}", style="red", markup=False)


def rejects(rows: pl.DataFrame, shown: pl.DataFrame, not_kept: int) -> None:
    """Rejected rows or their summary: a table of rows is cut off on purpose, one of counts is whole."""
    from pipelines.report.rejects import summary

    if rows.is_empty():
        lines(["No row was rejected or excluded."])
    elif shown is not rows:
        frame(shown)
    else:
        of_rows = _by_month(rows.drop_nulls("source_row").drop("detail"))
        # What was refused stands before what is no answer: thousands of rows of another question would hide it.
        of_rows = of_rows.sort("outcome", descending=True, maintain_order=True)
        if of_rows.height:
            frame(of_rows.head(_ROWS_SHOWN))
        if of_rows.height > _ROWS_SHOWN:
            lines([f"… and {of_rows.height - _ROWS_SHOWN} more rows; all of them: nps rejects --csv"])
        if of_rows.height:
            frame(summary(rows), "In all")
        files = rows.filter(rows["source_row"].is_null())
        if files.height:
            lines([_not_in(files.height)])
            lines([_why_not_in({**file, "status": file["outcome"]}) for file in files.iter_rows(named=True)])
    if not_kept:
        lines(
            [f"{counted(not_kept, 'older row')} not shown: limits.keep_rejected_days of nps.yaml. Counts: nps status."]
        )


def superseded_rows(rows: pl.DataFrame, counts: pl.DataFrame, *, whole: bool) -> None:
    """Answers that others replaced: their counts, and before them, if `whole`, the rows, cut off on purpose."""
    if rows.is_empty():
        lines(["Every answer of the files that are in counts."])
        return
    if whole:
        frame(_by_month(rows.head(_ROWS_SHOWN)))
        if rows.height > _ROWS_SHOWN:
            lines([f"… and {rows.height - _ROWS_SHOWN} more rows; all of them: nps rejects --superseded --csv"])
    frame(counts, "In all")


def _by_month(rows: pl.DataFrame) -> pl.DataFrame:
    """Rows with their month as it is typed: 2025-01."""
    return rows.with_columns(rows.get_column("month").dt.strftime("%Y-%m"))


def withdrawn(files: Sequence[Mapping[str, Any]], *, undo: bool) -> None:
    """What taking files back, or undoing that, did; what a file had before it was written over counts again.

    `files` are their records, with `has_answers`: whether their rows are answers.
    """
    for file in files:
        rows = counted(file["accepted"], "answer" if file["has_answers"] else "row")
        if not file["accepted"] and file["contacts"]:
            rows = f"{counted(file['contacts'], 'attempt')} to ask somebody"
        if undo or file["status"] == "withdrawn":
            lines([f"{file['path']}: its {rows} {'count again' if undo else 'count no more'}."])
        else:
            lines([f"{file['path']}: the {rows} that it had before it was written over count again."])
    if any(file["has_answers"] for file in files):
        lines(["Type nps run: the months that this concerns are built anew and published."])
    else:
        lines(["Type nps run: what follows from it is published anew."])
    if not undo:
        lines(["That it lies in landing, or comes again, brings nothing back; nps withdraw --undo does."])


def erased(traces: Traces) -> None:
    """What the lake holds of people, or held before they were erased; never who they are."""
    for file in traces.files.iter_rows(named=True):
        own = f"{counted(file['own'], 'row')} of theirs" if file["own"] else ""
        asked = f"{counted(file['asked'], 'attempt')} to ask them" if file["asked"] else ""
        name = f"{counted(file['named'], 'row')} of others that {'names' if file['named'] == 1 else 'name'} them"
        lines(
            [f"{file['path']} ({file['source']}): {', '.join(filter(None, [own, asked, name * bool(file['named'])]))}."]
        )
    if traces.files.is_empty():
        lines(["Nothing of them is here. Is that what files call them?"])
    if not traces.is_erased:
        lines(["Nothing was erased: that takes the same without --look."])
        return
    if traces.files.height:
        lines(["All of it is erased. What lies in landing still has it, and is not touched: delete it there."])
        lines(["Type nps run: what this concerns is built anew and published."])
    lines(["Rows of theirs that come again are excluded. erasures.jsonl says so, beside nps.yaml: keep it."])


def some(texts: Sequence[str], where: str, most: int = _SHOWN) -> None:
    """Lines, as far as they are not too many for a screen, and where all of them are."""
    lines(_some(texts, where, most))


def _some(texts: Sequence[str], where: str, most: int = _SHOWN) -> list[str]:
    more = len(texts) - most
    return [*texts[:most], *([f"  … and {more:,} more; all of them: {where}"] if more > 0 else [])]


def notes(found: Sequence[Mapping[str, str]]) -> None:
    """What is odd in files that are in, as far as it is not too much for a screen."""
    if found:
        lines(["Odd in files that are in:"])
        some([f"  {each['path']} ({each['source']}): {each['note']}" for each in found], _OF_NOTES)


def _not_in(files: int) -> str:
    return f"{counted(files, 'file')} {'is' if files == 1 else 'are'} not in:"


def _why_not_in(file: Mapping[str, str]) -> str:
    return f"  {file['path']} ({file['source']}): {file['status']}, {file['reason']}: {file['detail']}"


def followups(rows: pl.DataFrame) -> None:
    """Those to call first, and how many there are."""
    if rows.is_empty():
        lines(["Nobody is to be called: no case is open."])
        return
    frame(rows.head(_ROWS_SHOWN))
    more = f" Shown are the first {_ROWS_SHOWN}; all of them: nps followups --csv" if rows.height > _ROWS_SHOWN else ""
    lines([f"{rows.height} open, {rows.get_column('is_overdue').sum()} of them overdue.{more}"])


def lines(texts: Sequence[str]) -> None:
    """Plain lines."""
    for text in texts:
        out.print(text, markup=False, highlight=False)
