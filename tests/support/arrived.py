"""Small files as adapters meet them: written by a test, landed, read."""

from __future__ import annotations

from datetime import UTC, datetime
from glob import escape
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import polars as pl

from pipelines.adapters.columns import canonical, exclusions
from pipelines.adapters.kinds import read
from pipelines.adapters.table import TextTable
from pipelines.config.layouts import Layout
from pipelines.config.settings import Limits
from pipelines.config.sources import Source
from pipelines.landing.digests import DigestCache
from pipelines.landing.discover import RefusedFile, discover
from pipelines.landing.landed import LandedFile
from pipelines.recipes.rows import asking_of, date_reading
from transforms.rows.staged import CleaningRules, judge
from transforms.scores.scales import SCALES


def arrived(path: Path) -> LandedFile:
    """A file as landing hands it on; of an archive, the one file in it."""
    with TemporaryDirectory() as elsewhere:
        [found] = discover(path.parent, [escape(path.name)], Limits(), DigestCache(Path(elsewhere) / "digests.json"))
    if isinstance(found, RefusedFile):
        raise found.error
    return found


def table_of(path: Path, scratch: Path, kind: str = "csv", **layout: Any) -> TextTable:  # noqa: ANN401 - as nps.yaml has it
    """A file read as its layout says."""
    return read(arrived(path), Layout(kind=kind, files=path.name, **layout), Limits(), scratch)


def rows_of(table: TextTable) -> list[list[str]]:
    """The cells of a table, blank ones as empty texts, in the order of the file."""
    try:
        rows = table.rows.collect()
    except pl.exceptions.ComputeError:
        if table.careful is None:
            raise
        rows = table.careful().rows.collect()
    cells = rows.sort("source_row").drop("source_row", "malformed")
    return [[cell or "" for cell in row] for row in cells.rows()]


def source(columns: dict[str, Any], kind: str = "csv", **settings: Any) -> Source:  # noqa: ANN401 - as nps.yaml has it
    """A source of nps.yaml; the answers are of 2024 where nothing else says when they were given."""
    if "responded_at" not in columns and "file_name" not in settings:
        settings = {"defaults": {"responded_at": 2024}, **settings}
    return Source(kind=kind, files="x", metric="nps", delivery="snapshot", columns=columns, **settings)


def answers(path: Path, of: Source, scratch: Path) -> pl.DataFrame:
    """The canonical columns of a file, in the order of its rows."""
    file = arrived(path)
    return canonical(read(file, of, Limits(), scratch), file, of).collect().sort("source_row")


def judged(path: Path, of: Source, scratch: Path) -> pl.DataFrame:
    """Every row of a file with what became of it."""
    file = arrived(path)
    table = read(file, of, Limits(), scratch)
    rules = CleaningRules(
        source="test",
        metric="nps",
        scale=SCALES[of.scale],
        dates=date_reading(of.dates, table, "UTC"),
        business_timezone="UTC",
        key="k" * 32,
        now=datetime(2025, 1, 1, tzinfo=UTC),
        history_starts=datetime(2000, 1, 1, tzinfo=UTC),
        survey="test",
        dates_are_periods=of.dates_are_periods,
        unanswered=tuple(of.unanswered),
        excluded=exclusions(of),
        where=tuple(of.where.values) if of.where else (),
        unanswered_outcomes=tuple(of.unanswered_where.values) if of.unanswered_where else (),
        asking=asking_of(of),
    )
    rows = canonical(table, file, of)
    return judge(rows, rules, file.digest).collect().sort("source_row")
