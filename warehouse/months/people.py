"""People in what is published: the sums over pairs of answers of one person, kept by month, of which all of it is made.

Here: which months are to be summed anew, and what for. Not here: summing answers (`pairs`), what follows from the sums
(`models/scores/measured.sql`).

A month is summed with the eleven before it, since no period is longer than a year: so one more month costs the same
whatever came before. Where the answers of few people are others, theirs alone are taken out of its sums and put in anew
(`changed_people`). Nothing waits for this but publishing, which does it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final

import polars as pl

from transforms.answers.people import LONGEST, OneAnswer
from transforms.dates.periods import month_number
from transforms.dimensions import KEYS, TYPED
from transforms.tables import BuildRecord, Repeat, stored_types, types
from transforms.texts.spelling import key
from warehouse.lake.ledgers import PEOPLE_VERSION, current_builds, digest, loads_of
from warehouse.lake.loads import new_load_id
from warehouse.lake.parquet import scan
from warehouse.lake.store import Lake
from warehouse.months.changed_people import builds_then, changed_people, not_the_same
from warehouse.months.pairs import BY, SUMS, Pairs
from warehouse.months.plan import Plan
from warehouse.months.shown import Names

#: Sums are amended where the months that are others, then and now, have a smaller part of the answers than this.
OTHERS: Final = 0.5


def repeats(lake: Lake, plan: Plan, names: Names, one: OneAnswer, now: datetime) -> pl.DataFrame:
    """The sums of all months that count, as `Repeat`, under the names that are shown; what is not up to date is built."""
    builds = plan.counting(current_builds(lake, "responses"))
    months = builds.get_column("month").to_list()
    told = names.today.sort(pl.all()).partition_by("month", as_dict=True)
    today = {month: digest(*told[(month,)].drop("month").rows()) for month in months if (month,) in told}
    inputs = {month: _inputs(plan, names, today, month) for month in months}
    current = _current(lake)
    built = dict(current.select("month", "inputs").iter_rows())
    stale = [month for month in months if built.get(month) != inputs[month]]
    if stale:
        records = current.filter(pl.col("month").is_in(stale))
        made_from = _made_from(lake, builds, records, lambda then, month: _inputs(then, names, today, month), plan)
        rows = _sums(Pairs(lake, names, one), builds, stale, made_from)
        lake.append("builds", _records(_kept(lake, rows), rows, {month: inputs[month] for month in stale}, now))
        current = _current(lake)
    return _stored(lake, current.filter(pl.col("month").is_in(months)), names)


def _current(lake: Lake) -> pl.DataFrame:
    """The builds of people whose load is there."""
    loads = lake.pieces("repeats").select(pl.col("load_id").unique())
    return current_builds(lake, "people").join(loads, on="load_id", how="semi")


def _inputs(plan: Plan, names: Names, today: Mapping[date, str], month: date) -> str:
    """Digest of everything that the sums of a month are made from."""
    number = month_number(month)
    responses = [
        (each, inputs, today.get(each))
        for each, inputs in plan.inputs.items()
        if 0 <= number - month_number(each) < LONGEST
    ]
    marts = [(mart.name, mart.told_by) for mart in names.marts]
    codes = (sorted(names.codes.items()),) if {*KEYS} & {*names.apart} else ()
    named = (sorted(names.headline), _apart(plan, names), *codes)
    return digest("people", PEOPLE_VERSION, marts, *named, sorted(responses))


def _apart(plan: Plan, names: Names) -> list[tuple[str, str]]:
    """Names that are declared apart though they are spellings of one: groups of their own."""
    found = set(names.spelling.select("attribute", "spelling").iter_rows())
    declared = sorted((name, key(each), each) for name, listed in plan.declared.items() for each in {*listed})
    keys = [each[:2] for each in declared if (each[0], each[2]) in found]
    return [each for each in declared if keys.count(each[:2]) > 1] if len({*keys}) < len(keys) else []  # type: ignore[misc]


@dataclass(frozen=True)
class _Made:
    """Sums of some months, and the builds of responses from which they were made."""

    builds: pl.DataFrame
    sums: pl.DataFrame
    """Their records, as `BuildRecord`."""


def _made_from(
    lake: Lake, builds: pl.DataFrame, stale: pl.DataFrame, inputs: Callable[[Plan, date], str], plan: Plan
) -> Iterator[_Made]:
    """Sums that nothing but other answers made stale: their digests are of builds that are still there."""
    for (sequence,), records in stale.partition_by("sequence", as_dict=True).items():
        before = builds_then(lake, sequence, builds)
        if before is not None:
            then = replace(plan, inputs=dict(before.select("month", "inputs").iter_rows()))
            of = pl.Series([inputs(then, month) for month in records["month"]], dtype=pl.String)
            yield _Made(before, records.filter(of == records["inputs"]))


def _kept(lake: Lake, rows: pl.DataFrame) -> str:
    """A load of these sums, which does not count yet."""
    load_id = new_load_id()
    folder = lake.begin("repeats", load_id=load_id)
    rows.write_parquet(folder / "part-0.parquet", compression="lz4")
    lake.commit("repeats", [folder])
    return load_id


def _sums(found: Pairs, builds: pl.DataFrame, wanted: Collection[date], made_from: Iterable[_Made]) -> pl.DataFrame:
    """The sums of the months, as `Repeat`: amended where that is cheaper, else made anew."""
    left, rows = {*wanted}, []
    for made in made_from:
        amended = _amended(found, builds, made)
        rows += amended
        if amended:
            left -= {*made.sums["month"]}
    if left:
        rows.append(found.of(_near(builds, left), left))
    summed = pl.concat([each.select(BY + SUMS) for each in rows]).group_by(BY).agg(pl.all().sum())
    return summed.filter(pl.any_horizontal(pl.col(SUMS) != 0)).sort(BY).select(Repeat.column_names())


def _amended(found: Pairs, builds: pl.DataFrame, made: _Made) -> list[pl.DataFrame]:
    """What sums up to the sums of these months now; nothing where they are to be made anew."""
    months = {*made.sums["month"]}
    then, now = _near(made.builds, months), _near(builds, months)
    before, after = not_the_same(then, now)
    most = OTHERS * int(now["responses"].sum())
    if not months or int(pl.concat([before, after])["responses"].sum()) > most or not found.names_all(before):
        return []
    only = changed_people(found.lake, before, after, found.columns)
    return [_stored(found.lake, made.sums, found.names), found.of(now, months, only, less=then)]


def _near(builds: pl.DataFrame, wanted: Collection[date]) -> pl.DataFrame:
    """Those of the months wanted and the eleven before each."""
    numbers = [month_number(month) for month in wanted]
    return builds.filter(
        [any(0 <= number - month_number(month) < LONGEST for number in numbers) for month in builds["month"]]
    )


def _stored(lake: Lake, builds: pl.DataFrame, names: Names) -> pl.DataFrame:
    """The sums that were kept by these builds, under the names that are shown now."""
    files = lake.files_of("repeats", loads_of(builds))
    if not files:
        return pl.DataFrame(schema=stored_types(Repeat))
    found = scan("repeats", files).join(loads_of(builds).lazy(), on=["load_id", "month"], how="semi")
    return _renamed(found.select(Repeat.column_names()).collect(), names)


def _renamed(rows: pl.DataFrame, names: Names) -> pl.DataFrame:
    """The sums under the names that are shown now: others may have had most answers when they were made."""
    shown = {(attribute, spelling): label for attribute, spelling, label in names.spelling.iter_rows()}
    found = []
    for mart in names.marts:
        of_mart = rows.filter(pl.col("mart") == mart.name)
        for name, column in zip(mart.groups, ("member", "second"), strict=False):
            if name in {*TYPED, *names.apart} - {*KEYS}:
                labels = {each: _label(name, each, shown) for each in of_mart.get_column(column).unique()}
                of_mart = of_mart.with_columns(pl.col(column).replace(labels))
        found.append(of_mart)
    return pl.concat(found)


def _label(name: str, member: str, shown: Mapping[tuple[str, str], str]) -> str:
    if (name, member) in shown:
        return shown[name, member]
    # Nobody spells it so any more.
    same = key(member)
    return next((label for (of, each), label in shown.items() if of == name and key(each) == same), member)


def _records(load_id: str, rows: pl.DataFrame, inputs: Mapping[date, str], now: datetime) -> pl.DataFrame:
    counts = dict(rows.group_by("month").len().iter_rows())
    told = [
        ("people", month, load_id, digest_, counts.get(month, 0), 0, 0, now, None) for month, digest_ in inputs.items()
    ]
    return pl.DataFrame(told, schema=types(BuildRecord), orient="row")
