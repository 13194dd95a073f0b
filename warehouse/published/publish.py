"""Publishing: build a fresh DuckDB file, the candidate, which is swapped in when it has been checked.

Here: which tables it has, and in what order they are made. Not here: what they mean (`models/marts`, `models/meta`), what
they are made from (`inputs`), taking the place of the published file (`swap`), whether the candidate is believable
(`expectations`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

import duckdb
import polars as pl

from transforms.dates.period_names import period_label
from warehouse.engine import Limits, attach, connect, frame_table, one_thread, query, reconcile, run_model
from warehouse.lake.store import Lake
from warehouse.marts import LOOP, MARTS, REASONS, RIVALS, THEMES, Mart, marts, scores
from warehouse.months.plan import Plan
from warehouse.months.why import Why
from warehouse.published.asked import TABLES as TABLES_OF_ASKED
from warehouse.published.asked import create_asked, register_asked
from warehouse.published.cases import create_closed_loop
from warehouse.published.described import describe
from warehouse.published.inputs import register_inputs
from warehouse.published.outcomes import TABLES as TABLES_OF_OUTCOMES
from warehouse.published.outcomes import create_outcomes
from warehouse.published.publication import Publication
from warehouse.published.restatements import not_recorded, restate
from warehouse.published.standards import register
from warehouse.published.swap import discard
from warehouse.published.waves import close_waves, show_company

#: Further tables of the schema marts, each of a model of its own.
OTHERS: Final = (
    "nps_change_drivers",
    "nps_movement",
    "enps_suppression",
    "dim_branch",
    "dim_industry",
    "dim_survey",
    "dim_period",
    "dim_date",
    "benchmark",
)
#: The tables of the schema marts.
TABLES: Final = (*(mart.name for mart in MARTS), *OTHERS)
#: Those that are made only where nps.yaml declares what they are about.
DECLARED: Final = (
    *(mart.name for mart in (*THEMES, *REASONS)),
    "new_words",
    *(mart.name for mart in (*RIVALS, *LOOP)),
    *TABLES_OF_ASKED,
    *TABLES_OF_OUTCOMES,
)
META: Final = ("publish", "files", "superseded", "rejections", "checks", "reconciliation", "spellings", "restatements")


def build_candidate(lake: Lake, plan: Plan, candidate: Path, publication: Publication, limits: Limits) -> None:
    """Write every table of the marts and meta schemas into a new file."""
    candidate.parent.mkdir(parents=True, exist_ok=True)
    discard(candidate)
    with connect(limits) as connection:
        # Nothing is lost with what a crash leaves of a candidate: no log is written beside it.
        options = f"storage_version '{publication.storage_version}', recovery_mode no_wal_writes"
        attach(connection, candidate, "nps", options)
        connection.execute("create schema nps.marts; create schema nps.meta; create schema nps.bi")
        register_inputs(connection, lake, plan, publication)
        with one_thread(connection):
            _create_marts(connection, lake, plan, publication)
        _create_declared(connection, lake, plan, publication)
        with one_thread(connection):
            describe(connection, plan.apart, plan.staff)
            connection.execute("checkpoint nps; detach nps")


def _create_marts(connection: duckdb.DuckDBPyConnection, lake: Lake, plan: Plan, publication: Publication) -> None:
    """What there always is, and what is said of reasons and themes."""
    close_waves(connection, lake, publication.closing, plan.staff)
    run_model(connection, "periods")
    name_periods(connection, publication.language)
    shown = query(connection, "select distinct attribute, shown_as from spelling").rows()
    register(connection, publication.standards, shown)
    _score(connection, plan.apart, plan.staff, lambda: show_company(connection, lake, publication.minimum_group))
    for mart in marts(plan.apart, plan.staff):
        run_model(connection, f"marts/{mart.model}", **mart.values)
    restate(connection, lake, plan, publication.before)
    for table in OTHERS:
        if table != "dim_branch":
            run_model(connection, f"marts/{table}")
    for mart in declared_marts(publication.why, has_rivals=publication.has_rivals):
        run_model(connection, f"marts/{mart.model}", **mart.values)
    if publication.why.themes:
        run_model(connection, "marts/new_words")
    for table in META:
        if table != "reconciliation":
            run_model(connection, f"meta/{table}")
    reconcile(connection, "answers")


def name_periods(connection: duckdb.DuckDBPyConnection, language: str | None) -> None:
    """The table `period_names`: what periods are called in a language; of none where no language is given."""
    asked = "select distinct period_grain, period_start, period_end from periods"
    found = query(connection, asked).rows() if language else []
    names = [(grain, start, period_label(grain, start, end, language or "")) for grain, start, end in found]
    schema = {"period_grain": pl.String(), "period_start": pl.Date(), "name": pl.String()}
    frame_table(connection, "period_names", pl.DataFrame(names, schema=schema, orient="row"))


def _create_declared(connection: duckdb.DuckDBPyConnection, lake: Lake, plan: Plan, publication: Publication) -> None:
    """What is made only where nps.yaml says something about it, and adds to meta.reconciliation."""
    for mart in declared_marts(publication.why, has_rivals=publication.has_rivals):
        reconcile(connection, "themes" if mart.of else "rivals", **mart.values)
    if publication.follow_up:
        create_closed_loop(connection)
    if publication.asked:
        register_asked(connection, lake, plan, publication.asked, publication.published_at)
        create_asked(connection, has_prices=bool(publication.asked.prices))
    if publication.outcomes:
        create_outcomes(connection, publication.outcomes)


def declared_marts(why: Why, *, has_rivals: bool) -> list[Mart]:
    """The marts that are made only because nps.yaml declares what they are about."""
    told = [*(THEMES if why.themes else ()), *(REASONS if why.has_reasons else ())]
    return [*told, *(RIVALS if has_rivals else ())]


def record_checks(lake: Lake, candidate: Path, checks: pl.DataFrame, limits: Limits) -> pl.DataFrame:
    """Add the results of the candidate's own checks, as `CheckRecord` rows, to its meta.checks; it is whole then.

    Gives what it restates, which goes into the ledger when it is swapped in: to open it again for that is dear.
    """
    with connect(limits) as connection:
        attach(connection, candidate, "nps", "recovery_mode no_wal_writes")
        connection.execute("use nps")
        frame_table(connection, "own", checks)
        connection.execute("delete from meta.checks where stage = 'published'")
        connection.execute(
            "insert into meta.checks select stage, subject, rule, says, passed, failing_rows, checked_at, "
            "timezone((select timezone from meta.publish), checked_at) from own"
        )
        restated = not_recorded(connection, lake)
        connection.execute("use memory; checkpoint nps; detach nps")
        return restated


def _score(
    connection: duckdb.DuckDBPyConnection, apart: Sequence[str], staff: Sequence[str], of_company: Callable[[], None]
) -> None:
    """The temporary table `scored`: the scores of all marts of them, and of all employees what `of_company` adds."""
    about = ("name", "metric", "is_frozen", "is_of_persons", "standard", "is_driver")
    every = scores(apart, staff)
    told = pl.DataFrame([{name: getattr(mart, name) for name in about} for mart in every])
    is_grouped = pl.Series([bool(mart.groups) for mart in every])
    frame_table(connection, "score_marts", told.rename({"name": "mart"}).with_columns(is_grouped=is_grouped))
    run_model(connection, "scores/monthly")
    for mart in every:
        if mart.metric == "nps":
            run_model(connection, "scores/as_is" if mart.as_is else "scores/months", **mart.values)
    run_model(connection, "scores/frozen")
    of_company()
    for step in ("moved", "measured"):
        run_model(connection, f"scores/{step}")
    run_model(connection, "driver_groups")
