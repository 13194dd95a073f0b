"""Which answers count, and for which branch and industry: from staged answers to responses and superseded answers.

Here: the three rules by which an answer loses to another, and matching with what is known of branches, accounts and
employees. Not here: which files there are (`warehouse.plan`), cleaning (`transforms.staged`).

Answers carry `position`, the place of their file among all files from old to new. The rules, each on what the one before
left:

1. snapshot_replaced: a newer export of the same survey replaces the whole older one;
2. redelivered: the same response id again; its latest version counts, in the month of that version only. The source may
   say when it changed an answer (updated_at), else the later delivery is the later version;
3. answered_again: one answer per respondent, survey and month.

Most answers share their id and their respondent with no other, so rules 2 and 3 look only at those whose hash occurs
more than once; different keys of equal hash are told apart afterwards.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

import polars as pl

from transforms.dimensions import AS_GIVEN, UNKNOWN
from transforms.scores import category
from transforms.spelling import cleaned, spelling_key
from transforms.tables import Outcome, Response, SupersededAnswer

OneAnswer = Literal["latest", "first", "all"]

_ROW: Final = ("position", "source_row")
_LOST: Final = {
    "position": pl.Int64, "source_row": pl.Int64, "month": pl.Date, "source": pl.String, "response_id": pl.String,
    "rule": pl.String, "by_position": pl.Int64, "by_source_row": pl.Int64,
}  # fmt: skip


@dataclass(frozen=True)
class Known:
    """What is known of branches, accounts and employees, ready for matching."""

    branches: pl.DataFrame
    """`alias`, `is_exact` and `branch`: codes and names as they stand, and their keys (`transforms.spelling.key`) as far as
    they say one branch; each once. None are known where nothing is configured."""
    people: pl.DataFrame
    """Versions: `dimension, member_key, branch, industry, department, valid_from, valid_to`, without gap or overlap."""
    industries: pl.DataFrame
    """`alias`, `is_exact` and `industry`, likewise."""
    only_known_branches: bool
    only_listed_industries: bool


def replaced_snapshots(files: pl.DataFrame) -> pl.DataFrame:
    """One row per snapshot file and survey that a newer file replaced: `position, survey, by_position`.

    `files` has `position, source, delivery, scope, surveys`.
    """
    surveys = files.filter(pl.col("delivery") == "snapshot").explode("surveys").rename({"surveys": "survey"})
    newest = pl.col("position").max().over("source", "scope", "survey")
    return (
        surveys.with_columns(by_position=newest)
        .filter(pl.col("position") < pl.col("by_position"))
        .select("position", "survey", "by_position")
    )


def nothing_lost() -> pl.DataFrame:
    """No lost answers: the frame that `redelivered_answers` and `answers_given_again` give where there are none."""
    return pl.DataFrame(schema=_LOST)


def redelivered_answers(answers: pl.LazyFrame, replaced: pl.DataFrame, months: Sequence[date]) -> pl.DataFrame:
    """The answers of the months that lose by rule 2, each with the one that it loses to.

    `answers` are staged answers with `position`, of the months and of every other month in which another version of them
    may stand; `replaced` comes from `replaced_snapshots`.
    """
    live = _live(answers, replaced)
    id_hash = pl.col("response_id").hash()
    twice = repeated(live.select(id_hash).collect().to_series())
    if twice.is_empty():
        return nothing_lost()
    contest = live.filter(id_hash.is_in(twice.implode()))
    columns = ["month", "source", "response_id"]
    newest_first = {"updated_at": True, "position": True, "source_row": True}
    lost = _losers(_compared(contest, columns), ["source", "response_id"], newest_first, "redelivered")
    return lost.filter(pl.col("month").is_in(list(months)))


def answers_given_again(
    answers: pl.LazyFrame, replaced: pl.DataFrame, redelivered: pl.DataFrame, months: Sequence[date], one: OneAnswer
) -> pl.DataFrame:
    """The answers of the months that lose by rule 3, each with the one that it loses to."""
    if one == "all":
        return nothing_lost()
    left = _live(answers, replaced).filter(pl.col("month").is_in(list(months)), pl.col("respondent_key").is_not_null())
    if redelivered.height:
        left = left.join(redelivered.lazy(), on=_ROW, how="anti")
    # Only ever compared with itself: a survey more or less in it changes how much is looked at, never the result.
    respondent_hash = pl.col("respondent_key").hash() ^ (pl.col("month").to_physical().cast(pl.UInt64) * 2654435761)
    twice = repeated(left.select(respondent_hash).collect().to_series())
    if twice.is_empty():
        return nothing_lost()
    contest = left.filter(respondent_hash.is_in(twice.implode()))
    key = ["metric", "survey", "respondent_key", "month"]
    columns = [*key, "source", "response_id", "responded_at"]
    preferred_first = {"responded_at": one == "latest", "updated_at": True, "position": True, "source_row": True}
    return _losers(_compared(contest, columns), key, preferred_first, "answered_again")


def responses(
    answers: pl.LazyFrame, replaced: pl.DataFrame, lost: pl.DataFrame, months: Sequence[date], known: Known
) -> pl.LazyFrame:
    """The answers of the months that count, as `Response`."""
    left = _live(answers, replaced).filter(pl.col("month").is_in(list(months)))
    if lost.height:
        left = left.join(lost.lazy().select(_ROW), on=_ROW, how="anti")
    return _matched(left, known).with_columns(category=category(pl.col("score"))).select(Response.column_names())


def superseded(
    answers: pl.LazyFrame, replaced: pl.DataFrame, lost: pl.DataFrame, months: Sequence[date], files: pl.DataFrame
) -> pl.LazyFrame:
    """The answers of the months that do not count, as `SupersededAnswer`. `files` has `position, source, file_digest`."""
    by_file = files.lazy().select("position", "file_digest")
    winner = files.lazy().select(by_position="position", by_source="source", by_file_digest="file_digest")
    parts = [lost.lazy()]
    if replaced.height:
        gone = answers.filter(pl.col("month").is_in(list(months))).join(
            replaced.lazy(), on=["position", "survey"], how="inner"
        )
        gone = gone.with_columns(rule=pl.lit("snapshot_replaced"), by_source_row=pl.lit(None, pl.Int64))
        parts.append(gone.select(pl.col(name).cast(dtype) for name, dtype in _LOST.items()))
    named = pl.concat(parts).join(by_file, on="position", how="left").join(winner, on="by_position", how="left")
    return named.select(SupersededAnswer.column_names())


def outcomes(counts: pl.DataFrame, replaced: pl.DataFrame, lost: pl.DataFrame, files: pl.DataFrame) -> pl.DataFrame:
    """What became of the answers of each file, as `Outcome`, from counts: no answer is looked at again.

    `counts` has the accepted `answers` by `month`, `position` and `survey`, `lost` all answers that rules 2 and 3 let
    lose, `files` has `position, source, file_digest`.
    """
    group = ["month", "position", "rule", "by_position"]
    in_older = counts.join(replaced, on=["position", "survey"]).with_columns(rule=pl.lit("snapshot_replaced"))
    lost_to = pl.concat([
        in_older.group_by(group).agg(pl.col("answers").sum()),
        lost.group_by(group).agg(answers=pl.len().cast(pl.Int64)),
    ])  # fmt: skip
    all_lost = lost_to.group_by("month", "position").agg(lost=pl.col("answers").sum())
    left = counts.group_by("month", "position").agg(pl.col("answers").sum())
    counting = left.join(all_lost, on=["month", "position"], how="left").select(
        "month", "position", pl.lit(None, pl.String).alias("rule"), pl.lit(None, pl.Int64).alias("by_position"),
        answers=pl.col("answers") - pl.col("lost").fill_null(0),
    )  # fmt: skip
    winner = files.select(by_position="position", by_source="source", by_file_digest="file_digest")
    return (
        pl.concat([counting.filter(pl.col("answers") > 0), lost_to])
        .join(files.select("position", "source", "file_digest"), on="position")
        .join(winner, on="by_position", how="left")
        .select(Outcome.column_names())
    )


def _live(answers: pl.LazyFrame, replaced: pl.DataFrame) -> pl.LazyFrame:
    """Answers that no newer snapshot replaced."""
    return answers if replaced.is_empty() else answers.join(replaced.lazy(), on=["position", "survey"], how="anti")


def repeated(hashes: pl.Series) -> pl.Series:
    """The hashes that occur more than once. Sorting numbers is much cheaper than grouping by them."""
    ordered = hashes.sort()
    return ordered.filter(ordered == ordered.shift(1)).unique()


def _compared(contest: pl.LazyFrame, columns: Sequence[str]) -> pl.DataFrame:
    return contest.select(*_ROW, *columns, "updated_at").collect()


def _losers(contest: pl.DataFrame, key: Sequence[str], order: dict[str, bool], rule: str) -> pl.DataFrame:
    """All but the first of each key, in an order in which no two rows are equal, with the first as the winner."""
    ordered = contest.sort(*order, descending=list(order.values()), nulls_last=True)
    firsts = [pl.col(name).first().over(key).alias(f"by_{name}") for name in _ROW]
    decided = ordered.with_columns(*firsts, rule=pl.lit(rule))
    is_loser = (pl.col("position") != pl.col("by_position")) | (pl.col("source_row") != pl.col("by_source_row"))
    return decided.filter(is_loser).select(pl.col(name).cast(dtype) for name, dtype in _LOST.items())


def _matched(answers: pl.LazyFrame, known: Known) -> pl.LazyFrame:
    """Answers with their dimensions as they were when the answer was given."""
    found = answers.with_columns(
        _account=pl.coalesce("account_key", "respondent_key"),
        **{column: _seen(column) for column in ("branch", "industry", "department")},
    )
    for dimension, key in (("accounts", "_account"), ("employees", "respondent_key")):
        found = _with_version(found, known.people.filter(pl.col("dimension") == dimension), key, dimension)
    branch = pl.coalesce("branch", "employees_branch", "accounts_branch")
    if known.only_known_branches:
        found = found.with_columns(
            _listed(column, known.branches, "branch") for column in ("branch", "employees_branch", "accounts_branch")
        )
    industries = [
        pl.coalesce(_listed(column, known.industries, "industry"), *([] if known.only_listed_industries else [column]))
        for column in ("industry", "accounts_industry")
    ]
    return found.with_columns(
        branch=branch.fill_null(UNKNOWN),
        industry=pl.coalesce(*industries).fill_null(UNKNOWN),
        department=pl.coalesce("department", "employees_department").fill_null(UNKNOWN),
        **{name: _seen(name).fill_null(UNKNOWN) for name in AS_GIVEN},
    )


def _with_version(answers: pl.LazyFrame, versions: pl.DataFrame, key: str, prefix: str) -> pl.LazyFrame:
    """Answers with what held of a member when they were given: `{prefix}_branch, _industry, _department`."""
    attributes = ("branch", "industry", "department")
    if versions.is_empty():
        return answers.with_columns(pl.lit(None, pl.String).alias(f"{prefix}_{name}") for name in attributes)
    told = versions.lazy().select(
        pl.col("member_key").alias(key),
        "valid_from",
        "valid_to",
        *(pl.col(name).alias(f"{prefix}_{name}") for name in attributes),
    )
    # Versions of a member have no gap and no overlap: of each answer exactly one row is left.
    held = pl.col("valid_from").is_null() | pl.col("responded_at").is_between("valid_from", "valid_to", closed="left")
    return answers.join(told, on=key, how="left").filter(held).drop("valid_from", "valid_to")


def _seen(column: str) -> pl.Expr:
    """A name as it was given; NULL where nobody sees anything of it."""
    return pl.when(cleaned(pl.col(column)).is_not_null()).then(pl.col(column)).alias(column)


def _listed(column: str, names: pl.DataFrame, to: str) -> pl.Expr:
    """A name as the list writes it: what stands there so, else what is another spelling of it; else NULL."""
    if names.is_empty():
        return pl.lit(None, pl.String).alias(column)
    ways = []
    for given, is_exact in ((pl.col(column), True), (spelling_key(pl.col(column)), False)):
        listed = names.filter(pl.col("is_exact") == is_exact)
        ways.append(given.replace_strict(listed["alias"], listed[to], default=None, return_dtype=pl.String))
    return pl.coalesce(ways).alias(column)
