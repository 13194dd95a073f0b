"""Writing one file's answers into the lake: accepted rows, refused rows and their counts in one streaming pass.

Here: loads of `staged`, `rejected` and `members`.
Not here: what a row means (`transforms.staged`), whether the file may be in (`expectations`).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Final, cast

import polars as pl

from transforms.identity import says_who
from transforms.members import member_rows, rejected_member_rows
from transforms.score_texts import UNANSWERED as UNANSWERED_TEXTS
from transforms.scores import PASSIVE_FROM
from transforms.staged import CANONICAL_AND_EXTRAS, UNANSWERED, outcome_of, rejected, staged
from transforms.swapped_dates import seem_swapped
from transforms.unlisted import unlisted
from warehouse.lake import Lake, months_of, new_load_id, sink

#: Answers of files from this size on are written month by month, so that a build of a month reads no other; in smaller
#: ones the pieces would cost more than the rows.
BY_MONTH_FROM: Final = 4 << 20

_COUNTED: Final = ("content", "blank", "zeros", "balance", "totals", "first_total", "shifted", "first_shifted")
_GROUPS: Final = ("survey", "branch", "industry", "region", "department", "channel")


@dataclass(frozen=True)
class Tally:
    """What was found in a file: rows read are the sum of the other four counts."""

    rows_read: int
    accepted: int
    unanswered: int
    excluded: int
    rejected: int
    surveys: list[str]
    months: list[date]
    reasons: dict[str, int]
    best_score: int | None = None
    """Of the accepted answers, on 0-10."""
    content_with_reason: int = 0
    """Accepted answers of passives and promoters that say why."""
    blank: int = 0
    """Rows without an answer in which nothing stands for the score."""
    zeros: int = 0
    """Accepted answers of 0."""
    balance: int = 0
    """Promoters less detractors."""
    totals: int = 0
    """Accepted rows that may sum others up, by what names them."""
    first_total: int = 0
    """The first of these."""
    shifted: int = 0
    """Unanswered rows where something stands in place of the date that is none."""
    first_shifted: int = 0
    """The first of these."""
    contacts: tuple[str, ...] = ()
    """The columns by which answers are grouped in which an e-mail address or telephone number stands."""
    half_swapped: int = 0
    """Dates of which day and month seem to be exchanged, while those of days above 12 are written otherwise."""

    labels: tuple[tuple[str, int, int], ...] = ()
    """Texts with a number that could not be read and repeat, with that number and their rows."""


@dataclass(frozen=True)
class Staged:
    """A file that was written as a load, which is not part of the lake yet."""

    load_id: str
    tally: Tally
    folders: dict[str, Path]
    """Table: the folder of its Parquet files."""


@dataclass(frozen=True)
class Origin:
    """Where rows come from, as far as it decides how they are written."""

    source: str
    file_digest: str
    given: Collection[str] = CANONICAL_AND_EXTRAS
    """The columns that anything gives: others are not written."""
    size_bytes: int = 0


def stage_answers(lake: Lake, judged: pl.LazyFrame, origin: Origin) -> Staged:
    """Write the rows of `transforms.staged.judge` as a load of `staged` and `rejected`. It is not committed yet."""
    content = pl.col("score") >= PASSIVE_FROM
    told = {
        "best": pl.col("score").max(),
        "content": (content & pl.col("reason").is_not_null()).sum(),
        "blank": (pl.col("raw_score").is_null() | (pl.col("raw_score") == "")).sum(),
        "zeros": (pl.col("score") == 0).sum(),
        "balance": (pl.col("category") == "promoter").sum().cast(pl.Int64) - (pl.col("category") == "detractor").sum(),
    }
    may = pl.col("may_sum_up") if "may_sum_up" in judged.collect_schema() else pl.lit(value=False)
    told |= {"totals": may.sum(), "first_total": pl.col("source_row").filter(may).min()}
    is_shifted = pl.col("responded_at").is_null() & (~pl.col("date_text").str.to_lowercase().is_in(UNANSWERED_TEXTS))
    told |= {"shifted": is_shifted.sum(), "first_shifted": pl.col("source_row").filter(is_shifted).min()}
    told |= {f"contact_{name}": says_who(pl.col(name)).sum() for name in _GROUPS}
    tally = judged.group_by("refusal", "survey", "month").agg(pl.len(), **told)
    parts = {"staged": staged(judged, origin.given), "rejected": rejected(judged)}
    return _stage(lake, parts, tally, origin, (_notations(judged), unlisted(judged)))


def stage_members(lake: Lake, judged: pl.LazyFrame, origin: Origin) -> Staged:
    """Write the rows of `transforms.members.judge_members` as a load of `members` and `rejected`; not committed yet."""
    nothing = {"survey": pl.lit(None, pl.String), "month": pl.lit(None, pl.Date)}
    told = {
        "best": pl.lit(None, pl.Int8),
        **dict.fromkeys(_COUNTED, pl.lit(0)),
        **dict.fromkeys((f"contact_{name}" for name in _GROUPS), pl.lit(0)),
    }
    tally = judged.with_columns(**nothing).group_by("refusal", "survey", "month").agg(pl.len(), **told)
    parts = {"members": member_rows(judged), "rejected": rejected_member_rows(judged, origin.source)}
    return _stage(lake, parts, tally, origin)


def commit_files(lake: Lake, files: Sequence[Staged]) -> None:
    """Make loads part of the tables, each table in one transaction. They count only when their files' records say so."""
    for table in ("staged", "members", "rejected"):
        lake.commit(table, [file.folders[table] for file in files if table in file.folders])


def _notations(judged: pl.LazyFrame) -> pl.LazyFrame | None:
    """How many dates of each day each format has read, where that may tell something."""
    if "date_format" not in judged.collect_schema():
        return None
    dated = judged.filter(pl.col("date_format").is_not_null())
    return dated.group_by("date_format", "date_day", "date_zeros").agg(pl.len())


def _stage(
    lake: Lake,
    parts: dict[str, pl.LazyFrame],
    tally: pl.LazyFrame,
    origin: Origin,
    beside: tuple[pl.LazyFrame | None, pl.LazyFrame] = (None, pl.LazyFrame()),
) -> Staged:
    keys = {"source": origin.source, "file_digest": origin.file_digest, "load_id": new_load_id()}
    folders = {table: lake.begin(table, **keys) for table in parts}
    by_month = origin.size_bytes >= BY_MONTH_FROM
    sinks = [
        sink(
            rows.drop("source", "file_digest", strict=False),
            months_of(folders[table]) if by_month and table == "staged" else folders[table] / "part-0.parquet",
        )
        for table, rows in parts.items()
    ]
    notations, labels = beside
    wanted = [*sinks, tally, pl.LazyFrame() if notations is None else notations, labels]
    *_, counted, notated, labelled = pl.collect_all(wanted)
    swapped = 0 if notations is None else seem_swapped(notated.iter_rows())
    found = replace(_tally(counted), half_swapped=swapped, labels=tuple(labelled.iter_rows()))
    return Staged(keys["load_id"], found, folders)


def _tally(counted: pl.DataFrame) -> Tally:
    by_outcome = {"accepted": 0, UNANSWERED: 0, "excluded": 0, "rejected": 0}
    reasons: dict[str, int] = {}
    for refusal, rows in counted.group_by("refusal").agg(pl.col("len").sum()).sort("refusal").iter_rows():
        outcome = outcome_of(refusal)
        by_outcome[outcome] += rows
        if outcome in ("excluded", "rejected"):
            reasons[refusal] = rows
    accepted = counted.filter(pl.col("refusal").is_null())
    unanswered = counted.filter(pl.col("refusal") == UNANSWERED)
    return Tally(
        rows_read=sum(by_outcome.values()),
        accepted=by_outcome["accepted"],
        unanswered=by_outcome[UNANSWERED],
        excluded=by_outcome["excluded"],
        rejected=by_outcome["rejected"],
        surveys=sorted(accepted.get_column("survey").drop_nulls().unique()),
        months=sorted(accepted.get_column("month").drop_nulls().unique()),
        reasons=reasons,
        best_score=cast("int | None", accepted.get_column("best").max()),
        content_with_reason=int(accepted.get_column("content").sum()),
        blank=int(unanswered.get_column("blank").sum()),
        shifted=int(unanswered.get_column("shifted").sum()),
        first_shifted=cast("int | None", unanswered.get_column("first_shifted").min()) or 0,
        zeros=int(accepted.get_column("zeros").sum()),
        totals=int(accepted.get_column("totals").sum()),
        first_total=cast("int | None", accepted.get_column("first_total").min()) or 0,
        contacts=tuple(name for name in _GROUPS if accepted.get_column(f"contact_{name}").sum()),
        balance=int(accepted.get_column("balance").sum()),
    )
