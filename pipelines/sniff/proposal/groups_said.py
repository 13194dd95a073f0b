"""Columns that name each answer's group themselves: promoter, passive, detractor, held against what the score makes of it.

Here: where they say something else, and what has to be told or asked. Not here: which scale was asked (`scales`), groups of
people and places (`roles`).
"""

from __future__ import annotations

from typing import Final

import polars as pl

from pipelines.adapters.beside_scores import groups_among
from pipelines.sniff.columns.facts import Seen, quoted
from pipelines.sniff.lines import Line
from pipelines.sniff.scores.scores import ScoreColumn
from pipelines.sniff.sniffed import Findings
from transforms.scores.scales import CUTS, SCALES, STANDARD, category, verdict
from transforms.tables import CATEGORIES

_NUMBERS: Final = {"detractor": 1, "passive": 2, "promoter": 3}
#: From so many answers of one number on, of which so many are called otherwise, it is how they are counted there.
_SEVERAL: Final = 3
_NEARLY: Final = 0.9


def said_otherwise(found: Findings, score: ScoreColumn | None) -> Line | None:
    """A line about the scale where a column calls answers otherwise.

    It is a question if the column does so with all answers of a number, else a comment.
    """
    if score is None or score.scale not in STANDARD:
        return None
    told = (
        (seen, _told(found.opened.rows, seen, groups, score)) for seen in found.columns if (groups := _groups_of(seen))
    )
    return next((_line(seen, rows, score.scale) for seen, rows in told if not rows.filter("is_other").is_empty()), None)


def groups_alone(found: Findings) -> tuple[Line, Line] | None:
    """What is asked of the scale and of the score where a column names groups and none holds scores."""
    for seen in found.columns:
        groups = _groups_of(seen)
        if groups:
            asked = f"? {seen.pasted} names groups in place of scores"
            return (
                Line("scale", f"{asked}: declare {_declared(groups)} and write groups"),
                Line("score", f"{asked}. If each row is an answer, write that heading"),
            )
    return None


def told_by_groups(found: Findings, scores: list[ScoreColumn]) -> list[ScoreColumn]:
    """The scores, of which one alone is certain where a column of groups agrees with it and contradicts all others."""
    agreeing = [each for each in scores if said_otherwise(found, each) is None]
    if len(scores) == len(agreeing) or len(agreeing) != 1:
        return scores
    return [*agreeing, *(each.doubted() for each in scores if each is not agreeing[0])]


def said_without(found: Findings, score: ScoreColumn | None) -> Line | None:
    """What is asked of the score where a column names the group of rows in which no score stands: these answers are lost."""
    if score is None or score.column.position is None:
        return None
    for seen in found.columns:
        groups = _groups_of(seen)
        is_alone = seen.cell.is_in([*groups]) & ~score.column.is_answered
        rows = int(found.opened.rows.select(is_alone.sum()).item()) if groups else 0
        if rows:
            return Line(
                "score",
                f"? {seen.pasted} says promoter, passive or detractor in {rows:,} rows in which {score.column.pasted} says "
                "nothing: these would not count. If they are answers, write their scores into the file and begin again, "
                f"or declare {_declared(groups)} with scale: groups, and write {seen.pasted}. If nobody answered there, "
                f"write {score.column.pasted}",
            )
    return None


def _declared(groups: dict[str, str]) -> str:
    """The scale that counts groups by their names."""
    words = ", ".join(f"{quoted(text)}: {_NUMBERS[group]}" for text, group in groups.items())
    return f"scales: {{groups: {{lowest: 1, highest: 3, promoter_from: 3, passive_from: 2, words: {{{words}}}}}}}"


def _groups_of(seen: Seen) -> dict[str, str]:
    """The group that each text of a column names, where each names one and at least two are named."""
    return groups_among(tuple(text for text, _ in seen.counts)) if seen.position is not None else {}


def _told(rows: pl.DataFrame, seen: Seen, groups: dict[str, str], score: ScoreColumn) -> pl.DataFrame:
    """Each number with `ours` and `theirs`, what the scale and the column make of it, and how many `answers` say so."""
    text = score.column.cell
    both = rows.select(
        number=text.cast(pl.Int64, strict=False),
        ours=category(verdict(text, SCALES[str(score.scale)]).struct.field("score")),
        theirs=seen.cell.replace_strict(groups, default=None),
    ).drop_nulls()
    return (
        both.group_by("number", "ours", "theirs")
        .agg(answers=pl.len())
        .with_columns(is_other=pl.col("ours") != pl.col("theirs"), of_number=pl.col("answers").sum().over("number"))
        .sort("number", "theirs")
    )


def _line(seen: Seen, rows: pl.DataFrame, scale: str) -> Line:
    other = rows.filter("is_other")
    number, ours, theirs = other.row(0)[:3]
    usual = f"though {number} is a {ours} on {scale}"
    whole = other.filter((pl.col("answers") >= _SEVERAL) & (pl.col("answers") >= _NEARLY * pl.col("of_number")))
    if whole.is_empty():
        told = f"{seen.shown} calls {other['answers'].sum():,} of {rows['answers'].sum():,} answers otherwise"
        return Line(
            "",
            None,
            f"{told} than their scores, {number} a {theirs}, {usual}: scores count, and that column is not read",
        )
    number, ours, theirs = whole.row(0)[:3]
    mostly = rows.sort("answers").unique("number", keep="last", maintain_order=True)
    promoters, passives = (
        min(
            mostly.filter(pl.col("theirs").is_in(CATEGORIES[:several]))["number"].to_list(), default=CUTS[scale].highest
        )
        for several in (1, 2)
    )
    cuts = CUTS[scale]
    own = f"{{lowest: {cuts.lowest}, highest: {cuts.highest}, promoter_from: {promoters}, passive_from: {passives}}}"
    return Line(
        "scale",
        f"? {seen.pasted} calls {number} a {theirs}, though it is a {ours} on {scale}. If the usual groups count, write "
        f"{scale}; if those of that column do, declare scales: {{own: {own}}} and write own",
    )
