"""Columns beside the score that may say something against it, or of who gave it, with the scores of the same rows.

Here: which columns these are, and reading them. Not here: what is odd about them (`groups_said`, `legs`, `testers`,
`one_source`), when they are looked at (`pipelines.intake.noted`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import polars as pl

from pipelines.adapters.column_texts import bare_text
from pipelines.adapters.finding import find_columns, is_absent
from pipelines.adapters.table import Heading, TextTable, carefully, column
from pipelines.config.sources import Source
from pipelines.intake.notes.columns.marked import free_columns, kept
from transforms.rows.told_again import day_written
from transforms.scores.scales import Scale, verdict
from transforms.scores.texts import is_unanswered

#: What nps.yaml uses and may tell who answered all the same, or how much an answer weighs.
_LOOKED_AT: Final = ("respondent", "response_id", "account", "agent", "manager", "comment", "weight")
#: What tells answers of one form apart, where nps.yaml reads it.
_ASKED_ABOUT: Final = ("survey", "question", "brand", "programme", "product", "branch")
_KNOWN: Final = ("file_no", "score", "day", "apart", "counts", "answer")


@dataclass(frozen=True)
class Beside:
    """A column beside the score, stripped, of the rows of one or several files."""

    heading: Heading
    used_as: str
    """What nps.yaml reads from it; nothing where it says nothing of it."""
    rows: pl.DataFrame
    """`file_no`, `text`, `score` and `day` (what stands there), `answer` (on 0-10, NULL where it is none), `counts`, and
    `apart`: what else is asked about, such as a brand."""

    @property
    def names(self) -> list[str]:
        """Everything it is called."""
        return self.heading.names

    @cached_property
    def counting(self) -> pl.DataFrame:
        """The rows that are answers."""
        return self.rows.filter(pl.col("counts"), pl.col("answer").is_not_null())


Told = Iterator[tuple[int, str]]
"""The `file_no` and a note on that file; all are of 0 where there is one file."""


def columns_beside(table: TextTable, source: Source, scale: Scale) -> list[Beside]:
    """The columns that are looked at; none where nothing but the score tells anything."""
    return carefully(table, lambda each: _columns(each, source, scale))


def _columns(table: TextTable, source: Source, scale: Scale) -> list[Beside]:
    wanted = source.columns.get("score")
    if wanted is None or not source.has_scores or is_absent(table, wanted):
        return []
    [score, *_] = find_columns(table, wanted, "score")
    roles = dict.fromkeys(free_columns(table, source), "") | _looked_at(table, source)
    roles.pop(score, None)
    if not roles:
        return []
    are_several = "file_no" in table.rows.collect_schema().names()
    rows = table.rows if are_several else table.beginning.lazy().with_columns(file_no=0)
    text = bare_text(score)
    is_blank = is_unanswered(text)
    found = rows.select(
        "file_no",
        score=pl.when(is_blank).then(pl.lit("")).otherwise(text),
        day=_day(table, source),
        apart=pl.concat_str([pl.lit(""), *_apart(table, source)], separator="\0"),
        counts=pl.all_horizontal(pl.lit(value=True), *kept(table, source)),
        **{column(at): bare_text(at) for at in roles},
    ).collect()
    answer = found.select(verdict(pl.col("score"), scale).struct.field("score")).to_series()
    found = found.with_columns(answer=answer)
    return [Beside(table.headings[at], role, found.select(*_KNOWN, text=column(at))) for at, role in roles.items()]


def _apart(table: TextTable, source: Source) -> Iterator[pl.Expr]:
    """What tells the answers of one form apart."""
    for role, wanted in source.columns.items():
        if role in _ASKED_ABOUT and not is_absent(table, wanted):
            yield bare_text(find_columns(table, wanted, role)[0])


def _day(table: TextTable, source: Source) -> pl.Expr:
    wanted = source.columns.get("responded_at")
    is_there = wanted is not None and not is_absent(table, wanted)
    return day_written(bare_text(find_columns(table, wanted, "responded_at")[0])) if is_there and wanted else pl.lit("")


def _looked_at(table: TextTable, source: Source) -> dict[int, str]:
    wanted = {role: source.columns[role] for role in _LOOKED_AT if role in source.columns}
    return {
        at: role
        for role, each in wanted.items()
        if not is_absent(table, each)
        for at in find_columns(table, each, role)
    }
