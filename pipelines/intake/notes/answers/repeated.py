"""Answers that stand in a file several times beside different things, as where an export was joined with orders or tickets.

Here: the notes on them, once the rows are in the lake, and on ids that stand in it again with another score. Not here:
answers that other files have too (`days`), which row of an id counts (`transforms.answers.responses`), what sniff asks
of a first file.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

import polars as pl

from pipelines.config.sources import Source
from pipelines.intake.verdicts import FileVerdict
from pipelines.shown import counted
from warehouse.intake.days import columns_of
from warehouse.lake.store import Lake

#: What is looked at where one branch is left of several (`unlike`), and more than is looked at here.
COLUMNS: Final = ("source_row", "response_id", "responded_at", "score", "branch", "region", "channel", "comment")
#: Of a larger file texts would take too long, and too much memory.
LARGEST: Final = 300_000
#: So many rows are told, and so large a part of a file.
_ENOUGH: Final = 20
_PART: Final = 0.05
#: Such a share of what several rows share is the same answer in all: moments of loading, and phrases, have any answers.
_ALIKE: Final = 0.95
#: Whole minutes may be shared by chance.
_MINUTE: Final = 60 * 1_000_000
#: A comment of so many characters is somebody's own, where those that repeat are of one time each, of so many in all.
_OWN_WORDS: Final = 12
_TIMES: Final = 5
#: So many different answers follow one another in the same order by no chance.
_DIFFERENT: Final = 10
#: Of two answers no more are equal by chance, or rows that are equal one after the other tell nothing.
_BY_CHANCE: Final = 0.5

_AT: Final = pl.col("responded_at").to_physical()
_ANSWER: Final = pl.struct("score", "branch").hash()
_PLACES: Final = ("branch", "region", "channel")
_COMMENT: Final = pl.when(pl.col("comment").str.len_chars() >= _OWN_WORDS).then(pl.col("comment").hash())


def told_again(
    lake: Lake, source: Source, verdict: FileVerdict, rows_of: Callable[[str], pl.DataFrame]
) -> Iterator[str]:
    """Yield what people should know of a file of which many rows have the same time and answer, under other ids.

    `rows_of` gives `COLUMNS` of a load that is not too large.
    """
    answers, load = verdict.tally.accepted, verdict.load(_ENOUGH)
    if load is None or "responded_at" not in source.columns or "respondent" in source.columns:
        return
    place = pl.struct("responded_at", *(name for name in _PLACES if name in source.columns)).hash()
    read: list[str | pl.Expr] = [
        _AT.alias("at"), _ANSWER.alias("answer"), pl.col("comment").hash().alias("all"), _COMMENT.alias("own"),
        "source_row", "score", place.alias("place"),
    ]  # fmt: skip
    if "response_id" in source.columns:
        read.append(pl.col("response_id").hash().alias("id"))
    rows = rows_of(load).select(read) if answers <= LARGEST else columns_of(lake, [load], read)
    rows = rows.unique("id") if "id" in rows.columns else rows
    seconds = rows.filter(pl.col("at") % _MINUTE != 0).select("at", what="at", answer=pl.struct("answer", "all").hash())
    comments = rows.drop_nulls("own").select("at", what="own", answer=pl.struct("at", "answer").hash())
    for again, what in (
        (_again(seconds), "second"),
        (_again(comments), "time"),
        (_again(_in_a_row(rows)), "time"),
    ):
        if again >= max(_ENOUGH, _PART * rows.height):
            yield (
                f"{again:,} of its {rows.height:,} answers have the {what}, the score and the comment of another one in it, "
                "beside other columns or ids: as where an export was joined with orders or tickets, and each answer stands "
                "there once for each of them. Each counts. If they are the same answers, export them without what was "
                "joined, or read response_id from what is the answer's own; else all is well."
            )
            return
    if again := _appended(rows):
        yield (
            f"{again:,} of its {rows.height:,} answers are the ones above them again, in the same order and of the same "
            "times, scores and comments, as where an export was appended to itself. Each counts. If they are, take these "
            "rows out of the file; else all is well."
        )


def told_otherwise(source: Source, verdict: FileVerdict, rows_of: Callable[[str], pl.DataFrame]) -> Iterator[str]:
    """Yield what people should know of a file that gives ids several scores, and does not say which is the newest."""
    load = verdict.load(2, LARGEST)
    if load is None or "response_id" not in source.columns or "updated_at" in source.columns:
        return
    rows = rows_of(load).drop_nulls("response_id")
    again = rows.filter(pl.col("response_id").is_duplicated()).sort("source_row")
    at = pl.col("responded_at")
    by_id = again.group_by("response_id").agg(pl.col("score").n_unique(), is_older=at.last() < at.max())
    several = by_id.filter(pl.col("score") > 1)
    if several.is_empty():
        return
    older = int(several["is_older"].sum())
    stand = "stands" if several.height == 1 else "stand"
    dated = f" In {older:,} of them that row has an earlier time than another." if older else ""
    yield (
        f"{counted(several.height, 'id')} of answers {stand} in several of its rows with other scores, and nothing says "
        f"which is the newest: the last row counts.{dated} If the newest ones are above, read updated_at from a column that "
        "says when a row was changed, or turn the file around; if the last one is, all is well."
    )


def _appended(rows: pl.DataFrame) -> int:
    """How many answers follow one another as others did above them; 0 where they may do so by chance, or are sorted."""
    if rows.height < 2 * _ENOUGH:
        return 0
    in_order = rows.sort("source_row")
    keys = in_order.select(key=pl.struct("at", "answer", "all").hash()).with_columns(number=pl.int_range(pl.len()))
    gaps = keys.select(gap=pl.col("number") - pl.col("number").shift(1).over("key")).to_series()
    usual = gaps.filter(gaps >= _ENOUGH).mode().sort().head(1).to_list()
    for gap in {*usual, rows.height // 2, (rows.height + 1) // 2}:
        told = keys.select(
            "key",
            same=(pl.col("key") == pl.col("key").shift(gap)).fill_null(value=False),
            beside=(pl.col("key") == pl.col("key").shift(gap + 1)).fill_null(value=False),
        ).with_columns(run=pl.col("same").rle_id())
        runs = told.filter("same").group_by("run").agg(pl.len(), pl.col("key").n_unique(), pl.col("beside").mean())
        is_so = (pl.col("len") >= max(_ENOUGH, _PART * rows.height)) & (pl.col("key") >= _DIFFERENT)
        found = runs.filter(is_so & (pl.col("beside") < _BY_CHANCE))
        if found.height:
            return int(found["len"].sum())
    return 0


def _in_a_row(rows: pl.DataFrame) -> pl.DataFrame:
    """The rows with what those have together that stand one after the other with the same time and place."""
    share = rows["score"].value_counts(normalize=True)["proportion"]
    if float((share * share).sum()) > _BY_CHANCE:
        return rows.clear().select("at", what="place", answer="all")
    in_order = rows.sort("source_row")
    numbered = in_order.with_columns(what=pl.col("place").rle_id())
    is_more = pl.col("what") == pl.col("what").shift()
    shared = numbered.filter(is_more | is_more.shift(-1))
    return shared.select("at", "what", answer=pl.struct("score", "all").hash())


def _again(rows: pl.DataFrame) -> int:
    """How many rows share `what` they say with another of the same answer; 0 where other answers share it too."""
    shared = rows.filter(pl.col("what").is_duplicated())
    of = shared.group_by("what").agg(pl.len(), pl.first("at"), alike=pl.col("answer").n_unique() == 1)
    alike = of.filter("alike")
    is_chance = alike.height < _ALIKE * of.height or alike["at"].n_unique() < _TIMES
    return 0 if is_chance else int((alike["len"] - 1).sum())
