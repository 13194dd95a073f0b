"""Workspaces as plain values: a configuration, files that land on a day, and the `nps` command in this process.

Here: building a workspace and reading what it published. Not here: any expectation.
"""

from __future__ import annotations

import io
import json
import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from unittest.mock import patch

import polars as pl
import yaml
from typer.main import get_command

from pipelines.cli.main import main
from pipelines.config.workspace import open_workspace
from pipelines.context import Context
from pipelines.intake.feeds import feeds
from pipelines.intake.ingest import ingest
from tests.support.plain_runs import PlainRuns
from warehouse.lake.ledgers import current_files
from warehouse.published import publish
from warehouse.published.publish import TABLES
from warehouse.published.query import Ask, ask, asking

Settings = Mapping[str, Any]
"""A part of nps.yaml, as yaml would give it."""

Counts = tuple[int, int, int]
"""Promoters, passives, detractors."""

ANSWERS: Settings = {"score": "score", "responded_at": "date"}
"""The columns of most files here."""

#: The commands are made of their functions anew whenever one is typed: in one process that is done once.
_made_once = cache(get_command)
_FIRST_DAY = datetime(2025, 6, 1, 12, tzinfo=UTC)


@dataclass(frozen=True)
class Told:
    """What a command told: its exit code, its standard output and its standard error."""

    code: int
    out: str
    err: str

    @property
    def said(self) -> str:
        """Everything, for those who look for a word wherever it stands."""
        return self.out + self.err

    @property
    def document(self) -> Any:  # noqa: ANN401 - JSON may be anything
        """What a command with --json gives."""
        return json.loads(self.out)


@contextmanager
def unrecorded() -> Iterator[None]:
    """Nights go without Dagster, which keeps records of them, and publish neither views nor comments.

    Both are more than half of a short night, and change no figure.
    """
    with patch("pipelines.runs.jobs.Runs", PlainRuns), patch.object(publish, "describe"):
        yield


def nps(*arguments: str | Path, recorded: bool = False) -> Told:
    """Type `nps` with these arguments; only a `recorded` night runs in Dagster. A traceback would be raised here."""
    out, err = io.StringIO(), io.StringIO()
    code: object = 0
    typed = patch.object(sys, "argv", ["nps", *map(str, arguments)])
    kept = nullcontext() if recorded else unrecorded()
    made = patch("typer.main.get_command", _made_once)
    with typed, kept, made, _one_key(), redirect_stdout(out), redirect_stderr(err):
        try:
            main()
        except SystemExit as end:
            code = end.code
    return Told(code if isinstance(code, int) else 0, out.getvalue(), err.getvalue())


def _one_key() -> AbstractContextManager[object]:
    """Every new workspace has the same key, so that pseudonyms, and what is drawn by them, are the same each time."""
    return patch("pipelines.config.create.new_key", lambda: "6b6579" * 11)


def workspace(home: Path, settings: Settings) -> Path:
    """Make a workspace with a configuration."""
    assert nps("init", home).code == 0
    configure(home, settings)
    return home


def configure(home: Path, settings: Settings) -> None:
    """Write nps.yaml."""
    (home / "nps.yaml").write_text(yaml.safe_dump({"timezone": "UTC", **settings}, allow_unicode=True), "utf-8")


def source(name: str, **settings: Any) -> dict[str, Any]:  # noqa: ANN401 - as nps.yaml has it
    """A source of CSV files in landing/<name>/ with the columns score and date, except as `settings` say."""
    files = {"kind": "csv", "metric": "nps", "files": f"landing/{name}/*", "delivery": "incremental"}
    return {**files, "columns": dict(ANSWERS), **settings}


def land(home: Path, name: str, content: str | bytes | Path, day: float = 1) -> Path:
    """Let a file arrive in landing; files of a later day are newer."""
    file = home / "landing" / name
    file.parent.mkdir(parents=True, exist_ok=True)
    if isinstance(content, Path):
        content = content.read_bytes()
    file.write_bytes(content.encode() if isinstance(content, str) else content)
    arrived = (_FIRST_DAY + timedelta(days=day)).timestamp()
    os.utime(file, (arrived, arrived))
    return file


def night(home: Path, *, recorded: bool = False) -> Told:
    """One night, in which nothing is wrong."""
    told = nps("run", "--home", home, recorded=recorded)
    assert (told.code, told.err) == (0, ""), told.said
    return told


def published(home: Path, sql: str) -> list[tuple[Any, ...]]:
    """The rows of a query on the published file."""
    return ask(_database(home), sql).rows()


BUT_WHEN = "columns(name -> name <> 'as_of')"
"""All columns of a published table but the one that says when it was told."""


def marts(home: Path) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every published table that is about answers."""
    with asking(_database(home)) as asked:
        return {table: asked(f"select {BUT_WHEN} from marts.{table} order by all").rows() for table in TABLES}


def counts(home: Path, survey: str, where: str = "true") -> Counts:
    """Promoters, passives and detractors of a survey of clients, of all months together."""
    with asking(_database(home)) as asked:
        return _counts(asked, survey, where)


def _counts(asked: Ask, survey: str, where: str) -> Counts:
    sql = f"select sum(promoters), sum(passives), sum(detractors) from marts.fct_nps where survey = '{survey}' and {where}"
    [(promoters, passives, detractors)] = asked(sql).rows()
    return int(promoters or 0), int(passives or 0), int(detractors or 0)


def by(home: Path, survey: str, column: str) -> dict[str, Counts]:
    """The same for each branch, industry, channel or month (`2025-01`) of a survey."""
    key = "strftime(month, '%Y-%m')" if column == "month" else column
    with asking(_database(home)) as asked:
        rows = asked(f"select distinct {key} from marts.fct_nps where survey = '{survey}'").rows()
        return {value: _counts(asked, survey, f"{key} = '{value}'") for (value,) in sorted(rows)}


def _database(home: Path) -> Path:
    return home / "published" / "nps.duckdb"


def points(of: Counts) -> float:
    """The NPS of counts, to the four decimals of the publishers' figures."""
    promoters, _, detractors = of
    return round(100 * (promoters - detractors) / sum(of), 4)


def noted(home: Path) -> dict[str, str]:
    """Let every file in, without building anything, and nothing is wrong: the notes on each, by its path, as published."""
    verdicts = taken_in(home)
    assert {row["status"] for row in verdicts.values()} == {"accepted"}, verdicts
    return {path: " ".join(verdicts[path]["notes"] or ()) for path in sorted(verdicts)}


def taken_in(home: Path, context: Context | None = None) -> dict[str, dict[str, Any]]:
    """Let every file in, without building anything: the last verdict on each, as the ledger has it, by its path."""
    context = context or Context(open_workspace(home))
    ingest(context, feeds(context.workspace.config, context.workspace.key()))
    return verdicts_on(context)


def verdicts_on(context: Context) -> dict[str, dict[str, Any]]:
    """The last verdict on each file, as the ledger has it, by its path."""
    verdicts = current_files(context.lake).filter(pl.col("status") != "replaced").sort("ingested_at", "path")
    return {row["path"]: row for row in verdicts.iter_rows(named=True)}
