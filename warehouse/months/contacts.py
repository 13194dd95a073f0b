"""Counts of who was asked, kept by month: of which attempts all that is told of the survey's funnel and cost is made.

Here: which months are to be counted anew, storing counts. Not here: reading attempts (`attempts`), which of them count
(`transforms.asking.contacts`), what follows from the counts (`warehouse.published.asked`).

Nothing waits for this but publishing, which does it; where no source has contacts, nothing is looked at.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

import polars as pl

from transforms.asking.answered import Elsewhere
from transforms.asking.contacts import VERSION, Fatigue, Pricing, counted
from transforms.tables import BuildRecord, ContactCount, stored_types, types
from warehouse.lake.ledgers import current_builds, digest, loads_of, made_by
from warehouse.lake.loads import month_of_piece, new_load_id, whole_load
from warehouse.lake.parquet import scan
from warehouse.lake.store import Lake
from warehouse.months.attempts import Attempts, window, year_before
from warehouse.months.members import digests, known
from warehouse.months.plan import Plan
from warehouse.months.rules import ResponseRules


@dataclass(frozen=True)
class Contacts:
    """What nps.yaml says of who was asked."""

    sources: tuple[str, ...]
    """The sources whose rows are attempts to ask somebody."""
    rules: ResponseRules
    pricing: Pricing
    fatigue: Fatigue | None = None
    """How often people may be asked, where anything is said of it."""
    answered_in: Mapping[str, Elsewhere] = field(default_factory=dict)
    """Of a source whose files hold no answers the one whose answers its contacts asked for."""
    named: tuple[str, ...] = ()
    """The sources that give attempts ids."""


def contact_counts(lake: Lake, plan: Plan, contacts: Contacts, now: datetime) -> pl.DataFrame:
    """The counts of all months, as `ContactCount`; what is not up to date is counted."""
    files = plan.files.filter(pl.col("source").is_in(list(contacts.sources)))
    attempts = Attempts(lake, plan, files, contacts.answered_in, contacts.named)
    inputs = _inputs(plan, files, _pieces(lake, files, attempts.told_again), contacts)
    current = _current(lake)
    built = dict(current.select("month", "inputs").iter_rows())
    stale = [month for month, made_of in inputs.items() if built.get(month) != made_of]
    if stale:
        load_id, rows = _build(lake, attempts, plan, stale, contacts)
        lake.append("builds", _records(load_id, rows, {month: inputs[month] for month in stale}, now))
        current = _current(lake)
    counting = current.filter(pl.col("month").is_in(list(inputs)))
    paths = lake.files_of("contact_counts", loads_of(counting))
    if not paths:
        return pl.DataFrame(schema=stored_types(ContactCount))
    found = scan("contact_counts", paths).join(loads_of(counting).lazy(), on=["load_id", "month"], how="semi")
    return found.select(ContactCount.column_names()).collect()


def _pieces(lake: Lake, files: pl.DataFrame, told_again: pl.DataFrame) -> pl.DataFrame:
    """Which files tell of attempts of which months, also by telling that they were made in another: `position, month`."""
    placed = files.select("position", whole_load())
    own = lake.pieces("contacts").join(placed, on="load_id").select("position", month=month_of_piece())
    return pl.concat(
        [own, told_again.select(pl.col("by").cast(own.schema["position"]).alias("position"), "month").unique()]
    )


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
    told = ("source", "file_digest", made_by(), "metric", "delivery")
    by_position = {row[0]: row[1:] for row in files.select("position", *told).iter_rows()}
    # A newer snapshot decides about every month of the ones before it.
    snapshots = {position for position, row in by_position.items() if row[-1] == "snapshot"}
    found = {}
    for (month,), own in pieces.group_by("month"):
        of_month = sorted({*own.get_column("position"), *snapshots})
        before = _files_in(files, pieces, year_before(month)) if tired_by else ()
        later = _inputs_from_then_on(plan, pieces, contacts, month) if apart else ()
        found[month] = digest(
            "contacts", said, members[month], [by_position[each] for each in of_month], *later, *before
        )
    return dict(sorted(found.items()))


def _build(
    lake: Lake, attempts: Attempts, plan: Plan, months: Sequence[date], contacts: Contacts
) -> tuple[str, pl.DataFrame]:
    """Count the months anew into a load, which does not count yet."""
    matching = known(plan.members, contacts.rules)
    tiring = attempts.tired(months, contacts.fatigue) if contacts.fatigue else None

    def count(month: date, rows: pl.DataFrame) -> pl.DataFrame:
        of_month = None if tiring is None else tiring.filter(pl.col("month") == month)
        return counted(rows, matching, contacts.pricing, of_month)

    rows = pl.concat(attempts.by_month(months, count))
    load_id = new_load_id()
    folder = lake.begin("contact_counts", load_id=load_id)
    rows.cast({pl.Enum: pl.String}).write_parquet(folder / "part-0.parquet", compression="lz4")
    lake.commit("contact_counts", [folder])
    return load_id, rows


def _files_in(files: pl.DataFrame, pieces: pl.DataFrame, months: Sequence[date]) -> list[tuple[str, str]]:
    """The files of which attempts are of any of the months."""
    asked = files.join(pieces.filter(pl.col("month").is_in(months)), on="position", how="semi")
    return [*asked.select("file_digest", made_by()).iter_rows()]


def _inputs_from_then_on(plan: Plan, pieces: pl.DataFrame, contacts: Contacts, month: date) -> list[tuple[str, str]]:
    """The files of answers that contacts of a month may have, and of contacts that these may be to instead."""
    months = window(month)
    of = plan.files.filter(pl.col("source").is_in([each.source for each in contacts.answered_in.values()]))
    in_window = pl.col("months").list.set_intersection(pl.lit(months, pl.List(pl.Date))).list.len() > 0
    return [*of.filter(in_window).select("file_digest", made_by()).iter_rows(), *_files_in(plan.files, pieces, months)]


def _records(load_id: str, rows: pl.DataFrame, inputs: Mapping[date, str], now: datetime) -> pl.DataFrame:
    counts = dict(rows.group_by("month").agg(pl.col("contacts").sum()).iter_rows())
    told = [
        ("contacts", month, load_id, digest_, counts.get(month, 0), 0, 0, now, None)
        for month, digest_ in inputs.items()
    ]
    return pl.DataFrame(told, schema=types(BuildRecord), orient="row")
