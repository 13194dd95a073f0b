"""Columns that name each answer's group, held against the score: where they speak alone, and where they say otherwise.

Here: the notes on a file that is in. Not here: which texts name groups (`pipelines.adapters.beside_scores`), the same of a
first file (`pipelines.sniff.proposal.groups_said`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

import polars as pl

from pipelines.adapters.beside_scores import MOST_GROUPS, groups_among
from pipelines.config.sources import Source
from pipelines.intake.notes.columns.beside import Beside, Told
from pipelines.intake.once import GROUPS_ALONE, GROUPS_OTHERWISE, IT_SAYS
from pipelines.shown import counted
from transforms.scores.scales import category

#: So many answers, and such a share, are no slips.
_SEVERAL: Final = 5
_PART: Final = 0.05


def said_without(beside: Beside, source: Source) -> Told:
    """Rows without a score whose group is named all the same: these answers are lost."""
    for number, groups in _groups(beside, source):
        is_alone = (pl.col("file_no") == number) & pl.col("counts") & (pl.col("score") == "")
        rows = int(beside.rows.select((is_alone & pl.col("text").is_in([*groups])).sum()).item())
        if rows:
            note = (
                f"{counted(rows, 'row')} {'has' if rows == 1 else 'have'} no score, {GROUPS_ALONE} "
                f"'{beside.heading.label}' all the same, and counted as unanswered. If people answered there, write their "
                "scores into the file; if nobody did, all is well."
            )
            yield number, note


def said_otherwise(beside: Beside, source: Source) -> Told:
    """Answers that the column calls another group than their scores make of them."""
    for number, groups in _groups(beside, source):
        theirs = pl.col("text").replace_strict(groups, default=None, return_dtype=pl.String)
        own = beside.counting.filter(pl.col("file_no") == number).with_columns(
            theirs=theirs, ours=category(pl.col("answer"))
        )
        others = own.filter(pl.col("ours") != pl.col("theirs"))
        if others.height >= max(_SEVERAL, _PART * own.height):
            score, text = others.row(0, named=True)["score"], others.row(0, named=True)["text"]
            note = (
                f"By '{beside.heading.label}' {others.height:,} of {own.height:,} answers {GROUPS_OTHERWISE} on the scale "
                "of nps.yaml. Scores count. If they were asked on another scale or turned around, or stand elsewhere, "
                f"mend the entry; if that column counts otherwise, all is well.{IT_SAYS}'{text}' beside {score}."
            )
            yield number, note


def _groups(beside: Beside, source: Source) -> Iterator[tuple[int, Mapping[str, str]]]:
    """The `file_no` of files in which a column that nps.yaml says nothing of names groups, and which text names which."""
    if beside.used_as or not source.has_scores:
        return
    filled = beside.rows.filter(pl.col("text") != "")
    for number, texts in filled.group_by("file_no").agg(pl.col("text").unique().sort()).sort("file_no").iter_rows():
        if len(texts) <= MOST_GROUPS and (groups := groups_among(tuple(texts))):
            yield number, groups
