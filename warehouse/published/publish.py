"""Publishing: build a fresh DuckDB file, and swap it in when it has been checked.

Here: building the candidate, reading what the published file was made from, the atomic swap.
Not here: what the tables mean (`models/marts`, `models/meta`), whether the candidate is believable (`expectations`).
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Final

import duckdb
import polars as pl
from filelock import FileLock

from transforms.answers.people import OneAnswer
from transforms.dates.instants import INSTANT
from transforms.dates.labels import period_label
from transforms.dimensions import ABSENT, CARRIED, KEYS, MANAGER, TYPED, UNKNOWN, apart_in_sql
from transforms.own_yaml import own_yaml
from transforms.tables import Cell, Fact, RejectedRow
from transforms.texts.spelling import labels
from warehouse.engine import Limits, attach, connect, frame_table, one_thread, query, quoted, reconcile, run_model, view
from warehouse.lake.durable import sync
from warehouse.lake.ledgers import current_builds, loads_of, outcomes_of
from warehouse.lake.store import Lake
from warehouse.marts import LOOP, MARTS, REASONS, RIVALS, THEMES, Mart, comments_of_names, marts, scores
from warehouse.months.members import branches_on, codes
from warehouse.months.people import repeats
from warehouse.months.plan import CLOSE_AFTER, Plan, answers_too_early
from warehouse.months.shown import Names
from warehouse.months.why import Why, register_why
from warehouse.published.asked import TABLES as TABLES_OF_ASKED
from warehouse.published.asked import Asked, create_asked, register_asked
from warehouse.published.cases import FollowUp, create_closed_loop, register_cases
from warehouse.published.never_null import forbid_null
from warehouse.published.outcomes import TABLES as TABLES_OF_OUTCOMES
from warehouse.published.outcomes import Outcomes, create_outcomes, register_outcomes
from warehouse.published.restatements import restate, restatements_in
from warehouse.published.standards import Standards, register
from warehouse.published.views import create_views, views
from warehouse.published.waves import Closing, close_waves, show_company

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
#: So much of a pseudonym tells managers apart.
_OF_KEY: Final = 12
#: Everybody may read, nobody write.
_READ_ONLY: Final = 0o444
META: Final = ("publish", "files", "superseded", "rejections", "checks", "reconciliation", "spellings", "restatements")


@dataclass(frozen=True)
class Publication:
    """What is written into the file about itself, and how it is made."""

    published_at: datetime
    code_version: str
    inputs: str
    minimum_group: int
    storage_version: str
    today: date
    """In business time: what ends on it or later is not complete."""
    low_sample: int
    """Scores of fewer answers are marked; they are not ranked, nor are their changes tested."""
    minimum_agent: int = 1
    """An agent of whom there are fewer answers is not shown."""
    shown_from: int = 1
    """Rows of fewer answers of clients will be hidden: they are ranked with no others."""
    has_rivals: bool = False
    """Whether any source says which brand its answers are about."""
    settings: Mapping[str, str] = field(default_factory=dict)
    """Digests of the settings that decide what counts, by their names in nps.yaml."""
    headline: Sequence[str] = ()
    """The programmes of the company's score; all where none is named."""
    one_answer: OneAnswer = "latest"
    """Which answer of a person counts where people do."""
    standards: Standards = field(default_factory=Standards)
    language: str | None = None
    """In which periods are named; as they sort, where none is given."""
    timezone: str = "UTC"
    """The one of business time."""
    before: Path | None = None
    """The file that this one will take the place of: whose figures it may restate."""
    accepted_by: str | None = None
    """Who accepts what it restates."""
    close_after: int = CLOSE_AFTER
    """So many days after its month a wave of employees closes."""
    earlier: Sequence[Path] = ()
    """The published file and those before it: what they told of waves of employees is known."""
    why: Why = field(default_factory=Why)
    """What is said of reasons and themes; no table is made of what is not."""
    follow_up: FollowUp | None = None
    """What is said of calling unhappy clients back, where anything is."""
    asked: Asked | None = None
    """What is said of who was asked, where anything is."""
    outcomes: Outcomes | None = None
    """What is said of what clients do, where anything is."""

    @property
    def closing(self) -> Closing:
        """How waves of employees close."""
        return Closing(self.close_after, self.minimum_group, self.published_at, self.earlier)


@contextmanager
def only_publisher(folder: Path) -> Iterator[None]:
    """One process at a time builds and swaps; another waits for it."""
    folder.mkdir(parents=True, exist_ok=True)
    with FileLock(folder / ".publish.lock"):
        yield


def published_inputs(database: Path) -> str | None:
    """What the published file was made from, as `Publication.inputs`; None where there is no readable file."""
    if not database.is_file():
        return None
    try:
        with duckdb.connect(str(database), read_only=True) as connection:
            row = connection.execute("select inputs from meta.publish").fetchone()
    except duckdb.Error:
        return None
    return None if row is None else str(row[0])


def published_files(database: Path) -> pl.DataFrame:
    """The files that counted when the published file was made, as far as `meta.files` has them."""
    texts, counts = ("source", "file_digest", "path"), ("rows_read", "accepted", "unanswered", "excluded", "rejected")
    schema = {**dict.fromkeys(texts, pl.String()), **dict.fromkeys(counts, pl.Int64()), "modified_at": pl.Int64()}
    rows: list[tuple[object, ...]] = []
    if database.is_file():
        names = ", ".join((*texts, *counts, "epoch_us(modified_at)"))
        with suppress(duckdb.Error), duckdb.connect(str(database), read_only=True) as connection:
            rows = connection.execute(f"select {names} from meta.files where status = 'accepted'").fetchall()  # noqa: S608 - our own names
    return pl.DataFrame(rows, schema=schema, orient="row").with_columns(
        pl.from_epoch("modified_at", "us").cast(INSTANT)
    )


def build_candidate(lake: Lake, plan: Plan, candidate: Path, publication: Publication, limits: Limits) -> None:
    """Write every table of the marts and meta schemas into a new file."""
    candidate.parent.mkdir(parents=True, exist_ok=True)
    _forget(candidate)
    with connect(limits) as connection:
        # Nothing is lost with what a crash leaves of a candidate: no log is written beside it.
        options = f"storage_version '{publication.storage_version}', recovery_mode no_wal_writes"
        attach(connection, candidate, "nps", options)
        connection.execute("create schema nps.marts; create schema nps.meta; create schema nps.bi")
        _register_inputs(connection, lake, plan, publication)
        with one_thread(connection):
            _create_marts(connection, lake, plan, publication)
        _create_declared(connection, lake, plan, publication)
        with one_thread(connection):
            _equip(connection, plan)
            connection.execute("checkpoint nps; detach nps")


def _equip(connection: duckdb.DuckDBPyConnection, plan: Plan) -> None:
    """What tools find beside the figures, and which changes none: what is never NULL, views, comments."""
    forbid_null(connection, (*plan.apart, *plan.staff))
    create_views(connection, plan.apart, plan.staff)
    _comment(connection, plan.apart, plan.staff)


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


def record_checks(candidate: Path, checks: pl.DataFrame, limits: Limits) -> pl.DataFrame:
    """Add the results of the candidate's own checks, as `CheckRecord` rows, to its meta.checks; it is whole then.

    Gives what it tells of restatements, which go into the ledger when it is swapped in: to open it again for that is dear.
    """
    with connect(limits, candidate) as connection:
        frame_table(connection, "own", checks)
        connection.execute("delete from meta.checks where stage = 'published'")
        connection.execute(
            "insert into meta.checks select stage, subject, rule, says, passed, failing_rows, checked_at, "
            "timezone((select timezone from meta.publish), checked_at) from own"
        )
        connection.execute("checkpoint")
        return restatements_in(connection)


def swap_in(candidate: Path, database: Path, keep: int) -> None:
    """Replace the published file at once; readers of the old one keep it whole. Keeps earlier versions beside it."""
    if _wal(candidate).exists():
        raise RuntimeError(f"{candidate.name} was not closed: its write-ahead log is still there")
    # Most clients open a file to write unless told otherwise, and would lock all others out, or change figures.
    candidate.chmod(_READ_ONLY)
    sync(candidate)
    if database.exists():
        _keep_version(database)
    # A stale log beside the target would be replayed into the new file.
    _wal(database).unlink(missing_ok=True)
    candidate.replace(database)
    sync(database.parent)
    for old in versions_kept(database)[keep:]:
        old.unlink(missing_ok=True)


def versions_kept(database: Path) -> list[Path]:
    """The earlier versions beside the published file, newest first."""
    return sorted((database.parent / "versions").glob("nps.*.duckdb"), reverse=True)


def discard(candidate: Path) -> None:
    """Remove a candidate that is not to be published, and what crashed runs left of theirs."""
    _forget(candidate)


def candidate_path(database: Path) -> Path:
    """Where a candidate is built: beside the published file, on the same file system."""
    return database.parent / ".candidate" / "nps.duckdb"


def _register_inputs(connection: duckdb.DuckDBPyConnection, lake: Lake, plan: Plan, publication: Publication) -> None:
    files = plan.verdicts
    builds = plan.counting(current_builds(lake, "responses"))
    frame_table(connection, "files", files)
    frame_table(connection, "builds", builds)
    frame_table(connection, "outcomes", outcomes_of(lake, builds))
    frame_table(connection, "checks", lake.ledger("checks"))
    frame_table(connection, "dimension_versions", plan.members)
    frame_table(connection, "too_early", answers_too_early(lake, plan))
    setting = {
        "metric": ["nps", "enps"],
        "minimum_group": [1, publication.minimum_group],
        "minimum_agent": [publication.minimum_agent] * 2,
        "shown_from": [publication.shown_from, 1],
        "is_private": [False, True],
        "low_sample": [publication.low_sample] * 2,
    }
    frame_table(connection, "setting", pl.DataFrame(setting))
    frame_table(connection, "about", pl.DataFrame({"today": [publication.today], "zone": [publication.timezone]}))
    about = {
        "published_at": [publication.published_at],
        "code_version": [publication.code_version],
        "inputs": [publication.inputs],
        "accepted_by": [publication.accepted_by],
        "headline": [", ".join(publication.headline) or None],
        "bands": [publication.standards.words],
        "settings": [json.dumps(dict(publication.settings), sort_keys=True)],
        "lake_versions": [json.dumps(lake.versions(), sort_keys=True)],
    }
    frame_table(connection, "publication", pl.DataFrame(about, schema_overrides={"accepted_by": pl.String}))
    facts = plan.counting(current_builds(lake, "facts"))
    cells = lake.files_of("cells", loads_of(builds))
    spelling = _show_facts(connection, lake.files_of("facts", loads_of(facts)), cells, plan, publication.headline)
    branches = branches_on(plan.members, publication.today, publication.timezone, spelling)
    frame_table(connection, "branches_now", branches)
    # First of all marts: it says by whom people are counted.
    run_model(connection, "marts/dim_branch")
    today = query(
        connection,
        "select distinct f.month, b.branch, b.branch_now, b.region_now from facts as f "
        "join nps.marts.dim_branch as b on f.branch = b.branch where f.metric = 'nps'",
    )
    names = Names(spelling, publication.headline, plan.apart, codes(plan.members), today)
    people = repeats(lake, plan, names, publication.one_answer, publication.published_at)
    frame_table(connection, "repeats", people)
    if publication.why:
        register_why(connection, lake, plan, publication.why, names=names, now=publication.published_at)
    if publication.follow_up:
        now = publication.published_at
        register_cases(connection, lake, plan, publication.follow_up, names=names, now=now)
    if publication.outcomes:
        register_outcomes(connection, lake, plan, publication.outcomes, names)
    loads = files.filter(pl.col("status") != "replaced").select("load_id", "file_digest").drop_nulls()
    view(connection, "rejected", lake.files_of("rejected", loads), RejectedRow, loads=loads)


def _show_facts(
    connection: duckdb.DuckDBPyConnection, files: list[str], cells: list[str], plan: Plan, headline: Sequence[str]
) -> pl.DataFrame:
    """The facts, with names under the spelling that most of all answers have; facts themselves are never changed for it.

    Gives `attribute, spelling, shown_as` of all.
    """
    apart, keys = (*plan.apart, *plan.staff), (*KEYS, MANAGER)
    view(connection, "stored_facts", files, Fact)
    # Tables: each mart reads them.
    connection.execute("create temp table facts_as_spelt as from stored_facts")
    if apart:
        view(connection, "cells", cells, Cell)
        said = (f"{apart_in_sql(name)} as {name}" for name in apart)
        run_model(connection, "facts", dimensions=", ".join((*CARRIED, *said)))
        connection.execute("create temp table facts_apart_as_spelt as from fact")
        shown_by = codes(plan.members)
        by_code = {"member_key": [*shown_by], "code": [*shown_by.values()]}
        frame_table(connection, "codes", pl.DataFrame(by_code, schema=dict.fromkeys(by_code, pl.String)))
    counted = " union all ".join(
        f"select '{name}' as attribute, {name} as spelling, sum(responses)::bigint as responses, "  # noqa: S608 - our own names
        f"coalesce(sum(responses) filter (where metric = 'nps'), 0)::bigint as clients from {_facts_with(name)} "
        f"where {name} is not null group by {name}"
        for name in dict.fromkeys((*TYPED, *apart))
        if name in {*CARRIED, *apart} - {*keys}
    )
    given = query(connection, counted)
    # How many employees wrote it so would tell of a group of them.
    clients = given.select("attribute", "spelling", responses="clients")
    spelling = labels(given, plan.declared).drop("responses").join(clients, on=["attribute", "spelling"])
    frame_table(connection, "spelling", spelling)
    other = {*spelling.filter(pl.col("spelling") != pl.col("shown_as")).get_column("attribute")}
    ways = {name: f"{name}_as.shown_as, f.{name}" if name in other else f"f.{name}" for name in (*CARRIED, *apart)}
    ways |= {name: f"{name}_as.code" for name in KEYS if name in apart}
    ways |= {MANAGER: f"{MANAGER}_as.code, left(f.{MANAGER}, {_OF_KEY})"} if MANAGER in apart else {}
    shown = {name: f"coalesce({way}, '{ABSENT.get(name, UNKNOWN)}') as {name}" for name, way in ways.items()}
    joins = {
        name: f"left join spelling as {name}_as on {name}_as.attribute = '{name}' and f.{name} = {name}_as.spelling"
        for name in sorted(other)
    } | {name: f"left join codes as {name}_as on f.{name} = {name}_as.member_key" for name in keys if name in apart}
    run_model(connection, "macros")
    named = ", ".join(quoted(name) for name in headline)
    is_headline = f"programme in ({named})" if named else "true"
    for of, source, names in (
        ("facts", "facts_as_spelt", CARRIED),
        ("facts_apart", "facts_apart_as_spelt", (*CARRIED, *apart)),
    ):
        if of == "facts_apart" and not apart:
            continue
        told = ", ".join(shown[name] for name in names)
        joined = " ".join(join for name, join in joins.items() if name in names)
        run_model(connection, "shown_facts", table=of, source=source, shown=told, joins=joined, headline=is_headline)
    return spelling.select("attribute", "spelling", "shown_as")


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


def _facts_with(dimension: str) -> str:
    """Where the answers are counted by a dimension, as it is spelt."""
    return "facts_as_spelt" if dimension in CARRIED else "facts_apart_as_spelt"


def _comment(connection: duckdb.DuckDBPyConnection, apart: Sequence[str], staff: Sequence[str]) -> None:
    """Comment every table and column; one without a comment is a mistake of ours, and fails."""
    words = own_yaml("warehouse", "models", "comments.yaml")
    tables = words["tables"] | {
        f"marts.{mart.name}": mart.comment for mart in (*marts(apart, staff), *THEMES, *REASONS, *RIVALS, *LOOP)
    }
    tables |= {f"bi.{view.name}": view.comment for view in views(apart, staff)}
    names = words["columns"] | comments_of_names(apart, staff)
    columns = connection.execute(
        "select schema_name, table_name, column_name from duckdb_columns() where database_name = 'nps'"
    ).fetchall()
    said = [
        (f"{'view' if schema == 'bi' else 'table'} nps.{schema}.{table}", tables[f"{schema}.{table}"])
        for schema, table in sorted({(schema, table) for schema, table, _ in columns})
    ]
    said += [(f"column nps.{schema}.{table}.{column}", names[column]) for schema, table, column in columns]
    # In one transaction: a commit of each would cost more than all else here. And there are thousands, of which each would
    # be optimised.
    connection.execute("pragma disable_optimizer")
    connection.execute("begin;" + "".join(f"comment on {what} is {quoted(text)};" for what, text in said) + "commit")
    connection.execute("pragma enable_optimizer")


def _keep_version(database: Path) -> None:
    """A second name for the current file, so that replacing the first one leaves it; a copy where disks know no such."""
    stamp = datetime.fromtimestamp(database.stat().st_mtime, UTC).strftime("%Y%m%dT%H%M%S%fZ")
    version = database.parent / "versions" / f"nps.{stamp}.duckdb"
    version.parent.mkdir(exist_ok=True)
    version.unlink(missing_ok=True)
    try:
        version.hardlink_to(database)
    except OSError:
        copied = version.with_name(".copied")
        copied.unlink(missing_ok=True)
        shutil.copy2(database, copied)
        copied.replace(version)


def _forget(candidate: Path) -> None:
    candidate.unlink(missing_ok=True)
    _wal(candidate).unlink(missing_ok=True)


def _wal(database: Path) -> Path:
    return database.with_name(database.name + ".wal")
