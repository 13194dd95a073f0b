"""Counts of who was asked, kept by month: of which attempts all that is told of the survey's funnel and cost is made.

Here: which months are to be counted anew, reading attempts, storing counts. Not here: which attempts count
(`transforms.contacts`), what follows from the counts (`warehouse.asked`).

Nothing waits for this but publishing, which does it; where no source has contacts, nothing is looked at.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

import polars as pl

from transforms.contact_status import UNDATED
from transforms.contacts import (
    ANSWERED_WITHIN,
    VERSION,
    Fatigue,
    Pricing,
    counted,
    invitations,
    settled,
    tired,
    with_answers,
)
from transforms.responses import replaced_snapshots
from transforms.tables import BuildRecord, ContactCount, stored_types, types
from warehouse.lake import Lake, month_of_piece, new_load_id, scan, whole_load
from warehouse.ledgers import current_builds, digest, loads_of
from warehouse.members import digests, known
from warehouse.plan import Plan
from warehouse.rules import ResponseRules

#: What is read of attempts.
_READ = (
    "source_row", "contact_id", "status", "is_of_answer", "survey", "wave", "programme", "brand", "branch", "channel",
    "respondent_key", "account_key", "attempted_at", "month", "answered_at", "category", "gives_reason",
)  # fmt: skip


#: Answers come in the month of a contact or so many later ones.
_MONTHS_TO_ANSWER = ANSWERED_WITHIN.days // 28


@dataclass(frozen=True)
class Contacts:
    """What nps.yaml says of who was asked."""

    sources: tuple[str, ...]
    """The sources whose rows are attempts to ask somebody."""
    rules: ResponseRules
    pricing: Pricing
    fatigue: Fatigue | None = None
    """How often people may be asked, where anything is said of it."""
    answered_in: Mapping[str, str] = field(default_factory=dict)
    """Of a source whose files hold no answers the one whose answers its contacts asked for."""


def contact_counts(lake: Lake, plan: Plan, contacts: Contacts, now: datetime) -> pl.DataFrame:
    """The counts of all months, as `ContactCount`; what is not up to date is counted."""
    files = plan.files.filter(pl.col("source").is_in(list(contacts.sources)))
    pieces = _pieces(lake, files)
    inputs = _inputs(plan, files, pieces, contacts)
    current = _current(lake)
    built = dict(current.select("month", "inputs").iter_rows())
    stale = [month for month, made_of in inputs.items() if built.get(month) != made_of]
    if stale:
        load_id, rows = _build(lake, plan, files, stale, contacts)
        lake.append("builds", _records(load_id, rows, {month: inputs[month] for month in stale}, now))
        current = _current(lake)
    counting = current.filter(pl.col("month").is_in(list(inputs)))
    paths = lake.files_of("contact_counts", loads_of(counting))
    if not paths:
        return pl.DataFrame(schema=stored_types(ContactCount))
    found = scan("contact_counts", paths).join(loads_of(counting).lazy(), on=["load_id", "month"], how="semi")
    return found.select(ContactCount.column_names()).collect()


def _pieces(lake: Lake, files: pl.DataFrame) -> pl.DataFrame:
    """The pieces of attempts of files: `position, month, path`."""
    placed = files.select("position", whole_load())
    return lake.pieces("contacts").join(placed, on="load_id").select("position", "path", month=month_of_piece())


def _current(lake: Lake) -> pl.DataFrame:
    """The builds of contacts whose load is there."""
    loads = lake.pieces("contact_counts").select(pl.col("load_id").unique())
    return current_builds(lake, "contacts").join(loads, on="load_id", how="semi")


def _inputs(plan: Plan, files: pl.DataFrame, pieces: pl.DataFrame, contacts: Contacts) -> dict[date, str]:
    """Of each month with attempts the digest of everything that its counts are made from."""
    months = sorted(pieces.get_column("month").unique().to_list())
    members = digests(plan.members, months)
    branches = known(plan.members, contacts.rules).branches.rows()
    apart = sorted(contacts.answered_in.items())
    tired_by = () if contacts.fatigue is None else (contacts.fatigue,)
    said = (VERSION, contacts.rules, branches, sorted(contacts.pricing.tariffs.items()), apart, *tired_by)
    told = ("source", "file_digest", "recipe", "metric", "delivery")
    by_position = {row[0]: row[1:] for row in files.select("position", *told).iter_rows()}
    # A newer snapshot decides about every month of the ones before it.
    snapshots = {position for position, row in by_position.items() if row[-1] == "snapshot"}
    found = {}
    for (month,), own in pieces.group_by("month"):
        of_month = sorted({*own.get_column("position"), *snapshots})
        before = _files_in(files, pieces, _year_before(month)) if tired_by else ()
        later = _inputs_from_then_on(plan, pieces, contacts, month) if apart else ()
        found[month] = digest(
            "contacts", said, members[month], [by_position[each] for each in of_month], *later, *before
        )
    return dict(sorted(found.items()))


def _build(
    lake: Lake, plan: Plan, files: pl.DataFrame, months: Sequence[date], contacts: Contacts
) -> tuple[str, pl.DataFrame]:
    """Count the months anew into a load, which does not count yet."""
    matching = known(plan.members, contacts.rules)
    replaced = _replaced(lake, files)
    counts = []
    for month in months:
        rows = _rows(lake, files, [month]).with_columns(is_matched=pl.lit(None, pl.Boolean))
        parts = [_settled(rows.filter(~pl.col("source").is_in([*contacts.answered_in])), replaced)]
        for source, answers_in in contacts.answered_in.items():
            if not rows.filter(pl.col("source") == source).is_empty():
                asked = _rows(lake, files.filter(pl.col("source") == source), _window(month))
                told = with_answers(_settled(asked, replaced), _answers(lake, plan, answers_in, _window(month)))
                parts.append(told.filter(pl.col("month") == month).select(parts[0].columns))
        rows = pl.concat(parts)
        tiring = None if contacts.fatigue is None else _tired(lake, files, month, contacts.fatigue)
        counts.append(counted(rows, matching, contacts.pricing, tiring))
    rows = pl.concat(counts)
    load_id = new_load_id()
    folder = lake.begin("contact_counts", load_id=load_id)
    rows.cast({pl.Enum: pl.String}).write_parquet(folder / "part-0.parquet", compression="lz4")
    lake.commit("contact_counts", [folder])
    return load_id, rows


def _year_before(month: date) -> list[date]:
    """A month and the twelve before it."""
    return [
        date(year, number + 1, 1)
        for year, number in (divmod(month.year * 12 + month.month - 1 - ago, 12) for ago in range(13))
    ]


def _tired(lake: Lake, files: pl.DataFrame, month: date, fatigue: Fatigue) -> pl.DataFrame:
    """The invitations of a month, with whether each came too soon or too often."""
    asked = files.filter(pl.col("metric") == "nps").select("load_id")
    months = [each for each in _year_before(month) if each != UNDATED]
    rows = scan("contacts", lake.files_of("contacts", asked, months)).filter(pl.col("month").is_in(months))
    return tired(invitations(rows).collect(engine="streaming"), fatigue).filter(pl.col("month") == month)


def _files_in(files: pl.DataFrame, pieces: pl.DataFrame, months: Sequence[date]) -> list[tuple[str, str]]:
    """The files of which attempts are of any of the months."""
    asked = files.join(pieces.filter(pl.col("month").is_in(months)), on="position", how="semi")
    return [*asked.select("file_digest", "recipe").iter_rows()]


def _window(month: date) -> list[date]:
    """The months in which contacts of a month may be answered."""
    months = [month]
    while len(months) <= _MONTHS_TO_ANSWER:
        months.append((months[-1] + timedelta(days=32)).replace(day=1))
    return months


def _inputs_from_then_on(plan: Plan, pieces: pl.DataFrame, contacts: Contacts, month: date) -> list[tuple[str, str]]:
    """The files of answers that contacts of a month may have, and of contacts that these may be to instead."""
    window = _window(month)
    of = plan.files.filter(pl.col("source").is_in([*contacts.answered_in.values()]))
    in_window = pl.col("months").list.set_intersection(pl.lit(window, pl.List(pl.Date))).list.len() > 0
    return [*of.filter(in_window).select("file_digest", "recipe").iter_rows(), *_files_in(plan.files, pieces, window)]


def _settled(rows: pl.DataFrame, replaced: pl.DataFrame) -> pl.DataFrame:
    return settled(rows.join(replaced, on=["position", "survey"], how="left", maintain_order="left"))


def _answers(lake: Lake, plan: Plan, source: str, months: Sequence[date]) -> pl.DataFrame:
    """The accepted answers of a source in some months."""
    loads = plan.files.filter(pl.col("source") == source).get_column("load_id").to_list()
    paths = lake.files_of("staged", pl.DataFrame({"load_id": loads}, schema={"load_id": pl.String}), months)
    rows = scan("staged", paths, loads).filter(pl.col("month").is_in(list(months)))
    return rows.select("respondent_key", "responded_at", "score").collect(engine="streaming")


def _replaced(lake: Lake, files: pl.DataFrame) -> pl.DataFrame:
    """The surveys of older snapshots that a newer one of them holds: `position, survey, is_replaced`."""
    snapshots = files.filter(pl.col("delivery") == "snapshot")
    if snapshots.height < 2:  # noqa: PLR2004 - one follows on no other
        return pl.DataFrame(schema={"position": pl.Int64, "survey": pl.String, "is_replaced": pl.Boolean})
    asked = _rows(lake, snapshots, columns=("survey",)).unique()
    surveys = asked.group_by("position").agg(surveys=pl.col("survey").unique())
    found = snapshots.drop("surveys").join(surveys, on="position")
    return replaced_snapshots(found).select("position", "survey", is_replaced=True)


def _rows(
    lake: Lake, files: pl.DataFrame, months: Sequence[date] | None = None, columns: Sequence[str] = _READ
) -> pl.DataFrame:
    """Attempts in files, with the position, source, digest and metric of theirs."""
    told = files.select("load_id", "position", "source", "file_digest", "metric").cast({"metric": pl.String})
    rows = scan("contacts", lake.files_of("contacts", files.select("load_id"), months)).select("load_id", *columns)
    return rows.join(told.lazy(), on="load_id").drop("load_id").collect(engine="streaming")


def _records(load_id: str, rows: pl.DataFrame, inputs: Mapping[date, str], now: datetime) -> pl.DataFrame:
    counts = dict(rows.group_by("month").agg(pl.col("contacts").sum()).iter_rows())
    told = [
        ("contacts", month, load_id, digest_, counts.get(month, 0), 0, 0, now, None)
        for month, digest_ in inputs.items()
    ]
    return pl.DataFrame(told, schema=types(BuildRecord), orient="row")
