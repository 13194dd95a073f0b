"""Cases: every answer of an unhappy client with what a CRM says was done about it, as it stands when the file is published.

Here: which answers are cases, which are so no more, what the same person answered next. Not here: which tickets are about
them (`transforms.follow_up.ticket_cases`), states (`transforms.follow_up.cases`), when one is due
(`transforms.follow_up.due`), what is published (`models/marts/closed_loop.sql`). A case is known by source, file, row
and the answer's id alone: nobody's name or pseudonym is kept with it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

import duckdb
import polars as pl

from transforms.answers.brands import with_own
from transforms.dates.instants import INSTANT
from transforms.dimensions import ABSENT, OWN, TYPED, UNKNOWN
from transforms.follow_up.cases import with_states
from transforms.follow_up.due import DueRule, due_at
from transforms.follow_up.ticket_cases import CLIENT, WAYS, Matching, latest_tickets, with_tickets
from transforms.scores.scales import category
from transforms.tables import BuildRecord, Case, Ticket, stored_types, types
from warehouse.engine import frame_table, reconcile, run_model
from warehouse.lake.ledgers import TICKETS, counted_files, current_builds, current_files, loads_of
from warehouse.lake.loads import new_load_id
from warehouse.lake.parquet import scan
from warehouse.lake.store import Lake
from warehouse.marts import LOOP
from warehouse.months.behind import responses_in
from warehouse.months.plan import Plan
from warehouse.months.responses import staged_answers
from warehouse.months.shown import Names, shown_cells

#: One build of all cases is kept, whatever months they are of.
_ALL: Final = date(1970, 1, 1)

_ROW: Final = ("position", "source_row")
_CELL: Final = ("month", "cell")
_SHOWN: Final = ("branch", "channel", "survey")
_SAID: Final = (*_ROW, "response_id", "responded_at", "is_anonymous", *CLIENT)


@dataclass(frozen=True)
class FollowUp:
    """What nps.yaml says of following up."""

    due: DueRule
    matching: Matching
    exempt: tuple[str, ...] = ()
    of: tuple[str, ...] = ("detractor",)
    own_brands: tuple[str, ...] = ()


def register_cases(  # noqa: PLR0913 - each says what they are made from
    connection: duckdb.DuckDBPyConnection, lake: Lake, plan: Plan, follow_up: FollowUp, *, names: Names, now: datetime
) -> None:  # fmt: skip
    """Find all cases as they stand now, keep them in the lake, and make the table `cases` of them.

    `tickets` holds how many tickets are of a case, in which way, and how many of none.
    """
    cases, counts = find_cases(lake, plan, follow_up, names, now)
    load_id = new_load_id()
    folder = lake.begin("cases", load_id=load_id)
    cases.write_parquet(folder / "part-0.parquet", compression="lz4")
    lake.commit("cases", [folder])
    record = [("cases", _ALL, load_id, "of one publication", cases.height, 0, 0, now, None)]
    lake.append("builds", pl.DataFrame(record, schema=types(BuildRecord), orient="row"))
    frame_table(connection, "cases", cases)
    frame_table(connection, "tickets", pl.DataFrame(counts, schema=dict.fromkeys(WAYS, pl.Int64)))


def create_closed_loop(connection: duckdb.DuckDBPyConnection) -> None:
    """Make its marts, and its part of meta.reconciliation."""
    for mart in LOOP:
        run_model(connection, f"marts/{mart.model}", **mart.values)
    run_model(connection, "closed_loop/ticket_matches")
    reconcile(connection, "closed_loop")


def kept_cases(lake: Lake) -> pl.DataFrame:
    """All cases as the last publication found them, as `Case`."""
    files = lake.files_of("cases", loads_of(current_builds(lake, "cases")).select("load_id"))
    schema = stored_types(Case)
    return scan("cases", files).select(*schema).collect() if files else pl.DataFrame(schema=schema)


def find_cases(
    lake: Lake, plan: Plan, follow_up: FollowUp, names: Names, now: datetime
) -> tuple[pl.DataFrame, dict[str, int]]:
    """All cases as they stand at a moment, as `Case`, and how many tickets are of each of `ticket_cases.WAYS`."""
    live = _live(lake, plan, follow_up, names)
    gone = _gone(lake, plan, follow_up).join(live, on=["source", "case_id"], how="anti")
    every = pl.concat([live.with_columns(is_void=False), gone.with_columns(is_void=True)], how="diagonal")
    told, counts = with_tickets(every, tickets(lake, plan), follow_up.matching)
    dated = told.with_columns(due_at=due_at(pl.col("opened_at"), follow_up.due), as_of=pl.lit(now).cast(INSTANT))
    found = with_states(dated, follow_up.exempt, now)
    typed = [pl.col(name).cast(dtype) for name, dtype in stored_types(Case).items()]
    return found.select(typed).sort("opened_at", "source", "file_digest", "source_row"), counts


def tickets(lake: Lake, plan: Plan) -> pl.DataFrame:
    """The tickets of the last dumps, as `transforms.follow_up.ticket_cases.latest_tickets` gives them.

    None where nps.yaml names no dumps any more.
    """
    files = counted_files(lake, {TICKETS}.intersection(plan.verdicts["source"]))
    paths = lake.files_of("tickets", files.select("load_id"))
    if not paths:
        return pl.DataFrame(schema={**stored_types(Ticket), "position": pl.Int64})
    rows = scan("tickets", paths).collect().join(files.select("load_id", "position"), on="load_id")
    return latest_tickets(rows.select(*stored_types(Ticket), "position"))


def _live(lake: Lake, plan: Plan, follow_up: FollowUp, names: Names) -> pl.DataFrame:
    """The answers that count and are cases: where they stand, what they are of, and what the same person said next."""
    builds = plan.counting(current_builds(lake, "responses"))
    cells = _cells(lake, builds, names)
    is_case = pl.col("category").is_in(list(follow_up.of))
    files = lake.files_of("responses", loads_of(builds))
    if not files:
        return _nothing().drop("is_void")
    positions = plan.files.select("source", "file_digest", "position")
    rows = responses_in(files).join(positions.lazy(), on=["source", "file_digest"])
    told = rows.select(*_ROW, *_CELL, "person").join(cells.lazy(), on=_CELL)
    people = told.filter(is_case).select(pl.col("person").drop_nulls().unique()).collect().to_series()
    wanted = told.filter(is_case | pl.col("person").is_in(people.implode())).collect()
    said = wanted.join(_said(lake, plan, wanted), on=_ROW)
    ordered = said.sort("person", "responded_at", *_ROW)
    following = pl.when(pl.col("person").is_not_null()).then(pl.col("category").shift(-1).over("person"))
    cases = ordered.with_columns(next_category=following).filter(is_case)
    named = cases.join(positions, on="position").rename({"response_id": "case_id", "responded_at": "opened_at"})
    return named.select(*_nothing().drop("is_void").columns)


def _said(lake: Lake, plan: Plan, wanted: pl.DataFrame) -> pl.DataFrame:
    """What staged answers say of the wanted rows."""
    files = plan.files.join(wanted.select(pl.col("position").unique()), on="position", how="semi")
    paths = lake.files_of("staged", files.select("load_id"), wanted.get_column("month").unique().to_list())
    nobody = pl.all_horizontal(pl.col("respondent_key", "account_key").is_null())
    rows = staged_answers(paths, plan.files).with_columns(is_anonymous=nobody).select(_SAID)
    return rows.join(wanted.lazy().select(_ROW), on=_ROW, how="semi").collect()


def _gone(lake: Lake, plan: Plan, follow_up: FollowUp) -> pl.DataFrame:
    """The answers that were cases and count no more, each once: superseded ones, and those of withdrawn files."""
    builds = plan.counting(current_builds(lake, "responses"))
    paths = lake.files_of("superseded", loads_of(builds))
    where = ["source", "file_digest", "source_row"]
    lost = scan("superseded", paths).select(where).collect() if paths else _nothing().select(where)
    counted = plan.files.filter(pl.col("metric") == "nps")
    files = counted.join(lost, on=["source", "file_digest"], how="semi")
    verdicts = current_files(lake).filter(pl.col("source").is_in(plan.verdicts["source"].unique().implode()))
    withdrawn = verdicts.filter(pl.col("status") == "withdrawn", pl.col("metric") == "nps").drop_nulls("load_id")
    several = pl.concat([files, withdrawn.with_columns(position=pl.lit(-1, pl.Int64)).select(counted.columns)])
    staged = lake.files_of("staged", several.select("load_id"))
    if not staged:
        return _nothing().drop("is_void")
    of_files = several.select("load_id", "source", "file_digest", "position").unique("load_id").lazy()
    rows = scan("staged", staged).drop("source", "file_digest").join(of_files, on="load_id")
    unhappy = rows.with_columns(category=category(pl.col("score"))).filter(pl.col("category").is_in(list(follow_up.of)))
    wanted = ["source", "file_digest", "source_row", "month", "position", "brand", "category", "response_id",
              "responded_at"]  # fmt: skip
    found = with_own(unhappy.select(wanted).collect(), follow_up.own_brands)
    own = found.filter(pl.col("brand").fill_null(OWN) == OWN).drop("brand")
    is_withdrawn = pl.col("position") < 0
    superseded = own.filter(~is_withdrawn).join(lost, on=where, how="semi")
    both = pl.concat([superseded, own.filter(is_withdrawn)]).sort("responded_at", "file_digest", "source_row")
    named = both.rename({"response_id": "case_id", "responded_at": "opened_at"})
    once = named.unique(["source", "case_id"], keep="last", maintain_order=True)
    unknown = {name: pl.lit(UNKNOWN) for name in _SHOWN}
    # Nobody follows up what counts no more: a ticket that names the client alone is of an answer that does.
    never = {"is_anonymous": pl.lit(value=False), **dict.fromkeys(("next_category", *CLIENT), pl.lit(None, pl.String))}
    return once.with_columns(**unknown, **never).select(*_nothing().drop("is_void").columns)


def _cells(lake: Lake, builds: pl.DataFrame, names: Names) -> pl.DataFrame:
    """The cells of clients' answers about the own brand, under the names that are shown."""
    files = lake.files_of("cells", loads_of(builds))
    if not files:
        return pl.DataFrame(
            schema={"month": pl.Date, "cell": pl.Int32, **dict.fromkeys((*_SHOWN, "category"), pl.String)}
        )
    cells = scan("cells", files).filter(pl.col("metric") == "nps")
    named = [pl.col(name).cast(pl.String).fill_null(ABSENT[name]) for name in TYPED]
    found = shown_cells(cells.select(*_CELL, "survey", *named, "category").collect(), names)
    return found.filter(pl.col("brand") == OWN).select(*_CELL, *_SHOWN, pl.col("category").cast(pl.String))


def _nothing() -> pl.DataFrame:
    """No answer of an unhappy client. Who gave one is known until tickets are found."""
    stored = stored_types(Case)
    names = (
        "source",
        "file_digest",
        "source_row",
        "case_id",
        "month",
        *_SHOWN,
        "category",
        "opened_at",
        "next_category",
    )
    flags = {"is_anonymous": pl.Boolean(), "is_void": pl.Boolean()}
    clients = dict.fromkeys(CLIENT, pl.String())
    return pl.DataFrame(schema={**{name: stored[name] for name in names}, **flags, **clients})
