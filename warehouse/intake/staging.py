"""Writing the rows of one file into the lake: accepted ones and refused ones.

Here: loads of answers, of attempts to ask somebody, of lists and dumps, each with what was refused of it. Not here: what a
row means (`transforms.rows.staged`), what is counted of it (`tally`), whether the file may be in (`expectations`).
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Final

import polars as pl

from transforms.asking.contacts import contact_rows, contacts_and_others, judged_again, told_twice
from transforms.contact_status import ASKED
from transforms.declared import dy
from transforms.reasons import with_outcome
from transforms.rows.erased import Erased, left_out
from transforms.rows.judged import UNANSWERED, accepted_rows, refused_rows, rejected
from transforms.rows.staged import CANONICAL_AND_EXTRAS, stored
from transforms.tables import Activity
from warehouse.intake.tally import Tally, tally_of_answers, tally_of_list, unlisted_outcomes
from warehouse.lake.known_ids import NONE, Run, digest_of_id
from warehouse.lake.loads import month_of_piece, new_load_id
from warehouse.lake.parquet import months_of, sink
from warehouse.lake.store import Lake
from warehouse.lake.tables import DATA_TABLES

#: Answers of files from this size on are written month by month, so that a build of a month reads no other; in smaller
#: ones the pieces would cost more than the rows.
BY_MONTH_FROM: Final = 4 << 20

#: Files with none of these columns hold no answers.
_OF_ANSWERS: Final = frozenset({"score", "responded_at"})

#: What is counted, and what is said of refused rows, beside the columns of staged answers.
_BESIDE: Final = (
    "survey", "weight", "refusal", "malformed", "may_sum_up", "date_format", "date_day", "date_zeros", "file_no", *ASKED,
)  # fmt: skip

_A_DAY: Final = timedelta(days=1)


@dataclass(frozen=True)
class Staged:
    """A file that was written as a load, which is not part of the lake yet."""

    load_id: str
    tally: Tally
    folders: dict[str, Path]
    """Table: the folder of its Parquet files."""
    silent: Run = field(default_factory=lambda: NONE, compare=False)
    """The digests of the ids of its rows that are no answers, or are left out."""


@dataclass(frozen=True)
class Origin:
    """Where rows come from, as far as it decides how they are written."""

    source: str
    file_digest: str
    survey: str = ""
    """That of answers where no column tells it."""
    given: Collection[str] = CANONICAL_AND_EXTRAS
    """The columns that anything gives: others are not written."""
    size_bytes: int = 0
    is_private: bool = False
    """Whether nothing may say of whom was asked who they are."""
    erased: Erased = field(default_factory=Erased)
    """Whose rows are not kept."""


def stage_answers(lake: Lake, judged: pl.LazyFrame, origin: Origin, scratch: Path) -> Staged:
    """Write the rows of `transforms.rows.staged.judge` as a load of `staged` and `rejected`. It is not committed yet.

    Each row is judged once and written once: what is refused and counted is read from what was written. Where rows are
    attempts to ask somebody, all of them are `contacts` too.
    """
    judged = left_out(judged, "staged", origin.erased, origin.source)
    has_contacts = "contact_status" in judged.collect_schema()
    load_id, folders = begun(lake, ("staged", "rejected", *(("contacts",) if has_contacts else ())), origin)
    kept = stored(origin.given)
    rows = judged.select(*kept, *beside(judged, kept))
    contacts: pl.LazyFrame | None = None
    if origin.size_bytes < BY_MONTH_FROM:
        accepted, refused = in_memory(rows)
        write_inside(accepted.select(kept), folders["staged"])
    elif has_contacts and _OF_ANSWERS.isdisjoint(origin.given):
        accepted = rows.clear()
        told = contacts_and_others(rows, origin.survey, is_private=origin.is_private)
        contacts, others = _by_month(told, pl.col("is_contact"), folders["contacts"], scratch, packed=False)
        refused = judged_again(others)
    else:
        accepted, refused = _by_month(rows, pl.col("refusal").is_null(), folders["staged"], scratch)
    of_file = {"source": pl.lit(origin.source), "file_digest": pl.lit(origin.file_digest)}
    write_inside(rejected(refused.with_columns(**of_file)), folders["rejected"])
    if has_contacts:
        others = contact_rows(
            pl.concat([accepted, refused], how="diagonal"), origin.survey, is_private=origin.is_private
        )
        _write_beside(others, folders["contacts"], scratch)
        if contacts is not None:
            refused = pl.concat([refused, contacts], how="diagonal")
    tally = tally_of_answers(accepted, refused, origin.survey, is_big=origin.size_bytes >= BY_MONTH_FROM)
    if has_contacts:
        again, are_timed = told_twice(pl.concat([accepted, refused], how="diagonal_relaxed"), tally.rows_read)
        asked = replace(tally, attempts=tally.rows_read, attempts_again=again, are_timed=are_timed)
        # Who was asked again and has not answered takes no answer back.
        return Staged(load_id, asked, folders, silent_ids(refused, origin, unanswered=False))
    return Staged(load_id, tally, folders, silent_ids(refused, origin))


def silent_ids(refused: pl.LazyFrame, origin: Origin, *, unanswered: bool = True) -> Run:
    """The digests of the ids of rows that are no answers (`unanswered`), or are left out; of none where there are no ids."""
    if "response_id" not in origin.given:
        return NONE
    is_silent = pl.col("refusal").is_in([*([UNANSWERED] if unanswered else ()), *with_outcome("excluded")])
    ids = refused.filter(is_silent).select(digest_of_id()).collect().to_series()
    return ids.drop_nulls().unique().sort().to_numpy()


def stage_list(lake: Lake, judged: pl.LazyFrame, origin: Origin, table: str) -> Staged:
    """Write the judged rows of a list or a dump as a load of its table and of `rejected`. It is not committed yet.

    `judged` is what `transforms.rows.members`, `tickets`, `activity` and `clients` make of files.
    """
    load_id, folders = begun(lake, (table, "rejected"), origin)
    rows = left_out(judged, table, origin.erased, origin.source).collect(engine="streaming").lazy()
    write_inside(_kept(rows, DATA_TABLES[table][0]), folders[table])
    write_inside(refused_rows(rows, origin.source), folders["rejected"])
    tally = tally_of_list(rows.group_by("refusal").agg(pl.len()).collect())
    if "unlisted" in rows.collect_schema():
        tally = replace(tally, outcomes=tuple(unlisted_outcomes(rows, "unlisted").collect().iter_rows()))
    if table == "activity":
        lines, amountless, taken_back, voided = _odd_of_activity(rows)
        tally = replace(tally, lines=lines, amountless=amountless, taken_back=taken_back, voided=voided)
    if table == "tickets":
        backwards, first = _odd_of_tickets(rows)
        tally = replace(tally, backwards=backwards, first_backwards=first)
    return Staged(load_id, tally, folders)


def _kept(rows: pl.LazyFrame, table: type[dy.Schema]) -> pl.LazyFrame:
    """The accepted rows, and those of activity that say of a number that it is void."""
    if table is not Activity:
        return accepted_rows(rows, table)
    return rows.filter((pl.col("outcome") == "accepted") | pl.col("is_void")).select(table.column_names())


def _odd_of_activity(rows: pl.LazyFrame) -> tuple[int, ...]:
    """How many rows share a number with others, lack an amount or take one back (of those accepted), and are void."""
    is_bought = (pl.col("outcome") == "accepted") & (pl.col("kind") != "cancel")
    told = rows.select(
        lines=pl.col("activity_key").drop_nulls().is_duplicated().sum(),
        amountless=(is_bought & pl.col("amount").is_null()).sum(),
        taken_back=(is_bought & pl.col("is_taken_back")).sum(),
        voided=pl.col("is_void").sum(),
    )
    return tuple(int(count or 0) for count in told.collect().row(0))


def _odd_of_tickets(rows: pl.LazyFrame) -> tuple[int, ...]:
    """How many tickets go backwards in time by more than a day, for some say days alone; and the first of them."""
    called, closed = (pl.col(name) + _A_DAY for name in ("first_contact_at", "closed_at"))
    goes_back = (closed < pl.col("opened_at")) | (called < pl.col("opened_at")) | (closed < pl.col("first_contact_at"))
    found = rows.filter((pl.col("outcome") == "accepted") & goes_back)
    told = found.select(backwards=pl.len(), first_backwards=pl.col("source_row").min())
    return tuple(int(count or 0) for count in told.collect().row(0))


def commit_files(lake: Lake, files: Sequence[Staged]) -> None:
    """Make loads part of the tables, each table in one transaction. They count only when their files' records say so."""
    for table in ("staged", "contacts", "members", "tickets", "activity", "clients", "rejected"):
        lake.commit(table, dict.fromkeys(file.folders[table] for file in files if table in file.folders))


def begun(lake: Lake, tables: Sequence[str], origin: Origin) -> tuple[str, dict[str, Path]]:
    """A new load, and where its folder in each of the tables will be, if it has rows there."""
    keys = {"source": origin.source, "file_digest": origin.file_digest, "load_id": new_load_id()}
    return keys["load_id"], {table: lake.folder_of(table, **keys) for table in tables}


def beside(judged: pl.LazyFrame, kept: Sequence[str]) -> list[pl.Expr]:
    """The columns of `judge` that are counted or told of, but not `kept`."""
    found = [pl.col(name) for name in judged.collect_schema() if name in _BESIDE and name not in kept]
    return [*found, pl.when(pl.col("refusal").is_not_null()).then("date_text").alias("date_text")]


def in_memory(rows: pl.LazyFrame) -> tuple[pl.LazyFrame, pl.LazyFrame]:
    """The accepted and the refused rows of a small file."""
    found = rows.collect()
    is_refused = found.get_column("refusal").is_not_null()
    return found.filter(~is_refused).lazy(), found.filter(is_refused).lazy()


def _by_month(
    rows: pl.LazyFrame, is_kept: pl.Expr, folder: Path, scratch: Path, *, packed: bool = True
) -> tuple[pl.LazyFrame, pl.LazyFrame]:
    """Of a big file the rows that are kept, by month in the folder, and the others, which may name people, outside.

    In one pass with one sink: of several that share a plan, the engine keeps all rows for the slowest.
    """
    outside = Path(tempfile.mkdtemp(prefix="judged-", dir=scratch))
    sink(
        rows.with_columns(_piece=pl.when(is_kept).then("month")), months_of(outside, "_piece"), packed=packed
    ).collect()
    written = pl.DataFrame(
        {"path": [str(path) for path in sorted(outside.glob("*.parquet"))]}, schema={"path": pl.String}
    )
    pieces = written.with_columns(other=month_of_piece().is_null())
    kept = _moved(pieces.filter(~pl.col("other")).get_column("path"), folder)
    others = pieces.filter("other").get_column("path").to_list()
    return (pl.scan_parquet(kept) if kept else rows.clear()), (pl.scan_parquet(others) if others else rows.clear())


def _write_beside(rows: pl.LazyFrame, folder: Path, scratch: Path) -> None:
    """Write rows by month into a folder in which others of their months may lie."""
    outside = Path(tempfile.mkdtemp(prefix="beside-", dir=scratch))
    sink(rows, months_of(outside), packed=False).collect(engine="streaming")
    _moved(map(str, sorted(outside.glob("*.parquet"))), folder)


def _moved(pieces: Iterable[str], folder: Path) -> list[str]:
    """Pieces in the folder, numbered on after those of their months that lie there."""
    moved = []
    folder.mkdir(parents=True, exist_ok=True)
    for piece in map(Path, pieces):
        month = piece.stem.partition("_")[0]
        number = sum(1 for _ in folder.glob(f"{month}_*.parquet"))
        moved.append(str(shutil.move(piece, folder / f"{month}_{number}.parquet")))
    return moved


def write_inside(rows: pl.LazyFrame, folder: Path) -> None:
    """Write rows without what the folder's name tells of them; nothing where there are none.

    Of a night's files few have refused rows: what is not there is not written through, and no later night looks at it.
    """
    if rows.limit(1).collect().is_empty():
        return
    folder.mkdir(parents=True, exist_ok=True)
    sink(rows.drop("source", "file_digest", strict=False), folder / "part-0.parquet").collect()
