"""Months that had ended, and of which a source brings many more or fewer answers now: the files that do that are held.

Here: what is too much, and the records that hold such files; they are taken in with `nps run --accept`. What changes
because a person wanted it (settings, files taken back) is held by nothing, nor is the last month of a source while it is
coming in. Not here: snapshots that shrank, which are held before they count (`pipelines.intake.snapshots`).
"""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

import polars as pl

from pipelines.context import Context
from pipelines.recipes.months import month_key
from transforms.reasons import Reason
from warehouse.lake.ledgers import current_builds, current_files, outcomes_of
from warehouse.months.going_on import answers_later
from warehouse.months.plan import Plan
from warehouse.months.responses import Built

#: So many answers more or fewer are never too many, nor so many times the usual difference of a month from the others.
ANSWERS: Final = 20
DEVIATIONS: Final = 6
#: With a history of fewer months nobody knows what is usual: it is only noted.
ENOUGH_MONTHS: Final = 6
_KEY: Final = ["source", "file_digest"]
_MONTH: Final = ["source", "month"]
_SAID: Final = 3
#: Of outcomes: the answers that count.
_COUNTS: Final = pl.col("rule").is_null()


@dataclass(frozen=True)
class Change:
    """A month that had ended when it was built last, and that would have very different counts now."""

    source: str
    month: date
    before: int
    now: int
    allowed: int
    is_held: bool
    """Else there is too little history, and it is only noted."""
    built_at: datetime
    """When it was built last."""
    usual: float
    """The median of the source's months."""

    @property
    def says(self) -> str:
        """Both counts."""
        usual = f"{self.allowed:,} more or fewer are usual"
        return f"{month_key(self.month)} from {self.before:,} answers to {self.now:,} ({usual})"


def hold_changed_months(context: Context, plan: Plan, built: Built) -> bool:
    """Hold the new files that change months too much, or note it of them; say whether any is held.

    Then the months are to be built again without them: what they took the place of counts as before.
    """
    builds = plan.counting(current_builds(context.lake, "responses"))
    known = outcomes_of(context.lake, builds)
    new = _new_files(context, plan, builds.join(built.counts, on="month", how="semi"))
    changes = _changes(context, builds, known, built) if new.height else []
    found = [(change, _brought(new, change)) for change in changes]
    found = [
        (change, files)
        for change, files in found
        if abs(_own(context, known, built, change, files)) > change.allowed
        and not _goes_on(context, known, change, files)
    ]
    by_file: dict[tuple[str, str], list[Change]] = {}
    for change, files in found:
        for key in files.select(_KEY).iter_rows():
            by_file.setdefault((key[0], key[1]), []).append(change)
    records = [_record(context, new, key, of_it) for key, of_it in by_file.items()]
    if records:
        held = [(source, digest) for (source, digest), of_it in by_file.items() if _is_held(of_it)]
        context.lake.append("files", pl.concat([*records, *_back_in_place(context, held)]))
    return any(_is_held(of_it) for of_it in by_file.values())


def _new_files(context: Context, plan: Plan, builds: pl.DataFrame) -> pl.DataFrame:
    """The files that came, as `arrived` says, since the first of these builds. Those of others may have them."""
    told = context.lake.ledger("files").sort("sequence", "ingested_at", nulls_last=False)
    is_in = pl.col("status") == "accepted"
    # Of a file that was out meanwhile, when it came back. One that was read again came before: a setting wants that.
    stays = told.with_columns(stay=(~is_in).cum_sum().over(_KEY)).filter(is_in)
    last = stays.filter(pl.col("stay") == pl.col("stay").max().over(_KEY))
    arrived = last.group_by(_KEY).agg(arrived=pl.col("ingested_at").min(), loads=pl.col("load_id").n_unique())
    # What a person accepted, or took back and lets count again, is what they want.
    wanted = told.filter(pl.col("let_in_by").is_not_null() | pl.col("withdrawn_by").is_not_null())
    since = pl.lit(builds.get_column("built_at").min(), pl.Datetime("us", "UTC"))
    came = arrived.filter(pl.col("arrived") > since, pl.col("loads") == 1).drop("loads")
    return plan.files.join(came, on=_KEY).join(wanted, on=_KEY, how="anti")


def _changes(context: Context, builds: pl.DataFrame, known: pl.DataFrame, built: Built) -> list[Change]:
    share = context.workspace.config.gates.max_month_change
    zone = ZoneInfo(context.workspace.config.timezone)
    last_built = dict(builds.select("month", "built_at").iter_rows())
    ended = [month for month, at in last_built.items() if at.astimezone(zone).date().replace(day=1) > month]
    before = _counting(known).filter(pl.col("month").is_in(ended))
    middle = pl.col("answers").median()
    usual = before.group_by("source").agg(
        months=pl.len(), median=middle, deviation=(pl.col("answers") - middle).abs().median()
    )
    here = before.filter(pl.col("month").is_in(built.counts.get_column("month").implode()))
    now = _counting(built.outcomes).rename({"answers": "now"})
    usual_difference = pl.max_horizontal(pl.lit(ANSWERS), pl.col("deviation") * DEVIATIONS)
    difference = (pl.col("now") - pl.col("answers")).abs()
    # A share is held against a share: 0.29 x 100 is less than 29, as computers count.
    is_far = (difference > usual_difference) & (difference / pl.col("answers") > share)
    allowed = pl.max_horizontal(usual_difference, (pl.col("answers") * share).round(9))
    told = here.join(now, on=_MONTH, how="left").join(usual, on="source").with_columns(pl.col("now").fill_null(0))
    far = told.with_columns(allowed=allowed).filter(is_far)
    rows = far.select(*_MONTH, "answers", "now", "allowed", "months", "median").sort(_MONTH).iter_rows()
    return [
        Change(source, month, answers, after, int(most), months >= ENOUGH_MONTHS, last_built[month], median)
        for source, month, answers, after, most, months, median in rows
    ]


def _counting(outcomes: pl.DataFrame) -> pl.DataFrame:
    return outcomes.filter(_COUNTS).group_by(_MONTH).agg(pl.col("answers").sum())


def _brought(new: pl.DataFrame, change: Change) -> pl.DataFrame:
    """The new files that can have changed a month: with answers of it, or that move or replace some."""
    came = pl.col("arrived") > change.built_at
    has = pl.col("months").list.contains(change.month) | pl.col("moved_months").list.contains(change.month)
    return new.filter(pl.col("source") == change.source, came, has | (pl.col("delivery") == "snapshot"))


def _own(context: Context, known: pl.DataFrame, built: Built, change: Change, files: pl.DataFrame) -> int:
    """How many answers more or fewer the new files themselves make of a month, beside what a person wanted."""
    of_month = pl.col("source").eq(change.source) & pl.col("month").eq(change.month)
    then, now = known.filter(of_month), built.outcomes.filter(of_month)
    new = files.get_column("file_digest").implode()
    lost = now.filter(pl.col("by_file_digest").is_in(new), ~pl.col("file_digest").is_in(new))
    before, after, to_new = (_by_file(each) for each in (then.filter(_COUNTS), now.filter(_COUNTS), lost))
    were_there = current_files(context.lake).filter(
        pl.col("source") == change.source,
        pl.col("file_digest").is_in(before),
        pl.col("status") == "replaced",
        pl.col("path").is_in(files.get_column("path").implode()),
    )
    gone = {**to_new, **dict.fromkeys(were_there.get_column("file_digest"), change.before)}
    given = sum(after.get(digest, 0) for digest in files.get_column("file_digest"))
    return given - sum(min(many, max(before.get(file, 0) - after.get(file, 0), 0)) for file, many in gone.items())


def _by_file(outcomes: pl.DataFrame) -> dict[str, int]:
    return dict(outcomes.group_by("file_digest").agg(pl.col("answers").sum()).iter_rows())


def _goes_on(context: Context, known: pl.DataFrame, change: Change, files: pl.DataFrame) -> bool:
    """Whether the month is the last one that the source had, and is still coming in.

    It had ended for others. It had fewer answers than usual, and has no more than usual now: each branch sends its own file.
    Or what is too much is later than all it had: a week's export crosses the end of a month.
    """
    counting = known.filter(pl.col("source") == change.source, _COUNTS)
    if change.now < change.before or counting.get_column("month").max() != change.month:
        return False
    if change.before < change.usual and change.now <= change.usual + change.allowed:
        return True
    accepted = context.lake.ledger("files").filter(pl.col("status") == "accepted").sort("sequence", nulls_last=False)
    were_in = accepted.unique(_KEY, keep="last", maintain_order=True).join(counting, on=_KEY, how="semi")
    before, new = (frame.get_column("load_id").drop_nulls().to_list() for frame in (were_in, files))
    return change.now - answers_later(context.lake, before, new, change.month) - change.before <= change.allowed


def _is_held(changes: Sequence[Change]) -> bool:
    return any(change.is_held for change in changes)


def _record(context: Context, new: pl.DataFrame, key: tuple[str, str], changes: Sequence[Change]) -> pl.DataFrame:
    """The record by which a file is held, or with a note."""
    row = new.filter(pl.col("source") == key[0], pl.col("file_digest") == key[1]).drop("position", "arrived")
    told = [change.says for change in changes]
    more = f" and {len(told) - _SAID} more months" if told[_SAID:] else ""
    says = f"With what else arrived from {key[0]} it changes months that had ended: {'; '.join(told[:_SAID])}{more}."
    row = row.with_columns(ingested_at=pl.lit(context.clock()))
    if not _is_held(changes):
        return row.with_columns(notes=pl.concat_list("notes", pl.lit([says], pl.List(pl.String))))
    path = shlex.quote(row.item(0, "path"))
    what = f"They stay as they are. If this is right, take it in with: nps run --accept {path}"
    status = pl.lit("held", row.schema["status"])
    return row.with_columns(status=status, reason=pl.lit(Reason.MONTH_CHANGED.value), detail=pl.lit(f"{says} {what}"))


def _back_in_place(context: Context, held: Sequence[tuple[str, str]]) -> list[pl.DataFrame]:
    """The records by which files count again whose place those took that are held now."""
    if not held:
        return []
    ledger = context.lake.ledger("files").sort("sequence", "ingested_at", nulls_last=False)
    keys = pl.DataFrame(held, schema=dict.fromkeys(_KEY, pl.String), orient="row")
    came = ledger.join(keys, on=_KEY, how="semi").filter(pl.col("status") == "accepted").unique(_KEY, keep="last")
    at_once = ["source", "path", "sequence"]
    gone = ledger.filter(pl.col("status") == "replaced").join(came, on=at_once, how="semi")
    were_in = ledger.filter(pl.col("status") == "accepted").join(gone, on=_KEY, how="semi")
    return [were_in.unique(_KEY, keep="last")]
