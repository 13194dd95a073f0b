"""A small workspace with the files of two nights, and what must be true of what a night publishes.

The second night brings a newer export of the shops (one answer is gone, one has another score, two are new), a correction
of a call that moves to another month, and an account that has changed its branch.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import duckdb
import polars as pl

from pipelines.config.workspace import open_workspace
from pipelines.context import Context
from pipelines.recipes.figures import response_rules
from tests.support.scenario import BUT_WHEN, Settings, land, source, workspace
from warehouse.lake.ledgers import counted_files, current_builds, current_files, loads_of
from warehouse.lake.loads import shared_load
from warehouse.lake.parquet import scan
from warehouse.lake.tables import BUILT_TABLES, DATA_TABLES
from warehouse.months.plan import make_plan

COLUMNS = {"response_id": "Id", "responded_at": "Date", "respondent": "Person", "account": "Client", "score": "Score"}
SETTINGS: Settings = {
    "history_from": "2024-01",
    "sources": {
        "shops": source("shops", columns=COLUMNS, delivery="snapshot", defaults={"channel": "web"}),
        "calls": source("calls", columns=COLUMNS, scale="1-10", defaults={"channel": "phone"}),
    },
    "dimensions": {
        "accounts": {
            "kind": "csv",
            "files": "landing/accounts/*",
            "columns": {"account": "Id", "branch": "Branch", "industry": "Industry", "valid_from": "Since"},
        }
    },
    "gates": {"max_reject_share": 0.5},
    "publish": {"keep": 1},
}

#: All but when it was.
_KEPT = "* exclude (ingested_at, ingested_at_business)"
HEADING = "Id,Date,Person,Client,Score"
#: Two people answer twice in a month, one leaves the score blank, one date cannot be read.
SHOPS = [
    f"s{row},2024-{10 + row % 3}-{1 + row % 27:02},p{row % 20}@example.com,c{row % 4},{(row * 7) % 11}"
    for row in range(24)
] + ["s90,2024-11-05,p90@example.com,c1,", "s91,soon,p91@example.com,c1,9"]
CALLS = [
    f"k{row},2024-{10 + row % 3}-{1 + row % 27:02},+385 1 {row % 14:06},c{row % 4},{1 + (row * 3) % 10}"
    for row in range(18)
]
ACCOUNTS = ["c0,zagreb,retail,2024-01-01", "c1,split,retail,2024-01-01", "c2,zagreb,banking,2024-01-01"]
FIRST = {
    "accounts/accounts.csv": ["Id,Branch,Industry,Since", *ACCOUNTS],
    "shops/2025-01-01.csv": [HEADING, *SHOPS],
    "calls/2025-01-01.csv": [HEADING, *CALLS],
}
SECOND = {
    "accounts/accounts_new.csv": ["Id,Branch,Industry,Since", "c0,split,retail,2024-12-01"],
    "shops/2025-01-02.csv": [
        HEADING, "s0,2024-10-01,p0@example.com,c0,10", *SHOPS[2:], "s50,2024-12-30,p50@example.com,c2,9",
        "s51,2024-12-31,p51@example.com,c3,3",
    ],
    "calls/2025-01-02.csv": [HEADING, "k1,2024-12-24,+385 1 000001,c1,10", "k60,2024-12-28,+385 1 000060,c2,2"],
}  # fmt: skip


def make(home: Path) -> Path:
    """A workspace with the files of the first night."""
    workspace(home, SETTINGS)
    arrive(home, FIRST, day=1)
    return home


def arrive(home: Path, files: Mapping[str, Sequence[str]], day: int) -> None:
    """Files land."""
    for name, lines in files.items():
        land(home, name, "\n".join(lines) + "\n", day)


def copy(home: Path, to: Path) -> Path:
    """The same workspace somewhere else; files keep their times."""
    shutil.copytree(home, to)
    return to


def context(home: Path) -> Context:
    return Context(open_workspace(home))


def published(home: Path) -> dict[str, list[tuple[object, ...]]]:
    """All that readers see, but for the times at which it was made: every table, its rows in order."""
    with duckdb.connect(str(home / "published" / "nps.duckdb"), read_only=True) as connection:
        tables = connection.execute(
            "select schema_name || '.' || table_name from duckdb_tables() where schema_name = 'marts' "
            "or table_name in ('files', 'rejections', 'reconciliation') order by all"
        ).fetchall()
        return {
            table: connection.execute(
                f"select {_KEPT if table == 'meta.files' else BUT_WHEN} from {table} order by all"
            ).fetchall()
            for (table,) in tables
        }


def imbalances(home: Path) -> list[str]:
    """What does not add up, in the published file or in the lake; nothing, if all is well."""
    return [*_of_the_file(home), *_of_the_lake(home)]


def loads_that_do_not_count(home: Path) -> list[str]:
    """Loads of the lake that no ledger names any more, or never did; by table and load."""
    lake = context(home).lake
    files = set(current_files(lake).get_column("load_id").drop_nulls())
    built = {
        stage: set(current_builds(lake, stage).get_column("load_id")) for stage in ("responses", "facts", "people")
    }
    counting = {**dict.fromkeys(BUILT_TABLES, built["responses"]), "facts": built["facts"], "repeats": built["people"]}
    return sorted(
        f"{table}/{load}"
        for table in DATA_TABLES
        for load in set(lake.pieces(table).get_column("load_id")) - set(map(shared_load, counting.get(table, files)))
    )


def _of_the_file(home: Path) -> Iterator[str]:
    for name, _, _, difference in published(home)["meta.reconciliation"]:
        if difference:
            yield f"{name}: {difference}"


def _of_the_lake(home: Path) -> Iterator[str]:
    """From files to loads to builds, each held against the rows that are there."""
    lake = context(home).lake
    files = counted_files(lake, context(home).workspace.config.sources)
    for file in files.iter_rows(named=True):
        if file["rows_read"] != sum(file[name] for name in ("accepted", "unanswered", "excluded", "rejected")):
            yield f"{file['path']}: rows read"
        pieces = lake.files_of("staged", pl.DataFrame({"load_id": [file["load_id"]]}))
        staged = scan("staged", pieces, [file["load_id"]]).collect().height if pieces else 0
        if staged != file["accepted"]:
            yield f"{file['path']}: {staged} rows staged, {file['accepted']} accepted"
    plan = make_plan(lake, response_rules(context(home).workspace.config))
    builds = plan.counting(current_builds(lake, "responses"))
    answers = int(files.get_column("accepted").sum())
    for name in ("responses", "superseded"):
        if (rows := _height(lake.files_of(name, loads_of(builds)))) != builds.get_column(name).sum():
            yield f"{name}: {rows} rows, {builds.get_column(name).sum()} recorded"
    if answers != builds.select(pl.sum_horizontal("responses", "superseded")).to_series().sum():
        yield f"{answers} answers accepted, other ones in responses and superseded"
    facts = lake.files_of("facts", loads_of(plan.counting(current_builds(lake, "facts"))))
    if pl.read_parquet(facts).get_column("responses").sum() != builds.get_column("responses").sum():
        yield "facts hold other answers than responses"


def _height(files: list[str]) -> int:
    return sum(int(pl.scan_parquet(file).select(pl.len()).collect().item()) for file in files)
