"""Reading attempts to ask somebody: month by month, with answers that stand elsewhere, and those that came too soon.

Here: which loads are read, and how much of them at once. Not here: which attempts count, or what is counted of them
(`transforms.contacts`), which months are to be counted (`contacts`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Final

import polars as pl

from transforms.contact_status import UNDATED
from transforms.contacts import ANSWERED_WITHIN, Fatigue, invitations, settled, tired, with_answers
from transforms.responses import replaced_snapshots
from warehouse.lake import Lake, month_of_piece, scan
from warehouse.plan import Plan

#: Months are matched with answers in stretches of about so many attempts, and people looked at in parts of so many.
AT_ONCE: Final = 1_000_000

_READ: Final = (
    "source_row", "contact_id", "status", "is_of_answer", "survey", "wave", "programme", "brand", "branch", "channel",
    "respondent_key", "account_key", "attempted_at", "month", "answered_at", "category", "gives_reason",
)  # fmt: skip
#: Answers come in the month of a contact or so many later ones.
_MONTHS_TO_ANSWER: Final = ANSWERED_WITHIN.days // 28


class Attempts:
    """The attempts in files that count."""

    def __init__(self, lake: Lake, plan: Plan, files: pl.DataFrame, answered_in: Mapping[str, str]) -> None:
        """`files` have a position; `answered_in` says of a source in which other one the answers stand."""
        self._lake, self._plan, self._files, self._answered_in = lake, plan, files, answered_in
        self._replaced = self._surveys_replaced()

    def by_month(self, months: Sequence[date]) -> Iterator[tuple[date, pl.DataFrame]]:
        """Those of each month, settled, with the answers that stand elsewhere."""
        is_apart = pl.col("source").is_in([*self._answered_in])
        here = self._files.filter(~is_apart)
        for stretch in self._stretches(months):
            apart = [self._answered(source, stretch) for source in self._answered_in]
            for month in stretch:
                rows = self._settled(here, [month]).with_columns(is_matched=pl.lit(None, pl.Boolean))
                told = [each.filter(pl.col("month") == month).select(rows.columns) for each in apart]
                yield month, pl.concat([rows, *told])

    def tired(self, months: Sequence[date], fatigue: Fatigue) -> pl.DataFrame:
        """The invitations of the months that came too soon or too often after others."""
        of_clients = self._files.filter(pl.col("metric") == "nps").select("load_id")
        read = sorted({each for month in months for each in year_before(month)} - {UNDATED})
        rows = invitations(scan("contacts", self._lake.files_of("contacts", of_clients, read)))
        parts = 1 + self._rows_of(read) // AT_ONCE
        found = []
        for part in range(parts):
            of_part = rows.filter(pl.col("person") % parts == part) if parts > 1 else rows
            told = tired(of_part.collect(engine="streaming"), fatigue)
            found.append(
                told.filter(pl.col("month").is_in(list(months)), pl.col("is_too_soon") | pl.col("is_too_often"))
            )
        return pl.concat(found)

    def _answered(self, source: str, months: Sequence[date]) -> pl.DataFrame:
        """Attempts of a source whose answers stand in another one."""
        files = self._files.filter(pl.col("source") == source)
        read = sorted({each for month in months for each in window(month)})
        answers = self._plan.files.filter(pl.col("source") == self._answered_in[source])
        loads = answers.get_column("load_id").to_list()
        paths = self._lake.files_of("staged", answers.select("load_id"), read)
        given = scan("staged", paths, loads).filter(pl.col("month").is_in(read))
        told = given.select("respondent_key", "responded_at", "score").collect(engine="streaming")
        return with_answers(self._settled(files, read), told)

    def _settled(self, files: pl.DataFrame, months: Sequence[date]) -> pl.DataFrame:
        rows = self._rows(files, months)
        return settled(rows.join(self._replaced, on=["position", "survey"], how="left", maintain_order="left"))

    def _surveys_replaced(self) -> pl.DataFrame:
        """The surveys of older snapshots that a newer one of them holds: `position, survey, is_replaced`."""
        snapshots = self._files.filter(pl.col("delivery") == "snapshot")
        if snapshots.height < 2:  # noqa: PLR2004 - one follows on no other
            return pl.DataFrame(schema={"position": pl.Int64, "survey": pl.String, "is_replaced": pl.Boolean})
        surveys = self._rows(snapshots, columns=("survey",)).group_by("position").agg(surveys=pl.col("survey").unique())
        found = replaced_snapshots(snapshots.drop("surveys").join(surveys, on="position"))
        return found.select("position", "survey", is_replaced=True)

    def _rows(
        self, files: pl.DataFrame, months: Sequence[date] | None = None, columns: Sequence[str] = _READ
    ) -> pl.DataFrame:
        """Attempts in files, with the position, source, digest and metric of theirs."""
        told = files.select("load_id", "position", "source", "file_digest", "metric").cast({"metric": pl.String})
        paths = self._lake.files_of("contacts", files.select("load_id"), months)
        rows = scan("contacts", paths).select("load_id", *columns)
        return rows.join(told.lazy(), on="load_id").drop("load_id").collect(engine="streaming")

    def _rows_of(self, months: Sequence[date]) -> int:
        kept = self._lake.pieces("contacts").join(self._files, on="load_id", how="semi")
        return int(kept.filter(month_of_piece().is_in(list(months))).get_column("rows").sum())

    def _stretches(self, months: Sequence[date]) -> list[list[date]]:
        """The months in stretches that are read together, where attempts are matched with answers of months after them."""
        if not self._answered_in:
            return [[month] for month in months]
        found: list[list[date]] = [[]]
        room = AT_ONCE
        for month in sorted(months):
            rows = self._rows_of([month])
            if found[-1] and rows > room:
                found.append([])
                room = AT_ONCE
            found[-1].append(month)
            room -= rows
        return found


def year_before(month: date) -> list[date]:
    """A month and the twelve before it."""
    numbers = (divmod(month.year * 12 + month.month - 1 - ago, 12) for ago in range(13))
    return [date(year, number + 1, 1) for year, number in numbers]


def window(month: date) -> list[date]:
    """The months in which contacts of a month may be answered."""
    months = [month]
    while len(months) <= _MONTHS_TO_ANSWER:
        months.append((months[-1] + timedelta(days=32)).replace(day=1))
    return months
