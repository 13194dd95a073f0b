"""The command that looks at an unknown file: sniff.

Here: its options and how its findings are told. Not here: finding them (`pipelines.sniff`).
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipelines.cli import options, show
from pipelines.shown import counted

if TYPE_CHECKING:
    from pipelines.sniff.dates.dates import DateColumn
    from pipelines.sniff.scores.scores import ScoreColumn
    from pipelines.sniff.sniffed import Findings, Sniffed

CANNOT_BE_READ = 1
_SHOWN = 5


def sniff(
    file: Annotated[Path, typer.Argument(help="The file to look at. It is only read, and never needs a workspace.")],
    json: options.Json = False,
    encoding: Annotated[
        list[str] | None,
        typer.Option(
            help="Read it in this encoding; several times where its lines are in several.", show_default=False
        ),
    ] = None,
) -> None:
    """Say what a file is, and propose an entry for nps.yaml.

    It shows no cell of the file beyond scores, shapes of dates and labels. Exit code 0: looked at; 1: the file cannot be
    read, the reason is told; 2: there is no such file or encoding.
    """
    from pipelines.errors import FileRefusedError
    from pipelines.sniff.sniff import sniff as look

    try:
        found = look(file.expanduser(), _encodings(encoding or []))
    except FileRefusedError as error:
        show.err.print(error.detail, style="red", markup=False, highlight=False)
        raise typer.Exit(CANNOT_BE_READ) from error
    if json:
        show.as_json(found.as_dict())
    else:
        show.lines([*_told(found.found, file), "", *_next(found)])


def _encodings(names: list[str]) -> list[str]:
    from pipelines.config.files import check_encodings
    from pipelines.errors import UserError

    try:
        check_encodings(names)
    except ValueError as error:
        raise UserError(f"--encoding: {error}.") from error
    return names


def _told(found: Findings, file: Path) -> Iterator[str]:
    yield file.name
    yield f"  {_what(found)}"
    yield from (f"  {note}" for note in found.notes)
    yield ""
    yield "Score" if found.scores else "Score: no column looks like answers on 0-10."
    yield from (line for each in found.scores[:_SHOWN] for line in _score(each))
    yield "Dates" if found.dates or found.unread_dates else "Dates: no column holds any."
    yield from (f"  {each.column.shown}: {_date(each)}" for each in found.dates[:_SHOWN])
    yield from (
        f"  {column.shown}: like {shape}, which is not understood" for column, shape in found.unread_dates[:_SHOWN]
    )
    others = {role: each for role, each in found.candidates.items() if each}
    if others:
        yield "Perhaps"
        yield from (
            f"  {role}: {', '.join(each.column.shown for each in candidates[:3])}"
            for role, candidates in others.items()
        )
    if found.personal:
        yield "Personal data"
        yield from (f"  {each.column.shown}: {each.what} in {counted(each.count, 'row')}" for each in found.personal)


def _what(found: Findings) -> str:
    from pipelines.adapters.text.dialect import delimiter_in_words

    opened = found.opened
    sure = "" if opened.confidence in (None, 1) else f" (confidence {opened.confidence})"
    parts = [
        opened.kind,
        f"sheet '{opened.sheet}' of {len(opened.sheets)}" if opened.sheet else f"{opened.encoding}{sure}",
        delimiter_in_words(opened.delimiter) if opened.delimiter else "",
        counted(opened.header_rows, "header row") if opened.delimiter or opened.sheet else "",
        counted(opened.table.width, "column"),
        counted(opened.rows.height + opened.broken, "row") + ("" if opened.is_whole else " looked at"),
    ]
    return ", ".join(part for part in parts if part)


def _score(each: ScoreColumn) -> Iterator[str]:
    sure = each.scale or "scale to be asked"
    yield f"  {each.column.shown}: {sure}{'' if each.certain else '; whether it is the score is asked'}"
    yield from (f"    {reason}" for reason in each.evidence)


def _date(each: DateColumn) -> str:
    order = ""
    if each.ambiguous:
        order = ": day or month first?"
    elif each.day_first or each.month_first:
        proofs = counted(max(each.day_first, each.month_first), "date")
        order = f": {'day' if each.day_first else 'month'} first, by {proofs}"
    shapes = ", ".join(each.shapes[:2])
    return f"like {shapes}{order}" + ("" if not each.column.blank else f"; {each.column.blank:,} blank")


def _next(found: Sniffed) -> Iterator[str]:
    yield "For nps.yaml:"
    yield ""
    yield found.entry.rstrip()
    if found.questions:
        yield ""
        asked = counted(len(found.questions), "question")
        yield f"It asks {asked}: put the answer in place of each text that begins with ?"
