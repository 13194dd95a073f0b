"""Which answers count: from staged answers to responses and superseded answers.

Here: the three rules by which an answer loses to another. Not here: for which branch and industry an answer counts
(`transforms.answers.matching`), which files there are (`warehouse.months.plan`), cleaning (`transforms.rows.staged`).

Answers carry `position`, the place of their file among all files from old to new. The rules, each on what the one before
left:

1. snapshot_replaced: a newer export of the same survey replaces the whole older one;
2. redelivered: the same response id again; its latest version counts, in the month of that version only. The source may
   say when it changed an answer (updated_at), else the later delivery is the later version;
3. answered_again: one answer per respondent, survey, brand and month.

Most answers share their id and their respondent with no other, so rules 2 and 3 look only at those whose hash occurs
more than once; different keys of equal hash are told apart afterwards.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

import numpy as np
import polars as pl

from transforms.answers.matching import Known, matched
from transforms.answers.people import OneAnswer, repeated, with_people
from transforms.scores.scales import category
from transforms.tables import Cell, Outcome, Response, SupersededAnswer
from transforms.texts.spelling import spelling_key

_ROW: Final = ("position", "source_row")
_LOST: Final = {
    "position": pl.Int64, "source_row": pl.Int64, "month": pl.Date, "source": pl.String, "rule": pl.String,
    "by_position": pl.Int64, "by_source_row": pl.Int64,
}  # fmt: skip
#: Files have fewer rows: so one number tells a file and a row of it.
_ROWS: Final = 1 << 40
#: After any number.
_NEVER: Final = 1 << 62


def replaced_snapshots(files: pl.DataFrame) -> pl.DataFrame:
    """One row per snapshot file and survey that a newer file replaced: `position, survey, by_position`.

    `files` has `position, source, delivery, scope, surveys`. All spellings of a survey's name are one.
    """
    surveys = files.filter(pl.col("delivery") == "snapshot").explode("surveys").rename({"surveys": "survey"})
    newest = pl.col("position").max().over("source", "scope", spelling_key(pl.col("survey")))
    return (
        surveys.with_columns(by_position=newest)
        .filter(pl.col("position") < pl.col("by_position"))
        .select("position", "survey", "by_position")
    )


def nothing_lost() -> pl.DataFrame:
    """No lost answers: the frame that the three rules give where there are none."""
    return pl.DataFrame(schema=_LOST)


def answers_in_older_snapshots(answers: pl.DataFrame, replaced: pl.DataFrame) -> pl.DataFrame:
    """The answers that lose by rule 1; no row of the newer file stands against one of theirs."""
    older = answers.filter(pl.col("position").is_in(replaced["position"].unique().implode()))
    gone = older.lazy().with_columns(pl.col("survey").cast(pl.String)).join(replaced.lazy(), on=["position", "survey"])
    told = gone.with_columns(rule=pl.lit("snapshot_replaced"), by_source_row=pl.lit(None, pl.Int64))
    return told.select(pl.col(name).cast(dtype) for name, dtype in _LOST.items()).collect()


def redelivered_answers(answers: pl.LazyFrame, replaced: pl.DataFrame, months: Sequence[date]) -> pl.DataFrame:
    """The answers of the months that lose by rule 2, each with the one that it loses to.

    `answers` are staged answers with `position`, of the months and of every other month in which another version of them
    may stand; `replaced` comes from `replaced_snapshots`.
    """
    live = answers if replaced.is_empty() else answers.join(replaced.lazy(), on=["position", "survey"], how="anti")
    id_hash = pl.col("response_id").hash()
    twice = repeated(live.select(id_hash).collect().to_series())
    if twice.is_empty():
        return nothing_lost()
    wanted = ["month", *_ROW, "source", "response_id", "updated_at"]
    contest = live.filter(id_hash.is_in(twice.implode())).select(*wanted, hash=id_hash).collect()
    newest_first = {"updated_at": True, "position": True, "source_row": True}
    lost = _losers(contest, ["source", "response_id"], newest_first, "redelivered")
    return lost.filter(pl.col("month").is_in(list(months)))


def answers_given_again(answers: pl.DataFrame, one: OneAnswer) -> pl.DataFrame:
    """The answers that lose by rule 3, each with the one that it loses to, among those that the other rules left."""
    if one == "all":
        return nothing_lost()
    respondents = answers.get_column("respondent_key")
    # Only ever compared with itself: a survey more or less in it changes how much is looked at, never the result.
    hashes = respondents.hash() ^ (answers.get_column("month").to_physical().cast(pl.UInt64) * 2654435761)
    is_contested = (
        hashes.is_in(repeated(hashes.filter(respondents.is_not_null())).implode()) & respondents.is_not_null()
    )
    key = ["metric", "survey", "brand", "respondent_key", "month"]
    wanted = answers.select(*key, *_ROW, "source", "responded_at", "updated_at", hash=hashes)
    spelt = {name: spelling_key(pl.col(name).cast(pl.String)) for name in ("survey", "brand")}
    contest = wanted.filter(is_contested).with_columns(**spelt)
    preferred_first = {"responded_at": one == "latest", "updated_at": True, "position": True, "source_row": True}
    return _losers(contest, key, preferred_first, "answered_again")


def without(answers: pl.DataFrame, lost: pl.DataFrame) -> pl.DataFrame:
    """The answers that are not among those lost."""
    if lost.is_empty():
        return answers
    row = pl.col("position") * _ROWS + pl.col("source_row")
    return answers.filter(~row.is_in(lost.select(row).to_series().implode()))


def responses(answers: pl.DataFrame, known: Known, one: OneAnswer) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Answers that count, as `Response`, of which texts are codes, and the cells in which they do, as `Cell`."""
    rows, cells = matched(answers, known)
    counted = cells.with_columns(category=category(pl.col("score")))
    return with_people(rows, one).select(Response.column_names()), counted.select(Cell.column_names())


def superseded(lost: pl.DataFrame, files: pl.DataFrame) -> pl.DataFrame:
    """The answers that do not count, as `SupersededAnswer`. `files` has `position, source, file_digest`."""
    by_file = files.select("position", "file_digest")
    winner = files.select(by_position="position", by_source="source", by_file_digest="file_digest")
    named = lost.join(by_file, on="position", how="left").join(winner, on="by_position", how="left")
    return named.select(SupersededAnswer.column_names())


def outcomes(counts: pl.DataFrame, lost: pl.DataFrame, files: pl.DataFrame) -> pl.DataFrame:
    """What became of the answers of each file, as `Outcome`, from counts: no answer is looked at again.

    `counts` has the accepted `answers` by `month` and `position`, `lost` all answers that the three rules let lose, `files`
    has `position, source, file_digest`.
    """
    file = ["month", "position"]
    lost_to = lost.group_by(*file, "rule", "by_position").agg(answers=pl.len().cast(pl.Int64))
    all_lost = lost_to.group_by(file).agg(lost=pl.col("answers").sum())
    counting = counts.join(all_lost, on=file, how="left").select(
        *file, pl.lit(None, pl.String).alias("rule"), pl.lit(None, pl.Int64).alias("by_position"),
        answers=pl.col("answers") - pl.col("lost").fill_null(0),
    )  # fmt: skip
    winner = files.select(by_position="position", by_source="source", by_file_digest="file_digest")
    return (
        pl.concat([counting.filter(pl.col("answers") > 0), lost_to])
        .join(files.select("position", "source", "file_digest"), on="position")
        .join(winner, on="by_position", how="left")
        .select(Outcome.column_names())
    )


def _losers(contest: pl.DataFrame, key: Sequence[str], order: dict[str, bool], rule: str) -> pl.DataFrame:
    """All but the first of each key, in an order in which no two rows are equal, with the first as the winner.

    Rows of one key have one `hash`. They are put in order by it, and by the key itself only where keys share a hash.
    """
    ordered = contest[_places(contest, order)]
    if ordered.select((_as_before("hash") & ~_as_before(*key)).any()).item():
        numbered = contest.with_columns(hash=pl.struct(key).rank("dense"))
        ordered = numbered[_places(numbered, order)]
    is_first = ~_as_before("hash")
    firsts = [pl.when(is_first).then(name).forward_fill().alias(f"by_{name}") for name in _ROW]
    decided = ordered.with_columns(*firsts, rule=pl.lit(rule)).filter(~is_first)
    return decided.select(pl.col(name).cast(dtype) for name, dtype in _LOST.items())


def _places(contest: pl.DataFrame, order: dict[str, bool]) -> pl.Series:
    """Where the rows stand that come first, second and so on, by `hash` and `order`: True of what is greatest first."""
    numbers = [
        (pl.col(name).to_physical() * (-1 if is_descending else 1)).fill_null(_NEVER).alias(name)
        for name, is_descending in order.items()
    ]
    told = [number for number in contest.select(numbers) if number.min() != number.max()]
    return pl.Series(np.lexsort([number.to_numpy() for number in (*reversed(told), contest["hash"])]))


def _as_before(*key: str) -> pl.Expr:
    """Whether a row has the key of the one before it."""
    return pl.all_horizontal(pl.col(name).eq_missing(pl.col(name).shift(1)) for name in key) & (
        pl.int_range(pl.len()) > 0
    )
