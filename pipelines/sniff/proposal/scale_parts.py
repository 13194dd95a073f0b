"""Parts of a file whose answers end far below those of the others: a branch, a channel or some months on 1-5 amid 0-10.

Here: finding such a part, and what is asked of it. Not here: the scale of the whole file (`scales`), the same of what is
published (`pipelines.report.notes.odd_figures`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
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
from transforms.dates.instants import instant
from transforms.scores.texts import stated

_ENDS: Final = (5, 7)
_HIGHEST: Final = 10
_FEWEST: Final = 20
#: That chance alone keeps all answers of a part so low.
_HARDLY: Final = log(1e-6)
_SHOWN: Final = 4
_MOST_TEXTS: Final = 500


@dataclass(frozen=True)
class LowPart:
    """Answers that go together and end low."""

    told: str
    rule: str
    """The rows as nps.yaml names them; nothing where it cannot."""
    answers: int
    lowest: int
    highest: int


def in_parts(line: Line, found: Findings, score: ScoreColumn | None, when: Sequence[DateColumn]) -> Line:
    """The line of the scale: asked for where a part of the files may have been asked on another one."""
    if score is None or score.column.position is None:
        return line
    rows, columns = _numbers(found, score), list(_columns(found, score))
    part = _low_part(rows, columns, when) if score.highest is not None else None
    if part is None:
        return odd_shape(line, rows, columns)
    fits = offered([each for each in fitting(part.lowest, part.highest) if each not in {"0-10", "1-10", "0-100"}])
    scale = "0-10 or 1-10" if line.is_question else str(line.value)
    apart = (
        f"copy this entry under another name, there with where: {part.rule} and that scale, and here add exclude: "
        f"{{flagged: {part.rule}}}"
        if part.rule
        else "put these rows into files of their own and begin again"
    )
    asked = (
        f"{part.told} go from {part.lowest} to {part.highest} in all {part.answers:,} answers, where others go up to 10: "
        f"were they asked on another scale{f', such as {fits}' * bool(fits)}? If so, {apart}. If not, write {scale}"
    )
    return replace(line, value=f"{line.value}. {asked}" if line.is_question else f"? {asked}")


def _low_part(rows: pl.DataFrame, columns: Sequence[Seen], when: Sequence[DateColumn]) -> LowPart | None:
    """The largest part of the files of a source that ends so low that chance is no reason; None where there is none."""
    for end in _ENDS if rows.height > _FEWEST else ():
        parts = [part for seen in columns if (part := _of_column(rows, seen, end))]
        parts = parts or list(_of_time(rows, when, end))
        if parts:
            return max(parts, key=lambda each: each.answers)
    return None


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


def _of_column(rows: pl.DataFrame, seen: Seen, end: int) -> LowPart | None:
    """What is low in one column: all its values that are, since they were probably asked alike."""
    parts = (
        rows.select("number", name=seen.cell)
        .filter(pl.col("name") != "")
        .group_by("name")
        .agg(answers=pl.len(), low=pl.min("number"), high=pl.max("number"), above=(pl.col("number") > end).sum())
        .sort("answers", "name", descending=[True, False])
    )
    low = parts.filter((pl.col("answers") >= _FEWEST) & (pl.col("above") == 0))
    others = parts.join(low, on="name", how="anti")
    by_chance = _log_share(int(others["above"].sum()), int(others["answers"].sum()))
    low = low.filter(pl.col("answers") * by_chance < _HARDLY)
    if low.is_empty():
        return None
    more = f" and {low.height - _SHOWN:,} more" if low.height > _SHOWN else ""
    shown = ", ".join(quoted(each) for each in low["name"][:_SHOWN])
    return LowPart(
        f"rows in which {seen.pasted} says {shown}{more}",
        seen.rule(low["name"]),
        int(low["answers"].sum()),
        int(low["low"].min()),  # type: ignore[arg-type]
        int(low["high"].max()),  # type: ignore[arg-type]
    )


def _of_time(rows: pl.DataFrame, when: Sequence[DateColumn], end: int) -> Iterator[LowPart]:
    """The first or the last answers, or those of a month."""
    if len(when) != 1 or when[0].ambiguous or when[0].column.position is None:
        return
    dated = rows.select("number", at=instant(when[0].column.cell, when[0].reading())).drop_nulls().sort("at")
    above = dated.filter(pl.col("number") > end)
    if above.is_empty():
        return
    at, month = pl.col("at"), pl.col("at").dt.strftime("%Y-%m")
    first, last = above["at"][0], above["at"][-1]
    months = dated.filter((pl.col("number") <= end).all().over(month)).select(month.unique().sort()).to_series()
    possible = [(f"before {first:%Y-%m-%d}", at < first), (f"after {last:%Y-%m-%d}", at > last)]
    for told, chosen in [*possible, *((f"of {name}", month == name) for name in months)]:
        part, others = dated.filter(chosen), dated.filter(~chosen)
        by_chance = _log_share(others.filter(pl.col("number") > end).height, others.height)
        if part.height >= _FEWEST and part.height * by_chance < _HARDLY:
            low, high = int(part["number"].min()), int(part["number"].max())  # type: ignore[arg-type]
            yield LowPart(f"answers {told} in {when[0].column.pasted}", "", part.height, low, high)


def _log_share(above: int, answers: int) -> float:
    """The logarithm of the share of other answers that are as low."""
    if not above:
        return 0
    return log((answers - above) / answers) if above < answers else -_HIGHEST
