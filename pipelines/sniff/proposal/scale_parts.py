"""Parts of a file whose answers end far below those of the others: a branch, a channel or some months on 1-5 amid 0-10.

Here: finding such a part, and what is asked of it. Not here: the scale of the whole file (`scales`), the same of what is
published (`pipelines.report.notes.odd_figures`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from math import log
from typing import Final

import polars as pl

from pipelines.sniff.columns.facts import Seen, quoted
from pipelines.sniff.columns.questions import GROUPS
from pipelines.sniff.dates.dates import DateColumn
from pipelines.sniff.lines import Line
from pipelines.sniff.proposal.odd_parts import odd_shape
from pipelines.sniff.scores.ranges import fitting, offered
from pipelines.sniff.scores.scores import ScoreColumn
from pipelines.sniff.sniffed import Findings
from transforms.dates.instants import INSTANT
from transforms.scores.shapes import shapes_of, together
from transforms.scores.texts import stated

_ENDS: Final = (5, 7)
_HIGHEST: Final = 10
_FEWEST: Final = 20
#: That chance alone keeps all answers of a part so low.
_HARDLY: Final = log(1e-6)
_SHOWN: Final = 4
_MOST_TEXTS: Final = 500

Shapes = Sequence[tuple[Seen, Mapping[str, Sequence[int]]]]
"""Columns, with the shape of the answers of each of their names."""


@dataclass(frozen=True)
class LowPart:
    """Answers that go together and end low."""

    told: str
    rule: str
    """The rows as nps.yaml names them; nothing where it cannot."""
    shape: Sequence[int]

    @property
    def answers(self) -> int:
        """How many there are."""
        return sum(self.shape)

    @property
    def ends(self) -> tuple[int, int]:
        """The lowest and the highest."""
        given = [number for number, answers in enumerate(self.shape) if answers]
        return given[0], given[-1]


def in_parts(line: Line, found: Findings, score: ScoreColumn | None, when: Sequence[DateColumn]) -> Line:
    """The line of the scale: asked for where a part of the files may have been asked on another one."""
    if score is None or score.column.position is None:
        return line
    rows = _numbers(found, score)
    shapes = [(seen, _shapes(rows, seen.cell)) for seen in _columns(found, score)]
    part = _low_part(rows, shapes, when) if score.highest is not None else None
    if part is None:
        return odd_shape(line, shapes)
    lowest, highest = part.ends
    fits = offered([each for each in fitting(lowest, highest) if each not in {"0-10", "1-10", "0-100"}])
    scale = "0-10 or 1-10" if line.is_question else str(line.value)
    apart = (
        f"copy this entry under another name, there with where: {part.rule} and that scale, and here add exclude: "
        f"{{flagged: {part.rule}}}"
        if part.rule
        else "put these rows into files of their own and begin again"
    )
    asked = (
        f"{part.told} go from {lowest} to {highest} in all {part.answers:,} answers, where others go up to 10: "
        f"were they asked on another scale{f', such as {fits}' * bool(fits)}? If so, {apart}. If not, write {scale}"
    )
    return replace(line, value=f"{line.value}. {asked}" if line.is_question else f"? {asked}")


def _low_part(rows: pl.DataFrame, shapes: Shapes, when: Sequence[DateColumn]) -> LowPart | None:
    """The largest part of the files of a source that ends so low that chance is no reason; None where there is none."""
    if rows.height <= _FEWEST:
        return None
    dated = _dated(rows, when)
    for end in _ENDS:
        parts = [part for seen, of_column in shapes if (part := _of_column(seen, of_column, end))]
        parts = parts or list(_of_time(dated, when, end))
        if parts:
            return max(parts, key=lambda each: each.answers)
    return None


def _shapes(rows: pl.DataFrame, name: pl.Expr) -> dict[str, list[int]]:
    return shapes_of(rows.select("number", name=name).filter(pl.col("name") != ""))


def _numbers(found: Findings, score: ScoreColumn) -> pl.DataFrame:
    """The rows of all files with answers from 0 to 10."""
    rows = pl.concat([_numbered(each.opened.rows, score) for each in (found, *found.beside)], how="diagonal")
    return rows.filter(pl.col("number").is_between(0, _HIGHEST))


def _numbered(rows: pl.DataFrame, score: ScoreColumn) -> pl.DataFrame:
    """Rows with the `number` of each answer."""
    text = rows.select(score.column.cell).to_series()
    texts = text.unique()
    known = pl.DataFrame({"text": texts, "number": stated(texts)}).with_columns(
        number=pl.coalesce(
            "number", pl.col("text").replace_strict(score.labels.all, default=None, return_dtype=pl.Int64)
        )
    )
    return rows.with_columns(text=text).join(known, on="text", how="left", maintain_order="left").drop("text")


def _columns(found: Findings, score: ScoreColumn) -> Iterator[Seen]:
    """Columns that name branches, channels, surveys and the like."""
    roles = {each.column.position for name in GROUPS if name != "comment" for each in found.candidates.get(name, ())}
    for seen in found.columns:
        if seen.position in {None, score.column.position} or not 1 < len(seen.counts) <= _MOST_TEXTS:
            continue
        is_named = seen.is_called("question_named", "part_named") or seen.speaks_of("question_kind")
        if seen.position in roles or is_named:
            yield seen


def _of_column(seen: Seen, shapes: Mapping[str, Sequence[int]], end: int) -> LowPart | None:
    """What is low in one column: all its values that are, since they were probably asked alike."""
    low = {name: shape for name, shape in shapes.items() if sum(shape) >= _FEWEST and not _above(shape, end)}
    others = together(shape for name, shape in shapes.items() if name not in low)
    by_chance = _log_share(_above(others, end), sum(others))
    low = {name: shape for name, shape in low.items() if sum(shape) * by_chance < _HARDLY}
    if not low:
        return None
    more = f" and {len(low) - _SHOWN:,} more" if len(low) > _SHOWN else ""
    shown = ", ".join(map(quoted, [*low][:_SHOWN]))
    return LowPart(f"rows in which {seen.pasted} says {shown}{more}", seen.rule(low), together(low.values()))


def _dated(rows: pl.DataFrame, when: Sequence[DateColumn]) -> pl.DataFrame:
    """The `number` of each answer, and `at`, where one date is that of the answer; else none."""
    if len(when) != 1 or when[0].ambiguous or when[0].column.position is None:
        return pl.DataFrame(schema={"number": pl.Int64, "at": INSTANT})
    return rows.select("number", at=when[0].at()).drop_nulls()


def _of_time(dated: pl.DataFrame, when: Sequence[DateColumn], end: int) -> Iterator[LowPart]:
    """The first or the last answers, or those of a month."""
    at = pl.col("at")
    first, last, above = dated.filter(pl.col("number") > end).select(at.min(), last=at.max(), many=pl.len()).row(0)
    if not above:
        return
    is_first, is_last = (pl.lit(f"{which} {day:%Y-%m-%d}") for which, day in (("before", first), ("after", last)))
    place = pl.when(at < first).then(is_first).when(at > last).then(is_last)
    before_or_after = sorted(_shapes(dated, place).items(), reverse=True)
    months = sorted(_shapes(dated, at.dt.strftime("of %Y-%m")).items())
    for told, shape in [*before_or_after, *months]:
        answers = sum(shape)
        is_low = answers >= _FEWEST and not _above(shape, end)
        if is_low and answers * _log_share(above, dated.height - answers) < _HARDLY:
            yield LowPart(f"answers {told} in {when[0].column.pasted}", "", shape)


def _above(shape: Sequence[int], end: int) -> int:
    return sum(shape[end + 1 :])


def _log_share(above: int, answers: int) -> float:
    """The logarithm of the share of other answers that are as low."""
    if not above:
        return 0
    return log((answers - above) / answers) if above < answers else -_HIGHEST
