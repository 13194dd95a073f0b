"""Sums over pairs of answers of one person, made from the answers of some months and the eleven before each.

Here: reading answers of people, the names of groups. Not here: which months are summed, and where that is kept (`people`),
what is summed of two answers (`transforms.answers.people`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
import polars as pl

from transforms.answers.numbers import Marks, Numbers
from transforms.answers.people import Answers, Groups, OneAnswer, alike, pairs
from transforms.dates.periods import month_at, month_number
from transforms.dimensions import CARRIED, OWN, column_of
from transforms.tables import Repeat, stored_types
from warehouse.lake.ledgers import loads_of
from warehouse.lake.parquet import scan
from warehouse.lake.store import Lake
from warehouse.marts import Mart
from warehouse.months.shown import Names, are_named, shown_cells

#: About so many answers are looked at together, which bounds memory: those of some of all people, a part for each thread.
ANSWERS_AT_ONCE: Final = 4_000_000
THREADS: Final = 2
#: So many bits of their numbers tell which part people are in.
_BITS: Final = (1 << 16) - 1
#: Where the months wanted hold a smaller part of the answers than this.
_FEW: Final = 0.5
#: So many answers of the same people are expected for each of theirs in those months.
_FOUND: Final = 6
_SCORE_OF: Final = {"promoter": 1, "passive": 0, "detractor": -1}
#: What sums are of.
BY: Final = ["mart", "member", "second", "earlier", "month"]
SUMS: Final = [name for name in Repeat.column_names() if name not in BY]


class Pairs:
    """Sums over pairs of answers of a lake, under names."""

    def __init__(self, lake: Lake, names: Names, one: OneAnswer) -> None:
        """Nothing is read yet."""
        self.lake, self.names, self._one = lake, names, one

    @property
    def columns(self) -> list[str]:
        """What sums are made of, of cells."""
        return [*dict.fromkeys(("category", *CARRIED, *map(column_of, self.names.apart)))]

    def names_all(self, builds: pl.DataFrame) -> bool:
        """Whether all that these builds call anything is named now: else it was named otherwise when they counted."""
        return are_named(_cells(self.lake, builds, self.columns).collect(), self.names)

    def of(
        self,
        builds: pl.DataFrame,
        wanted: Collection[date],
        only: Numbers | None = None,
        less: pl.DataFrame | None = None,
    ) -> pl.DataFrame:
        """The sums of the months wanted, as `Repeat`; `builds` are those of responses of these and the months before them.

        They are of all people, or of those alone whose numbers are given, in their order. From them are taken, where given,
        the sums that other builds had, or have: what both share is read once.
        """
        looked_at = _signed(builds, less)
        if looked_at.is_empty():
            return pl.DataFrame(schema=stored_types(Repeat))
        numbers = {month_number(month) for month in wanted}
        first, last = (month_number(looked_at.get_column("month")[at]) for at in (0, -1))
        is_wanted = np.array([number in numbers for number in range(first, last + 1)])
        people = _People([*self._builds(looked_at)], is_wanted, only)
        of_builds = _cells(self.lake, looked_at, self.columns).join(looked_at.select("at", *_BUILD).lazy(), on=_BUILD)
        cells = _Cells.of(shown_cells(people.those_of(of_builds).collect(), self.names), self.names)
        grouped = alike(cells.groups)

        def summed_up(part: _Signed) -> pl.DataFrame:
            found = pairs(part.answers, cells.balance, is_wanted, grouped, self._one)
            return found if part.sign > 0 else found.with_columns(-pl.col(SUMS))

        found: list[pl.DataFrame] = []
        with ThreadPoolExecutor(THREADS) as threads:
            summing: Iterator[pl.DataFrame] = iter(())
            for parts in people.parts(cells.firsts, first):
                # While some are summed up the next ones are read.
                found += summing
                summing = threads.map(summed_up, parts)
            found += summing
        if not found:
            return pl.DataFrame(schema=stored_types(Repeat))
        summed = pl.concat(found).group_by(BY).agg(pl.all().sum())
        named = pl.Series([month_at(number) for number in range(first, last + 1)], dtype=pl.Date)
        told = [named.gather(summed[each].cast(pl.Int64)).alias(each) for each in ("month", "earlier")]
        return summed.with_columns(told).select(Repeat.column_names())

    def _builds(self, builds: pl.DataFrame) -> Iterator[_Build]:
        """They, from month to month."""
        files: dict[Path, list[str]] = {}
        for file in self.lake.files_of("responses", loads_of(builds)):
            files.setdefault(Path(file).parent, []).append(file)
        first = month_number(builds.get_column("month")[0])
        for at, month, load_id, answers, signs in builds.select("at", *_BUILD, "responses", "signs").iter_rows():
            folder = self.lake.folder_of("responses", load_id=load_id, month=f"{month}")
            yield _Build(at, month_number(month) - first, answers, signs, files.get(folder, []))


#: What tells a build of a month.
_BUILD: Final = ["month", "load_id"]
#: What tells a cell of all builds, which are numbered `at`.
_PLACE: Final = pl.Schema({"cell": pl.Int32(), "at": pl.UInt32()})


class _Build(NamedTuple):
    """Where the answers of a build are."""

    at: int
    month: int
    answers: int
    signs: Sequence[int]
    files: Sequence[str]


class _Signed(NamedTuple):
    """Answers whose sums are added, or with -1 taken away."""

    sign: int
    answers: Answers


class _People:
    """Answers of people in some builds, of all or of those alone whose numbers are given, read in parts that fit."""

    def __init__(self, builds: Sequence[_Build], is_wanted: Numbers, only: Numbers | None) -> None:
        self._builds, self._only = builds, only
        asked = len(only) if only is not None else sum(build.answers for build in builds if is_wanted[build.month])
        total = sum(build.answers for build in builds)
        self._marks = None
        if only is not None or asked < _FEW * total:
            all_wanted = (people_in(build.files)[0] for build in builds if is_wanted[build.month])
            self._marks = Marks.of(asked, all_wanted if only is None else [only])
        self._times = 1 + (total if self._marks is None else min(total, _FOUND * asked)) // ANSWERS_AT_ONCE
        self._few = [*self._read()] if only is not None and self._times == 1 else None

    def those_of(self, cells: pl.LazyFrame) -> pl.LazyFrame:
        """The cells, `at` and `cell`, that answers of people are in, where these are few; else all."""
        if self._few is None:
            return cells
        held = [pl.DataFrame({"cell": np.unique(cell)}).with_columns(at=build.at) for build, _, cell in self._few]
        few = pl.concat([pl.DataFrame(schema=_PLACE), *(each.cast(_PLACE) for each in held)])
        return cells.join(few.lazy(), on=[*_PLACE], how="semi")

    def parts(self, firsts: Mapping[int, int], first: int) -> Iterator[list[_Signed]]:
        """Answers, some after others, in parts: those of a person stand in one part.

        `firsts` says by builds what is added to the number of a cell; `first` is the number of the first month.
        """
        for time in range(self._times):
            found: dict[tuple[int, int], list[tuple[Numbers, ...]]] = {}
            for build, person, cell in self._read() if self._few is None else self._few:
                # A division would take three times as long.
                of_person = ((person >> 32 & _BITS) * (self._times * THREADS) >> _BITS.bit_length()) - time * THREADS
                for part in range(THREADS):
                    here = np.flatnonzero(of_person == part)
                    month = np.full(len(here), build.month, np.int32)
                    read = (person[here], month, cell[here] + np.int32(firsts[build.at]))
                    for sign in build.signs:
                        found.setdefault((part, sign), []).append(read)
            if found:
                yield [_Signed(sign, _part(told, first)) for (_, sign), told in found.items()]

    def _read(self) -> Iterator[tuple[_Build, Numbers, Numbers]]:
        """Of each build that has any the people who gave its answers, and the cells that these are in."""
        for build in self._builds:
            person, cell = people_in(build.files)
            if self._marks is not None:
                near = self._marks.places(person, self._only)
                person, cell = person[near], cell[near]
            if len(person):
                yield build, person, cell


def _signed(builds: pl.DataFrame, less: pl.DataFrame | None) -> pl.DataFrame:
    """Builds, each once and by their month, with their place `at` and `signs`: 1 of those of the first, -1 of the others."""
    sides = [(1, builds), *([] if less is None else [(-1, less)])]
    every = pl.concat([side.select(*_BUILD, "responses", signs=pl.lit(sign)) for sign, side in sides])
    found = every.group_by(_BUILD).agg(pl.col("responses").first(), "signs").sort(_BUILD)
    return found.with_row_index("at")


class _Cells:
    """The cells of some builds: what answers in them say, and which groups they are of."""

    def __init__(self, firsts: Mapping[int, int], balance: Numbers, groups: list[Groups]) -> None:
        self.firsts = firsts
        """Of each build, by its `at`, what is added to the number of a cell for its place among those of all."""
        self.balance = balance
        self.groups = groups

    @classmethod
    def of(cls, cells: pl.DataFrame, names: Names) -> _Cells:
        """Group them."""
        firsts, total = {}, 0
        # Months that were built together count their cells on from one month to the next.
        ends = cells.group_by("at").agg(first=pl.col("cell").min(), last=pl.col("cell").max()).sort("at")
        for at, first, last in ends.iter_rows():
            firsts[at], total = total - first, total + last - first + 1
        start = pl.col("at").replace_strict(firsts, default=0, return_dtype=pl.Int64)
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


def _cells(lake: Lake, builds: pl.DataFrame, columns: Sequence[str]) -> pl.LazyFrame:
    """The cells of clients' answers."""
    found = scan("cells", lake.files_of("cells", loads_of(builds))).filter(pl.col("metric") == "nps")
    return found.select(*_BUILD, "cell", *columns)


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


def _part(told: Sequence[tuple[Numbers, ...]], first: int) -> Answers:
    person, month, cell = (np.concatenate(of_months) for of_months in zip(*told, strict=True))
    return Answers(person, month, cell, first)


def people_in(files: Sequence[str]) -> tuple[Numbers, Numbers]:
    """The people who gave the answers of a month, and the cells that these are in."""
    if not files:
        return np.zeros(0, np.int64), np.zeros(0, np.int32)
    rows = pl.read_parquet(list(files), columns=["person", "cell"], glob=False).drop_nulls()
    return rows["person"].to_numpy(), rows["cell"].to_numpy()
