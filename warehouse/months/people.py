"""People in what is published: the sums over pairs of answers of one person, kept by month, of which all of it is made.

Here: which months are to be summed anew, reading answers of people, the names of groups. Not here: what is summed
(`transforms.answers.people`), what follows from it (`models/scores/measured.sql`).

A month is summed with the eleven before it, since no period is longer than a year: so one more month costs the same
whatever came before. Nothing waits for this but publishing, which does it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final

import numpy as np
import polars as pl

from transforms.answers.numbers import Numbers
from transforms.answers.people import LONGEST, Answers, Groups, OneAnswer, pairs
from transforms.dimensions import ABSENT, CARRIED, FURTHER, KEYS, OWN, TYPED, UNKNOWN, column_of
from transforms.tables import BuildRecord, Repeat, stored_types, types
from transforms.texts.spelling import key
from warehouse.lake.ledgers import PEOPLE_VERSION, current_builds, digest, loads_of
from warehouse.lake.store import Lake, new_load_id, scan
from warehouse.marts import Mart, scores
from warehouse.months.plan import Plan

#: About so many answers are looked at together, which bounds memory: those of some of all people, a part for each thread.
ANSWERS_AT_ONCE: Final = 4_000_000
THREADS: Final = 2
#: People of few months are found among all by the last bits of their numbers, nearly all others left out.
_MARKED: Final = 1 << 24
#: So many bits of their numbers tell which part people are in.
_BITS: Final = (1 << 16) - 1
#: Where the months wanted hold a smaller part of the answers than this.
_FEW: Final = 0.5
#: So many answers of the same people are expected for each of theirs in those months.
_FOUND: Final = 6
_SCORE_OF: Final = {"promoter": 1, "passive": 0, "detractor": -1}


_TODAY: Final = {"month": pl.Date, "branch": pl.String, "branch_now": pl.String, "region_now": pl.String}


@dataclass(frozen=True)
class Names:
    """How groups are named, and which programmes are the headline's."""

    spelling: pl.DataFrame
    """`attribute, spelling, shown_as`."""
    headline: Sequence[str]
    apart: Sequence[str] = ()
    """The dimensions that facts leave out, and answers have."""
    codes: Mapping[str, str] = field(default_factory=dict)
    """What those who serve are shown by, by their pseudonyms."""
    today: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=_TODAY))
    """`month, branch, branch_now, region_now`: what the branches of the answers of a month are today."""

    @property
    def marts(self) -> list[Mart]:
        """The marts that tell of people."""
        return [mart for mart in scores(self.apart) if mart.metric == "nps"]


def repeats(lake: Lake, plan: Plan, names: Names, one: OneAnswer, now: datetime) -> pl.DataFrame:
    """The sums of all months that count, as `Repeat`, under the names that are shown; what is not up to date is built."""
    months = _months(lake, plan)
    told = names.today.sort(pl.all()).partition_by("month", as_dict=True)
    today = {month: digest(*told[(month,)].drop("month").rows()) for month in months if (month,) in told}
    inputs = {month: _inputs(plan, names, today, month) for month in months}
    current = _current(lake)
    built = dict(current.select("month", "inputs").iter_rows())
    stale = [month for month in months if built.get(month) != inputs[month]]
    if stale:
        load_id, rows = _build(lake, plan, names, stale, one)
        lake.append("builds", _records(load_id, rows, {month: inputs[month] for month in stale}, now))
        current = _current(lake)
    counting = current.filter(pl.col("month").is_in(months))
    files = lake.files_of("repeats", loads_of(counting))
    if not files:
        return pl.DataFrame(schema=stored_types(Repeat))
    found = scan("repeats", files).join(loads_of(counting).lazy(), on=["load_id", "month"], how="semi")
    return _renamed(found.select(Repeat.column_names()).collect(), names)


def _months(lake: Lake, plan: Plan) -> list[date]:
    """The months of which any response is known."""
    return plan.counting(current_builds(lake, "responses")).get_column("month").to_list()


def _current(lake: Lake) -> pl.DataFrame:
    """The builds of people whose load is there."""
    loads = lake.pieces("repeats").select(pl.col("load_id").unique())
    return current_builds(lake, "people").join(loads, on="load_id", how="semi")


def _inputs(plan: Plan, names: Names, today: Mapping[date, str], month: date) -> str:
    """Digest of everything that the sums of a month are made from."""
    number = _number(month)
    responses = [
        (each, inputs, today.get(each)) for each, inputs in plan.inputs.items() if 0 <= number - _number(each) < LONGEST
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


def _build(lake: Lake, plan: Plan, names: Names, wanted: Sequence[date], one: OneAnswer) -> tuple[str, pl.DataFrame]:
    """Sum the months anew into a load, which does not count yet."""
    builds = plan.counting(current_builds(lake, "responses"))
    numbers = [_number(month) for month in wanted]
    near = [any(0 <= number - _number(month) < LONGEST for number in numbers) for month in builds["month"]]
    rows = _summed(lake, builds.filter(near), names, {*numbers}, one).select(Repeat.column_names())
    load_id = new_load_id()
    folder = lake.begin("repeats", load_id=load_id)
    rows.write_parquet(folder / "part-0.parquet", compression="lz4")
    lake.commit("repeats", [folder])
    return load_id, rows


def _summed(lake: Lake, builds: pl.DataFrame, names: Names, wanted: set[int], one: OneAnswer) -> pl.DataFrame:
    months = builds.get_column("month").to_list()
    first = _number(months[0])
    is_wanted = np.array([number in wanted for number in range(first, _number(months[-1]) + 1)])
    cells = _Cells.of(lake, builds, names)
    found: list[pl.DataFrame] = []
    with ThreadPoolExecutor(THREADS) as threads:
        summing: Iterator[pl.DataFrame] = iter(())
        for parts in _answers(lake, builds, cells.firsts, is_wanted, first):
            # While some are summed up the next ones are read.
            found += summing
            summing = threads.map(lambda part: pairs(part, cells.balance, is_wanted, cells.groups, one), parts)
        found += summing
    by = ["mart", "member", "second", "earlier", "month"]
    summed = pl.concat(found).group_by(by).agg(pl.all().sum()) if found else pl.DataFrame(schema=types(Repeat))
    dates = pl.DataFrame({"number": range(first, first + len(is_wanted))}, schema={"number": pl.Int64})
    named = dates.with_columns(date=pl.date(pl.col("number") // 12, pl.col("number") % 12 + 1, 1)).get_column("date")
    told = [named.gather(summed[each].cast(pl.Int64)).alias(each) for each in ("month", "earlier")] if found else []
    return summed.with_columns(told).sort(by)


class _Cells:
    """The cells of some months: what answers in them say, and which groups they are of."""

    def __init__(self, firsts: Mapping[date, int], balance: Numbers, groups: list[Groups]) -> None:
        self.firsts = firsts
        """Of each month the place of its first cell among those of all."""
        self.balance = balance
        self.groups = groups

    @classmethod
    def of(cls, lake: Lake, builds: pl.DataFrame, names: Names) -> _Cells:
        """Read them."""
        files = lake.files_of("cells", loads_of(builds))
        columns = dict.fromkeys((*CARRIED, *map(column_of, names.apart)))
        read = scan("cells", files).filter(pl.col("metric") == "nps").select("month", "cell", "category", *columns)
        cells = shown_cells(read.collect(), names)
        firsts, total = {}, 0
        for month, last in cells.group_by("month").agg(pl.col("cell").max()).sort("month").iter_rows():
            firsts[month], total = total, total + last + 1
        start = pl.col("month").replace_strict(firsts, default=0, return_dtype=pl.Int64)
        places = cells.select(start + pl.col("cell")).to_series().to_numpy()
        balance = np.zeros(total, np.int32)
        balance[places] = cells.get_column("category").replace_strict(_SCORE_OF, return_dtype=pl.Int32).to_numpy()
        codes = {
            name: _coded(cells.get_column(name)) for name in {name for mart in names.marts for name in mart.told_by}
        }
        groups = []
        for mart in names.marts:
            of_cells, held = np.full(total, -1, np.int64), _held(mart, cells, names)
            of_cells[places[held]], members = _grouped([codes[name] for name in mart.told_by], held)
            groups.append(Groups(mart.name, of_cells, members))
        return cls(firsts, balance, groups)


_Codes = tuple[pl.Series, Numbers]


def _coded(texts: pl.Series) -> _Codes:
    """The different texts in their order, and the place among them of each."""
    different = texts.unique().sort()
    return different, texts.cast(pl.Enum(different)).to_physical().to_numpy()


def _held(mart: Mart, cells: pl.DataFrame, names: Names) -> Numbers:
    """The places of the cells that a mart holds."""
    is_held = pl.lit(value=True)
    if mart.is_of_own_brand:
        is_held &= pl.col("brand") == OWN
    if mart.is_of_headline and names.headline:
        is_held &= pl.col("programme").is_in(list(names.headline))
    return np.flatnonzero(cells.with_columns(is_held=is_held).get_column("is_held").to_numpy())


def _grouped(by: Sequence[_Codes], held: Numbers) -> tuple[Numbers, pl.DataFrame]:
    """The number of the group of each cell at a place that is `held`, and the names of the groups in their order."""
    group = np.zeros(len(held), np.int64)
    for texts, codes in by:
        group = group * len(texts) + codes[held]
    _, first, number = np.unique(group, return_index=True, return_inverse=True)
    named = [texts.gather(codes[held[first]]) for texts, codes in by]
    nobody = pl.repeat(None, len(first), dtype=pl.String, eager=True)
    member, second, *_ = [*named, nobody, nobody]
    return number, pl.DataFrame({"member": member, "second": second})


def shown_cells(cells: pl.DataFrame, names: Names) -> pl.DataFrame:
    """Cells with the names that are shown."""
    said = [name for name in names.apart if column_of(name) in cells.columns]
    further = [name for name in said if column_of(name) == FURTHER]
    cells = cells.with_columns(pl.col(FURTHER).str.json_path_match(f"$.{name}").alias(name) for name in further)
    keyed = [name for name in said if name in KEYS]
    cells = cells.with_columns(
        pl.col(column_of(name)).replace_strict(names.codes, default=None).alias(name) for name in keyed
    )
    named = (*CARRIED, *said)
    other = names.spelling.filter(pl.col("spelling") != pl.col("shown_as"))
    by_name = {str(name): rows for (name,), rows in other.partition_by("attribute", as_dict=True).items()}
    shown = [
        pl.col(name).replace(by_name[name]["spelling"], by_name[name]["shown_as"]) if name in by_name else pl.col(name)
        for name in named
    ]
    cells = cells.with_columns(
        each.fill_null(ABSENT.get(name, UNKNOWN)) for name, each in zip(named, shown, strict=True)
    )
    today = names.today.drop("month").unique()
    return cells.with_columns(
        branch_now=pl.col("branch").replace(today["branch"], today["branch_now"]),
        region_now=pl.col("branch").replace_strict(today["branch"], today["region_now"], default=UNKNOWN),
    )


def _answers(
    lake: Lake, builds: pl.DataFrame, firsts: Mapping[date, int], is_wanted: Numbers, first: int
) -> Iterator[list[Answers]]:
    """Answers of people, some after others, in parts: those of a person stand in one part."""
    answers = dict(builds.select("month", "responses").iter_rows())
    months = {month: _number(month) - first for month in answers if month in firsts}
    files = {month: lake.files_of("responses", loads_of(builds.filter(pl.col("month") == month))) for month in months}
    wanted = [month for month, number in months.items() if is_wanted[number]]
    asked, total = (sum(answers[month] for month in several) for several in (wanted, months))
    marks = None
    if asked < _FEW * total:
        marks = np.zeros(_MARKED, np.bool_)
        for month in wanted:
            marks[_people(files[month])[0] & (_MARKED - 1)] = True
    times = 1 + (total if marks is None else min(total, _FOUND * asked)) // ANSWERS_AT_ONCE
    for time in range(times):
        found: list[list[tuple[Numbers, Numbers, Numbers]]] = [[] for _ in range(THREADS)]
        for month, number in months.items():
            person, cell = _people(files[month])
            # A division would take three times as long.
            of_person = ((person >> 32 & _BITS) * (times * THREADS) >> _BITS.bit_length()) - time * THREADS
            if marks is not None:
                of_person[~marks[person & (_MARKED - 1)]] = -1
            for part, told in enumerate(found):
                here = np.flatnonzero(of_person == part)
                told.append((person[here], np.full(len(here), number, np.int32), cell[here] + np.int32(firsts[month])))
        if months:
            yield [_part(told, first) for told in found]


def _part(told: Sequence[tuple[Numbers, Numbers, Numbers]], first: int) -> Answers:
    person, month, cell = (np.concatenate(of_months) for of_months in zip(*told, strict=True))
    return Answers(person, month, cell, first)


def _people(files: Sequence[str]) -> tuple[Numbers, Numbers]:
    """The people who gave the answers of a month, and the cells that these are in."""
    if not files:
        return np.zeros(0, np.int64), np.zeros(0, np.int32)
    rows = pl.read_parquet(list(files), columns=["person", "cell"], glob=False).drop_nulls()
    return rows["person"].to_numpy(), rows["cell"].to_numpy()


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


def _number(month: date) -> int:
    return month.year * 12 + month.month - 1
