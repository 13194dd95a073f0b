"""Lakes as plain values: answers, the files that bring them, builds of months; without reading files or any gate.

Here: what a night does to a lake, by the warehouse's own functions. Not here: workspaces and commands (`scenario`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any
from unittest.mock import patch

import polars as pl

from transforms.tables import BuildRecord, CheckRecord, FileRecord, Member, StagedAnswer, stored_types, types
from warehouse.engine import Limits
from warehouse.intake.redelivery import NO_REDELIVERY, redeliveries
from warehouse.lake.ledgers import DIMENSION_PREFIX, current_builds, facts_inputs
from warehouse.lake.loads import new_load_id
from warehouse.lake.parquet import months_of, scan, sink, write_by_month
from warehouse.lake.store import Lake
from warehouse.months.facts import build_facts
from warehouse.months.plan import Plan, make_plan
from warehouse.months.responses import Built, build_responses
from warehouse.months.rules import ResponseRules
from warehouse.published import publish

Row = dict[str, Any]

JANUARY, FEBRUARY, MARCH = date(2025, 1, 1), date(2025, 2, 1), date(2025, 3, 1)
MONTHS = [JANUARY, FEBRUARY, MARCH]
RULES = ResponseRules(timezone="UTC", sources=("shops", "calls", "web"))

_START = datetime(2025, 6, 1, tzinfo=UTC)


@dataclass(frozen=True)
class File:
    """A file that arrived on a day, with its answers."""

    name: str
    answers: tuple[Row, ...] = ()
    day: float = 1
    source: str = "shops"
    delivery: str = "incremental"
    scope: str = "{}"
    recipe: str = "r1"

    @property
    def digest(self) -> str:
        return sha256(self.name.encode()).hexdigest()


def day(number: float) -> datetime:
    """A day on which something happens to a lake."""
    return _START + timedelta(days=number)


def at(text: str) -> datetime:
    """An instant, UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def answer(row: int, on: str = "2025-01-10", *, score: int = 9, **values: Any) -> Row:  # noqa: ANN401 - as the columns have it
    """An answer of one file, without its file."""
    instant = at(on)
    return {
        "source_row": row,
        "response_id": f"r{row}",
        "metric": "nps",
        "survey": "orders",
        "responded_at": instant,
        "month": instant.date().replace(day=1),
        "raw_score": str(score),
        "scale": "0-10",
        "score": score,
        "weight": 1.0,
        **values,
    }


def answers_of(files: Iterable[File]) -> pl.DataFrame:
    """The answers of files as builds read them: `StagedAnswer` as stored, and `position`, the place of their file."""
    rows = [
        {**row, "source": file.source, "file_digest": file.digest, "position": position}
        for position, file in enumerate(files)
        for row in file.answers
    ]
    schema = {**stored_types(StagedAnswer), "position": pl.Int64(), "metric": pl.String(), "scale": pl.String()}
    return pl.DataFrame([{name: row.get(name) for name in schema} for row in rows], schema=schema)


def stored(file: File) -> pl.DataFrame:
    """The answers of a file as its load holds them."""
    return answers_of([file]).drop("source", "file_digest", "position", "metric", "scale")


def rows_in(table: str, files: Sequence[str]) -> pl.DataFrame:
    """The rows of Parquet files of a table of data; of responses, which hold codes for texts that repeat, as texts."""
    if table != "responses" or not files:
        return scan(table, files).collect()
    codes: dict[Any, Any] = {pl.Enum: pl.String, pl.Categorical: pl.String}
    months = [pl.read_parquet(file, hive_partitioning=True).cast(codes) for file in files]
    return pl.concat(rows.with_columns(pl.col("month").cast(pl.Date)) for rows in months)


def files_frame(files: Iterable[File]) -> pl.DataFrame:
    """Files as `warehouse.lake.ledgers.counted_files` gives them, as far as the rules look at them."""
    rows = [
        {
            "position": position,
            "source": file.source,
            "file_digest": file.digest,
            "delivery": file.delivery,
            "scope": file.scope,
            "surveys": sorted({row["survey"] for row in file.answers}),
        }
        for position, file in enumerate(files)
    ]
    schema = {name: types(FileRecord)[name] for name in ("source", "file_digest", "delivery", "scope", "surveys")}
    return pl.DataFrame(rows, schema={"position": pl.Int64(), **schema})


def take_in(lake: Lake, *files: File, on: float | None = None) -> None:
    """Let files in, in this order, each with a night of its own: its day, or a later one.

    Those of an even number of answers are written by month, as big files are.
    """
    for file in files:
        load_id = new_load_id()
        folder = lake.begin("staged", source=file.source, file_digest=file.digest, load_id=load_id)
        if len(file.answers) % 2:
            stored(file).write_parquet(folder / "part-0.parquet")
        else:
            sink(stored(file).lazy(), months_of(folder)).collect()
        lake.commit("staged", [folder])
        found = redeliveries(lake, file.source, {load_id: file.digest}).get(load_id, NO_REDELIVERY)
        moved = {"moved_months": list(found.moved_months), "moved_with": list(found.moved_with)}
        taken_in = day(file.day if on is None else on)
        record(lake, file, load_id=load_id, redelivers=found.redelivers, ingested_at=taken_in, **moved)


def record(lake: Lake, file: File, **values: object) -> None:
    """Write a verdict on a file into the ledger, as if it had been taken in on its day."""
    months = sorted({row["month"] for row in file.answers})
    row: Row = {
        "source": file.source,
        "file_digest": file.digest,
        "path": f"landing/{file.source}/{file.name}",
        "size_bytes": 1,
        "modified_at": day(file.day),
        "recipe": file.recipe,
        "status": "accepted",
        "load_id": None,
        "delivery": file.delivery,
        "scope": file.scope,
        "metric": next((row["metric"] for row in file.answers), None),
        "scale": next((row["scale"] for row in file.answers), None),
        "surveys": sorted({row["survey"] for row in file.answers}),
        "months": months,
        "redelivers": False,
        "moved_months": [],
        "moved_with": [],
        "rows_read": len(file.answers),
        "accepted": len(file.answers),
        "unanswered": 0,
        "excluded": 0,
        "rejected": 0,
        "notes": [],
        "headings": [],
        "erasures": [],
        "shrunk_from": None,
        "let_in_by": None,
        "let_in_at": None,
        "ingested_at": day(file.day),
        **values,
    }
    lake.append("files", pl.DataFrame([row], schema=types(FileRecord)))


def leave(lake: Lake, file: File, on: float) -> None:
    """Let a file count no more, because other bytes came under its name."""
    record(lake, file, status="replaced", ingested_at=day(on))


def know(lake: Lake, dimension: str, *members: Row, on: float = 1) -> None:
    """Take in a file of a dimension: `member_key`, `valid_from` and what is known of each member."""
    file = File(f"{dimension}-{on}.csv", day=on, source=DIMENSION_PREFIX + dimension)
    load_id = new_load_id()
    schema = stored_types(Member)
    rows = [{"dimension": dimension, "source_row": row, **member} for row, member in enumerate(members, start=2)]
    frame = pl.DataFrame([{name: row.get(name) for name in schema} for row in rows], schema=schema)
    folder = lake.begin("members", file_digest=file.digest, load_id=load_id)
    frame.drop("file_digest").write_parquet(folder / "part-0.parquet")
    lake.commit("members", [folder])
    record(lake, file, load_id=load_id)


def build(lake: Lake, months: Sequence[date] | None = None, rules: ResponseRules = RULES, on: float = 10) -> Built:
    """Build responses and facts of months (of all that have inputs) and let them count."""
    plan = make_plan(lake, rules)
    built = build_responses(lake, plan, sorted(plan.inputs) if months is None else months, rules)
    record_build(lake, plan, built, on)
    builds = current_builds(lake, "responses").filter(pl.col("load_id") == built.load_id)
    facts = build_facts(lake, builds, limits(lake.root))
    inputs = [facts_inputs(inputs) for inputs in builds.get_column("inputs")]
    lake.append("builds", _records("facts", builds, facts, inputs, on))
    return built


def write(lake: Lake, load_id: str, ids: Sequence[str], name: str = "part-0", **keys: str) -> Path:
    """A load of staged answers in its folder, not committed: nothing but their ids."""
    folder = lake.begin("staged", **{"source": "shops", "file_digest": "f1", "load_id": load_id, **keys})
    rows = pl.DataFrame({"response_id": ids}, schema={"response_id": pl.String})
    rows.write_parquet(folder / f"{name}.parquet")
    return folder


def load(lake: Lake, load_id: str, *ids: str) -> None:
    """A load of staged answers, committed."""
    lake.commit("staged", [write(lake, load_id, ids)])


def checks(*rules: str, subject: str = "months", on: float = 1) -> pl.DataFrame:
    """Rows of the ledger of checks."""
    rows = [("facts", subject, rule, "says", True, 0, day(on), None) for rule in rules]
    return pl.DataFrame(rows, schema=types(CheckRecord), orient="row")


def write_often(root: Path, who: str, times: int) -> None:
    """What one of several processes does: rows of a ledger, loads of a table."""
    lake = Lake(root)
    for number in range(times):
        lake.append("checks", checks(f"{number}", subject=who))
        load(lake, f"{who}-{number}", f"{who}-{number}")


def count_facts(lake: Lake, facts: pl.DataFrame, file: File, on: float = 10) -> None:
    """Let facts count, whatever answers they are of; all are those of one file."""
    load_id = new_load_id()
    counts = facts.group_by("month").agg(pl.col("responses").sum(), superseded=pl.lit(0, pl.Int64))
    counts = counts.with_columns(answers="responses").sort("month")
    became = counts.select("month", "answers", source=pl.lit(file.source), file_digest=pl.lit(file.digest))
    for table, rows in (("facts", facts), ("outcomes", became)):
        folder = lake.begin(table, load_id=load_id)
        write_by_month(rows.cast({pl.Enum: pl.String}), folder)
        lake.commit(table, [folder])
    for stage in ("responses", "facts"):
        lake.append("builds", _records(stage, counts, load_id, ["of tests"] * counts.height, on))


def record_build(lake: Lake, plan: Plan, built: Built, on: float = 10) -> None:
    """Let a build of responses count."""
    counts = plan.counting(built.counts)
    inputs = [plan.inputs[month] for month in counts.get_column("month")]
    lake.append("builds", _records("responses", counts, built.load_id, inputs, on))


def limits(root: Path) -> Limits:
    """What DuckDB may use in tests."""
    return Limits(memory_mb=500, spill=root / "spill", threads=1)


def bare() -> AbstractContextManager[object]:
    """While a file is built in it, that has no views and no comments: they take as long as the figures, and change none."""
    return patch.object(publish, "describe")


def _records(stage: str, counts: pl.DataFrame, load_id: str, inputs: Sequence[str], on: float) -> pl.DataFrame:
    rows = counts.select("month", "answers", "responses", "superseded").with_columns(
        stage=pl.lit(stage),
        load_id=pl.lit(load_id),
        inputs=pl.Series(list(inputs), dtype=pl.String),
        built_at=pl.lit(day(on)),
        sequence=pl.lit(None),
    )
    return rows.select(BuildRecord.column_names())
