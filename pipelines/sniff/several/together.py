"""Several files of one source: whether each is the whole survey so far, or a part of it.

Here: what the ids, the rows and the dates of the files prove, and the question where they do not. Not here: files that
hold the same answers (`same`), which files are of one source (`start`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import combinations, pairwise
from pathlib import Path
from typing import Final, Literal

import polars as pl

from pipelines.adapters.column_texts import bare_text
from pipelines.sniff.dates.answer_dates import is_other_event
from pipelines.sniff.dates.dates import DateColumn
from pipelines.sniff.lines import Block, Line
from pipelines.sniff.several.identity import identified
from pipelines.sniff.several.same import Looked, holds_several
from pipelines.sniff.sniffed import Findings
from transforms.texts.identity import same_identifier

#: An export that repeats so much of an older one is the whole survey; what is missing was deleted or changed.
_NEARLY: Final = 0.9
_NAMED: Final = 4


@dataclass(frozen=True)
class Delivery:
    """How the files of a source go together."""

    proven: Literal["snapshot", "incremental"] | None
    why: str
    """What proves it, or what has to be asked."""

    @property
    def line(self) -> Line:
        """The line of nps.yaml."""
        return Line("delivery", self.proven, self.why) if self.proven else Line("delivery", f"? {self.why}")


@dataclass(frozen=True)
class _File:
    """What tells the answers of one file from those of another."""

    name: str
    rows: int
    keys: frozenset[object]
    """Ids of its answers where it has such, else its rows."""
    are_told_apart: bool
    """Whether hardly two of its rows are equal, so that what stands in two files does so by no chance."""
    spans: tuple[tuple[object, object], ...]
    """The first and the last date, for each way to read them; none where they are not known."""


def delivery_of(files: Sequence[Looked]) -> Delivery:
    """What several files of one source prove. The one that was changed last is the newest, as it is for each night."""
    ids = _ids([found for _, found in files])
    aged = sorted(files, key=lambda each: (each[0].stat().st_mtime_ns, each[0].name))
    known = [_file(path, found, ids) for path, found in aged]
    if not all(found.opened.is_whole and not holds_several(path) for path, found in files):
        return Delivery(None, _question(known, "not all of them was looked at"))
    if not any(one.keys & other.keys for one, other in combinations(known, 2)):
        return _disjoint(known, has_ids=ids is not None)
    if all(each.are_told_apart for each in known) and all(_is_contained(*pair) for pair in pairwise(known)):
        return Delivery("snapshot", _contained(known))
    return Delivery(None, _question(known, _shared(known)))


def counted_twice(file: tuple[str, int], other: str, shared: int) -> Delivery:
    """The question where rows of a file stand in another one that is of another source."""
    name, rows = file
    why = (
        f"{shared:,} of the {rows:,} rows of {name} stand in {other} too, which is another source since it is of another "
        "form: they would count twice. Begin again with both in one form (format, encoding, headings), or without one of "
        "them. If they are different answers, write incremental"
    )
    return Delivery(None, why)


def with_delivery(block: Block, delivery: Delivery) -> Block:
    """The same block of nps.yaml with what its files prove, or the question."""
    lines = [
        with_delivery(each, delivery) if isinstance(each, Block) else delivery.line if each.key == "delivery" else each
        for each in block.lines
    ]
    return replace(block, lines=lines)


def _ids(files: Sequence[Findings]) -> int | None:
    """The column that certainly holds the answer's id, in all files together: ids may begin anew in each."""
    together = replace(files[0], beside=tuple(files[1:]), is_snapshot=False)
    ids = next(iter(identified(together).candidates.get("response_id", [])), None)
    return ids.column.position if ids and ids.certain else None


def _file(path: Path, found: Findings, ids: int | None) -> _File:
    rows = found.opened.rows
    cells = [bare_text(at) for at in range(found.opened.table.width)]
    if ids is not None:
        texts = rows.select(same_identifier(cells[ids])).to_series()
        return _File(path.name, rows.height, frozenset(texts.filter(texts != "")), True, _spans(found))
    hashes = frozenset(rows.select(pl.struct(cells).hash()).to_series() if cells else [])
    return _File(path.name, rows.height, hashes, len(hashes) >= _NEARLY * rows.height, _spans(found))


def _spans(found: Findings) -> tuple[tuple[object, object], ...]:
    when = next((each for each in found.dates if not is_other_event(each)), None)
    if when is None or when.column.position is None:
        return ()
    orders = [when.formats, when.formats[::-1]] if when.ambiguous else [when.formats]
    spans = [_span(found.opened.rows, when, formats) for formats in orders]
    return tuple(each for each in spans if None not in each)


def _span(rows: pl.DataFrame, when: DateColumn, formats: Sequence[str]) -> tuple[object, object]:
    at = rows.select(when.at(formats)).to_series()
    return at.min(), at.max()


def _disjoint(files: Sequence[_File], *, has_ids: bool) -> Delivery:
    """Files of which no answer stands in another: parts, if ids or dates say so too."""
    if has_ids:
        return Delivery("incremental", "files add up: no id of an answer is in two of them")
    ways = list(zip(*(each.spans for each in files), strict=False)) if all(each.spans for each in files) else []
    if ways and all(_one_after_another(way) for way in ways):
        return Delivery("incremental", "files add up: the dates of one end before those of the next, no row is in two")
    reason = (
        "no row is in two of them, but their dates overlap" if ways else "no row is in two of them, nor are there dates"
    )
    return Delivery(None, _question(files, reason))


def _one_after_another(spans: Sequence[tuple[object, object]]) -> bool:
    ordered = sorted(spans, key=str)
    return all(str(one[1]) <= str(other[0]) for one, other in pairwise(ordered))


def _is_contained(older: _File, newer: _File) -> bool:
    """Whether the newer of two files repeats the older one; a window that moved on leaves out its first days."""
    missing = older.keys - newer.keys
    if not missing:
        return len(older.keys) > 0
    begins_with_it = bool(older.spans and newer.spans) and str(newer.spans[0][0]) <= str(older.spans[0][0])
    return begins_with_it and len(missing) <= (1 - _NEARLY) * len(older.keys)


def _contained(files: Sequence[_File]) -> str:
    told = [
        f"{_how_many(older, newer)} of {older.name} are in {newer.name} too"
        for older, newer in list(pairwise(files))[-1:]
    ]
    return f"each is the whole survey, the newest counts: {told[0]}"


def _how_many(older: _File, newer: _File) -> str:
    shared = len(older.keys & newer.keys)
    everything = len(older.keys)
    return f"all {everything:,} answers" if shared == everything else f"{shared:,} of {everything:,} answers"


def _shared(files: Sequence[_File]) -> str:
    one, other = next((one, other) for one, other in combinations(files, 2) if one.keys & other.keys)
    return f"{len(one.keys & other.keys):,} are in {one.name} and in {other.name}"


def _question(files: Sequence[_File], reason: str) -> str:
    named = ", ".join(f"{each.name} with {each.rows:,} rows" for each in files[:_NAMED])
    more = f" and {len(files) - _NAMED:,} more" if len(files) > _NAMED else ""
    return (
        f"is each file the whole survey so far, or a part of it: {named}{more} ({reason})? Write snapshot if each is the "
        f"whole: the newest, {files[-1].name}, then counts alone. Write incremental if each is a part: they add up, and a "
        "row that is in two counts once"
    )
