"""A look at an unknown file: what it is, and what nps.yaml would have to say of it.

Here: the steps, in their order. Not here: any of them.
"""

from __future__ import annotations

import re
import tempfile
import unicodedata
from dataclasses import replace
from pathlib import Path
from typing import Final, get_args

from pipelines.config.load import open_questions
from pipelines.config.models import DimensionName, MemberColumn
from pipelines.errors import FileRefusedError
from pipelines.sniff.dates import date_columns
from pipelines.sniff.entry import dimension_block, source_block
from pipelines.sniff.facts import Seen, columns_seen
from pipelines.sniff.lines import Block, as_yaml
from pipelines.sniff.personal import personal_data
from pipelines.sniff.reading import Opened, open_file
from pipelines.sniff.roles import answered_at, candidates
from pipelines.sniff.scores import ScoreColumn, score_columns
from pipelines.sniff.sniffed import Findings, Sniffed

_RESERVED: Final = frozenset({"responses", "superseded", "facts", "published", *get_args(DimensionName)})
_SHEETS_TRIED: Final = 10
_CYRILLIC: Final = str.maketrans(
    {
        **dict(zip("абвгдезийклмнопрстуфыэєіґё", "abvgdeziyklmnoprstufyeeige", strict=True)),
        "ж": "zh",
        "х": "kh",
        "ц": "ts",
        "ч": "ch",
        "ш": "sh",
        "щ": "sch",
        "ю": "yu",
        "я": "ya",
        "ї": "yi",
        "ъ": "",
        "ь": "",
    }
)
_NO_LETTER: Final = re.compile(r"[^a-z0-9]+")
_ONLY_DIGITS: Final = re.compile(r"\d+")


def sniff(path: Path, name: str | None = None) -> Sniffed:
    """Look at a file; `name` is what its source is to be called, made of the file's name if not given.

    Reads a bounded part of it and changes nothing. Raises `UserError` where there is no such file, `FileRefusedError` for
    all that may be wrong with it.
    """
    with tempfile.TemporaryDirectory(prefix="nps-sniff-", ignore_cleanup_errors=True) as scratch:
        opened = open_file(path, Path(scratch))
        columns = columns_seen(opened.table, opened.rows)
        scores = score_columns(columns)
        for sheet in [each for each in opened.sheets if each != opened.sheet][:_SHEETS_TRIED]:
            if scores and scores[0].certain:
                break
            opened, columns, scores = _better(path, Path(scratch), sheet, (opened, columns, scores))
    return _found(opened, columns, scores, name or source_name(path))


Look = tuple[Opened, list[Seen], list[ScoreColumn]]


def _better(path: Path, scratch: Path, sheet: str, known: Look) -> Look:
    """What another sheet gives, if that holds the score and this one does not."""
    try:
        opened = open_file(path, scratch, sheet)
    except FileRefusedError:
        return known
    columns = columns_seen(opened.table, opened.rows)
    scores = score_columns(columns)
    return (opened, columns, scores) if scores and scores[0].certain else known


def _found(opened: Opened, columns: list[Seen], scores: list[ScoreColumn], name: str) -> Sniffed:
    dates = answered_at(date_columns(columns))
    taken = [each.column for each in scores if each.certain] + [each.column for each in dates]
    roles = candidates(columns, taken)
    found = Findings(opened, name, columns, scores, dates, roles, personal_data(columns), _notes(opened))
    entry = as_yaml(_blocks(found))
    return Sniffed(found, entry, open_questions(entry))


def _blocks(found: Findings) -> list[Block]:
    """A source for each metric that a column certainly asks, a dimension, or a source that asks for its score."""
    certain = [each for each in found.scores if each.certain]
    members = _members(found)
    if not certain and members:
        return [Block("dimensions", [dimension_block(found, *members)])]
    if not certain:
        return [Block("sources", [source_block(found.name, found, None, found.scores)])]
    sources: list[Block] = []
    for metric in dict.fromkeys(each.metric for each in certain):
        first, *others = [each for each in certain if each.metric == metric]
        block = source_block(found.name, found, first, others)
        sources.append(replace(block, key=f"{found.name}_{metric}") if sources else block)
    return [Block("sources", sources)]


def _members(found: Findings) -> tuple[str, dict[str, str]] | None:
    """The dimension that this export is known to list, and the columns of it that are there."""
    signature = found.signature
    if signature is None or signature.dimension is None:
        return None
    headings = [str(column.name) for column in found.columns]
    names = {*signature.columns, *signature.settings.get("columns", {})}
    columns = {name: signature.column(name, headings) for name in get_args(MemberColumn) if name in names}
    return signature.dimension, {name: heading for name, heading in columns.items() if heading is not None}


def _notes(opened: Opened) -> list[str]:
    notes = []
    if not opened.is_whole:
        notes.append(f"Only the beginning was looked at: {opened.rows.height:,} rows.")
    if opened.broken:
        notes.append(f"{opened.broken:,} of its rows are broken: they would be rejected as row_malformed.")
    if opened.header_rows == 0:
        notes.append("Its first row looks like answers: it seems to have no headings, so columns go by position.")
    return notes


def source_name(path: Path) -> str:
    """What a source of such files may be called: the words of the file's name, without numbers and dates around them."""
    stem = unicodedata.normalize("NFC", path.stem).casefold().translate(_CYRILLIC)
    plain = unicodedata.normalize("NFKD", stem).encode("ascii", "ignore").decode()
    words = [word for word in _NO_LETTER.split(plain) if word and not _ONLY_DIGITS.fullmatch(word)]
    name = "_".join(words)[:_LONGEST].strip("_")
    if not name or not name[0].isalpha():
        name = f"survey_{name}".strip("_")
    return f"{name}_file" if name in _RESERVED else name


_LONGEST: Final = 40
