"""Reading attempts to ask somebody: month by month, with answers that stand elsewhere, and those that came too soon.

Here: which loads are read, and how much of them at once. Not here: which attempts count, or what is counted of them
(`transforms.asking.contacts`), which months are to be counted (`contacts`).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from functools import cached_property, partial
from typing import Final, TypeVar

import polars as pl

from transforms.answers.responses import replaced_snapshots
from transforms.asking.answered import ANSWERED_WITHIN, PLACE, Elsewhere, answered, with_answers
from transforms.asking.contacts import QUESTION, Fatigue, invitations, settled, tired
from transforms.contact_status import UNDATED
from transforms.dates.periods import month_after
from warehouse.lake.ledgers import current_builds, loads_of
from warehouse.lake.loads import month_of_piece
from warehouse.lake.parquet import scan
from warehouse.lake.store import Lake
from warehouse.months.plan import Plan
from warehouse.months.responses import THREADS
from warehouse.months.retold import retold

#: People are looked at in parts of about so many attempts.
AT_ONCE: Final = 1_000_000
#: Months are matched with answers in stretches of about so many attempts, two at once; of each a few numbers are kept.
MATCHED_AT_ONCE: Final = 6_000_000

_READ: Final = tuple(
    pl.col(name)
    for name in (
        "source_row", "status", "is_of_answer", "survey", "wave", "programme", "brand", "branch", "channel",
        "respondent_key", "account_key", "attempted_at", "month", "answered_at", "category", "gives_reason",
    )
)  # fmt: skip
#: Who it was, as a number; NULL where nobody knows.
_PERSON: Final = pl.when(pl.col("respondent_key").is_not_null()).then(pl.col("respondent_key").hash()).alias("person")
#: What of attempts is held against answers.
_MATCHED: Final = (
    "source_row", "status", "survey", "month", _PERSON, QUESTION, pl.col("attempted_at").alias("at"),
    (pl.col("reminder_no") > 0).fill_null(value=False).alias("is_reminder"),
)  # fmt: skip
#: By what attempts are known that stand in several files: a number, or NULL where all of these are known already.
_ID: Final = pl.when(pl.col("contact_id").is_not_null()).then(pl.col("contact_id").hash()).alias("contact_id")
_KNOWN: Final = pl.lit(None, pl.UInt64).alias("contact_id")

T = TypeVar("T")


class Attempts:
    """The attempts in files that count."""

    def __init__(
        self,
        lake: Lake,
        plan: Plan,
        files: pl.DataFrame,
        answered_in: Mapping[str, Elsewhere],
        named: Collection[str],
    ) -> None:
        """`files` have a position; `answered_in` says of a source in which other one the answers stand.

        `named` are the sources that give attempts ids, by which `told_again` of them is found: attempts of which a newer
        file, or a later row, tells otherwise.
        """
        self._lake, self._plan, self._answered_in, self._named = lake, plan, answered_in, frozenset(named)
        self.told_again = retold(lake, files, named)
        # Texts that repeat in every row of a file are codes.
        self._loads = files.get_column("load_id").to_list()
        codes = {name: pl.Enum(files.get_column(name).unique()) for name in ("source", "file_digest")}
        self._told = files.select("position", "source", "file_digest", "metric").cast(pl.Schema(codes))
        self._files = files
        at = pl.col("position").cast(files.schema["position"])
        self._told_again = self.told_again.select(at, "source_row", is_told_again=True)

    def by_month(self, months: Sequence[date], use: Callable[[date, pl.DataFrame], T]) -> Iterator[T]:
        """What `use` makes of those of each month, settled, with the answers that stand elsewhere; of two months at once."""
        with ThreadPoolExecutor(THREADS) as threads:
            for stretch, found in _some_ahead(self._matched, self._stretches(months)):
                yield from threads.map(partial(self._used, use, found), stretch)

    def _used(self, use: Callable[[date, pl.DataFrame], T], found: Mapping[date, pl.DataFrame], month: date) -> T:
        is_apart = pl.col("source").is_in([*self._answered_in])
        here, apart = self._files.filter(~is_apart), self._files.filter(is_apart)
        rows = self._settled(here, [month], _READ)
        untold = {name: pl.lit(None, pl.Int64) for name in ("answers", "asked_after")}
        rows = rows.with_columns(is_matched=pl.lit(None, pl.Boolean), **untold)
        if month in found:
            of_answers = with_answers(self._rows(apart, [month], _READ), found[month])
            rows = pl.concat([rows, of_answers.select(rows.columns)])
        return use(month, rows)

    def tired(self, months: Sequence[date], fatigue: Fatigue) -> pl.DataFrame:
        """The invitations of the months that came too soon or too often after others."""
        of_clients = self._files.filter(pl.col("metric") == "nps").select("load_id")
        read = sorted({each for month in months for each in year_before(month)} - {UNDATED})
        rows = invitations(self._counting(scan("contacts", self._lake.files_of("contacts", of_clients, read))))
        parts = 1 + self._rows_of(read) // AT_ONCE
        found = []
        for part in range(parts):
            of_part = rows.filter(pl.col("person") % parts == part) if parts > 1 else rows
            told = tired(of_part.collect(engine="streaming"), fatigue)
            found.append(
                told.filter(pl.col("month").is_in(list(months)), pl.col("is_too_soon") | pl.col("is_too_often"))
            )
        return pl.concat(found)

    def _matched(self, months: Sequence[date]) -> dict[date, pl.DataFrame]:
        """What answers in other files tell of attempts of months, by month."""
        told = [self._answered(source, months).filter(pl.col("month").is_in(months)) for source in self._answered_in]
        found = pl.concat(told).partition_by("month", as_dict=True) if told else {}
        return {month: rows for (month,), rows in found.items()}

    def _answered(self, source: str, months: Sequence[date]) -> pl.DataFrame:
        """What is found out of the attempts of months of a source whose answers stand in another one, as `ANSWERED`."""
        files = self._files.filter(pl.col("source") == source)
        read = sorted({each for month in months for each in window(month)})
        elsewhere = self._answered_in[source]
        return answered(
            self._settled(files, read, _MATCHED).with_columns(PLACE),
            self._answers(elsewhere.source, read),
            elsewhere.zones,
        )

    def _answers(self, source: str, months: Sequence[date]) -> pl.DataFrame:
        """The answers of a source, each as its newest version has it: `person, at, score, place`."""
        files = self._plan.files.filter(pl.col("source") == source)
        loads = files.get_column("load_id").to_list()
        paths = self._lake.files_of("staged", files.select("load_id"), months)
        rows = scan("staged", paths, loads).filter(pl.col("month").is_in(months))
        position = files.get_column("position").cast(pl.Int64)
        found = rows.select("load_id", "source_row", _PERSON, "score", at="responded_at").collect(engine="streaming")
        placed = found.with_columns(position=position[found["load_id"].to_physical()])
        latest = placed.join(self._outdated(files, months), on=["position", "source_row"], how="anti")
        return latest.select("person", "at", "score", PLACE)

    def _outdated(self, files: pl.DataFrame, months: Sequence[date]) -> pl.DataFrame:
        """The answers in files of which newer ones have another version, or none: `position, source_row`."""
        builds = self._plan.counting(current_builds(self._lake, "responses")).filter(pl.col("month").is_in(months))
        paths = self._lake.files_of("superseded", loads_of(builds))
        if not paths:
            return pl.DataFrame(schema={"position": pl.Int64, "source_row": pl.Int64})
        lost = scan("superseded", paths).filter(pl.col("rule").cast(pl.String) != "answered_again")
        placed = files.select("source", "file_digest", pl.col("position").cast(pl.Int64)).lazy()
        return lost.join(placed, on=["source", "file_digest"]).select("position", "source_row").collect()

    def _settled(self, files: pl.DataFrame, months: Sequence[date], columns: Sequence[pl.Expr | str]) -> pl.DataFrame:
        # Of older snapshots some surveys count, and nobody has looked at their attempts.
        looked_at = files.filter(pl.col("metric") == "nps", pl.col("delivery") != "snapshot").get_column("source")
        known = files.height == len(looked_at) and self._named.issuperset(looked_at)
        rows = self._rows(files, months, (*columns, _KNOWN if known else _ID))
        return settled(self._marked(rows.lazy()).collect()).drop("contact_id")

    def _marked(self, rows: pl.LazyFrame) -> pl.LazyFrame:
        """Rows with a position, and whether a newer snapshot holds their survey, or another row the attempt."""
        is_replaced = pl.lit(value=False)
        told = rows
        if not self._replaced.is_empty():
            told = told.join(self._replaced.lazy(), on=["position", "survey"], how="left", maintain_order="left")
            is_replaced |= pl.col("is_replaced").fill_null(value=False)
        if not self._told_again.is_empty():
            by = ["position", "source_row"]
            told = told.join(self._told_again.lazy(), on=by, how="left", maintain_order="left")
            is_replaced |= pl.col("is_told_again").fill_null(value=False)
        return told.select(*rows.collect_schema().names(), is_replaced=is_replaced)

    def _counting(self, rows: pl.LazyFrame) -> pl.LazyFrame:
        """Rows of loads, but for those that are told of otherwise elsewhere."""
        if self._replaced.is_empty() and self._told_again.is_empty():
            return rows
        placed = rows.join(self._files.select("load_id", "position").lazy(), on="load_id")
        return self._marked(placed).filter(~pl.col("is_replaced"))

    @cached_property
    def _replaced(self) -> pl.DataFrame:
        """The surveys of older snapshots that a newer one of them holds: `position, survey, is_replaced`."""
        snapshots = self._files.filter(pl.col("delivery") == "snapshot")
        if snapshots.height < 2:  # noqa: PLR2004 - one follows on no other
            return pl.DataFrame(schema={"position": pl.Int64, "survey": pl.String, "is_replaced": pl.Boolean})
        surveys = self._rows(snapshots, None, ["survey"]).group_by("position").agg(surveys=pl.col("survey").unique())
        found = replaced_snapshots(snapshots.drop("surveys").join(surveys, on="position"))
        return found.select("position", "survey", is_replaced=True)

    def _rows(
        self, files: pl.DataFrame, months: Sequence[date] | None, columns: Sequence[pl.Expr | str]
    ) -> pl.DataFrame:
        """Attempts in files, with the position, source, digest and metric of theirs."""
        paths = self._lake.files_of("contacts", files.select("load_id"), months)
        rows = scan("contacts", paths, self._loads).select("load_id", *columns).collect(engine="streaming")
        return rows.drop("load_id").hstack(self._told[rows["load_id"].to_physical()].get_columns())

    def _rows_of(self, months: Sequence[date]) -> int:
        kept = self._lake.pieces("contacts").join(self._files, on="load_id", how="semi")
        return int(kept.filter(month_of_piece().is_in(list(months))).get_column("rows").sum())

    def _stretches(self, months: Sequence[date]) -> list[list[date]]:
        """The months in stretches that are read together, where attempts are matched with answers of months after them."""
        if not self._answered_in:
            return [[month] for month in months]
        found: list[list[date]] = [[]]
        room = MATCHED_AT_ONCE
        for month in sorted(months):
            rows = self._rows_of([month])
            if found[-1] and rows > room:
                found.append([])
                room = MATCHED_AT_ONCE
            found[-1].append(month)
            room -= rows
        return found


def _some_ahead(
    work: Callable[[Sequence[date]], T], stretches: Sequence[Sequence[date]]
) -> Iterator[tuple[Sequence[date], T]]:
    """Stretches with what work finds of each; while some are used, the next ones are worked on."""
    with ThreadPoolExecutor(THREADS) as apart:
        coming = [apart.submit(work, stretch) for stretch in stretches[:THREADS]]
        for number, stretch in enumerate(stretches):
            found = coming.pop(0).result()
            coming += [apart.submit(work, following) for following in stretches[number + THREADS :][:1]]
            yield stretch, found


def year_before(month: date) -> list[date]:
    """A month and the twelve before it."""
    numbers = (divmod(month.year * 12 + month.month - 1 - ago, 12) for ago in range(13))
    return [date(year, number + 1, 1) for year, number in numbers]


def window(month: date) -> list[date]:
    """The months in which contacts of a month may be answered."""
    months, last = [month], month_after(month) + ANSWERED_WITHIN
    while (following := month_after(months[-1])) <= last:
        months.append(following)
    return months
