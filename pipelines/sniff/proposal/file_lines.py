"""The lines of an entry that say how its files are read: their kind, delivery, encoding, rows of headings, sheet.

Here: also what is asked where the file is called, or made, as if not all of its rows were answers. Not here: what is read.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Final

from pipelines.adapters.words import said
from pipelines.sniff.lines import Line
from pipelines.sniff.opening.headings_between import question_of_groups, question_of_tables
from pipelines.sniff.opening.reading import Opened
from pipelines.sniff.proposal.spread import a_heading_too_few, not_a_row_each
from pipelines.sniff.sniffed import Findings

_DELIVERY: Final = {
    "snapshot": "each is the whole survey; incremental: files add up",
    "incremental": "files add up; snapshot: each is the whole survey",
}
_ENCODING: Final = "Write the encoding whose words are right, such as {}"
_FEW_WORDS: Final = "If they are right, write encoding here; until then each such file is noted."


def file_lines(files: str, found: Findings, metric: Line | None) -> Iterator[Line]:
    """How the files are read."""
    opened, signature = found.opened, found.signature
    yield Line("kind", opened.kind)
    if signature and signature.preset:
        yield Line("preset", signature.preset)
    if metric:
        yield metric
    below = _below(opened, files) if metric else ""
    yield Line("files", f"? {below}" if below else files)
    if opened.members:
        yield Line("members", [*opened.members], "of each archive; what else lies in it is left aside")
    if opened.records:
        yield Line("records", opened.records)
    if metric:
        delivery = signature.delivery if signature and signature.delivery else "incremental"
        yield Line("delivery", delivery, _DELIVERY[delivery])
    yield from _encoding_lines(opened)
    if opened.delimiter not in (None, ","):
        yield Line("delimiter", "tab" if opened.delimiter == "\t" else opened.delimiter)
    if opened.header_rows != opened.kinds_header_rows:
        yield Line("header_rows", opened.header_rows)
    if opened.skip_rows:
        yield Line("skip_rows", opened.skip_rows)
    if opened.sheet is not None and len(opened.sheets) > 1:
        question = found.sheets.question if found.sheets and metric else ""
        yield Line("sheet", f"? {question}" if question else opened.sheet)


def _below(opened: Opened, files: str) -> str:
    """What is asked of files whose rows are not all answers."""
    asked = (
        not_a_row_each(opened, files)
        or a_heading_too_few(opened, files)
        or question_of_tables(opened, files)
        or question_of_groups(opened, files)
    )
    return asked or _called_otherwise(opened, files)


def _called_otherwise(opened: Opened, files: str) -> str:
    """What is asked of a file whose name speaks of tests, of what was deleted, of rivals, or of a part or copy."""
    name = PurePosixPath(opened.file.name).name
    if word := said("row_test", name) or said("file_of_others", name):
        return (
            f"the name of the file says '{word}': if its rows are no answers about the company, leave the file out and "
            f"begin again; if they are, write {files}"
        )
    if word := said("file_of_part", name):
        return (
            f"the name of the file says '{word}': if it is a part of another one, or a copy that was put aside, leave it "
            f"out and begin again; if it is whole and the only one, write {files}"
        )
    return ""


def _encoding_lines(opened: Opened) -> Iterator[Line]:
    if opened.declared:
        yield Line("encoding", opened.declared if len(opened.declared) > 1 else opened.declared[0])
    elif opened.doubt:
        yield Line("encoding", f"? {opened.doubt}. {_ENCODING.format(opened.encoding)}")
    elif opened.hint:
        yield Line("", None, f"{opened.hint} {_FEW_WORDS}")
    elif opened.confidence not in (None, 1):
        yield Line("encoding", opened.encoding, f"detected, with confidence {opened.confidence}")
