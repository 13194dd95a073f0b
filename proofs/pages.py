"""Somebody who takes the tour of `docs/tour.md` through Dagster's pages: a backfill, a bad file, a failed gate, the tables.

Here: what is clicked, and what must be seen then; the pictures of the tour are made by it. Not here: the browser and the
pages (`dagster_ui`).
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Final

import duckdb

from proofs.dagster_ui import Person, eventually, opened
from proofs.stage import Stage
from proofs.told import demand
from warehouse.lake.ledgers import current_builds
from warehouse.lake.store import Lake

_BACKFILLED: Final = ("2025-01", "2025-02", "2025-03")
#: So large is the window that `clients/click.py` opens.
_WINDOW: Final = ("1400", "860")
_MONTHS: Final = "/assets/responses?view=partitions&partition="
_REBUILD: Final = "/locations/pipelines.definitions/jobs/rebuild"


def prove(stage: Stage) -> Iterator[str]:
    """Take the tour on a copy of the demo; gives a sentence for each of its stops. Raises `NotProvedError`."""
    home = stage.scratch / "pages"
    shutil.copytree(stage.publisher.home, home)
    with opened(home, stage.pictures) as person:
        for stop in (graph, backfill, bad_file, failed_gate, published):
            yield stop(person, home)


def graph(person: Person, _: Path) -> str:
    """All assets, none of them in need of anything."""
    eventually(lambda: not _without_materialisation(person), "every asset has been made")
    person.does("size", "1100", "1000")
    person.goes("/assets/published?view=lineage&lineageScope=upstream&lineageDepth=3")
    person.does("wait", "12")
    person.photographs("1_graph")
    person.does("size", *_WINDOW)
    person.goes("/asset-groups")
    person.photographs("0_groups")
    return "every asset of the graph has been made, the published tables too"


def backfill(person: Person, home: Path) -> str:
    """Three months, chosen in a dialog; each shows its own figures."""
    done = person.runs()
    _rebuild(person, f"[{_BACKFILLED[0]}...{_BACKFILLED[-1]}]", picture="2_backfill")
    runs = person.waits_for(1, done)
    demand({status for *_, status in runs} == {"SUCCESS"}, f"the backfill ended: {runs}")
    shown = {month: _figure(person.reads(f"{_MONTHS}{month}", "partition_row_count")) for month in _BACKFILLED}
    person.photographs("3_month")
    builds = current_builds(Lake(home / "lake"), "responses")
    there = {
        month: builds.filter(month=date.fromisoformat(f"{month}-01")).item(0, "responses") for month in _BACKFILLED
    }
    demand(shown == there, f"the months show {shown}, and the lake has {there}")
    return f"a backfill of three months by clicking is one run, and each month shows its own answers: {shown}"


def bad_file(person: Person, home: Path) -> str:
    """A file without headings is not in, and its source says so until a whole one has come."""
    _land(home, "1-cut", "calls")
    _materialise(person, "call_centre")
    wanted = "landing/calls/calls_SA_2026-07.txt"
    said = person.reads("/assets/call_centre?view=checks", wanted)
    person.photographs("4_bad_file")
    demand(
        "Failed" in said and wanted in said and "no heading stands there" in said, f"the bad file is not told: {said}"
    )
    _land(home, "2-whole", "calls")
    _materialise(person, "call_centre")
    said = person.reads("/assets/call_centre?view=checks", "All files are in")
    demand("Failed" not in said, f"the bad file is still told after it was mended: {said}")
    return "a file without headings is a failed check that names it and says what is wrong, until the whole file lands"


def failed_gate(person: Person, home: Path) -> str:
    """One month of two does not pass, and stays red when another is built; a list of branches mends it."""
    _settled(person, home, "2026-07", "SA")
    _land(home, "3-new-branch", "calls")
    _materialise(person, "call_centre")
    done = person.runs()
    _rebuild(person, "2026-06, 2026-07")
    person.waits_for(1, done)
    demand(_states(person) == (False, True), "of two months not just the one without known branches has failed")
    why = ("2026-07 call_centre", "calls_TS_2026-07.txt", "min_match_rate")
    said = person.reads("/assets/responses?view=checks", why[1])
    person.photographs("6_failed_gate")
    demand(all(each in said for each in why), f"the gate does not say why: {said}")
    failed = next(run for run, job, status in person.runs() if (job, status) == ("rebuild", "FAILURE"))
    done = person.runs()
    _rebuild(person, "2026-05")
    person.waits_for(1, done)
    demand(_states(person) == (False, True), "the failed month is not red any more after another was built")
    eventually(
        lambda: _headline(person) == "FAILED", "the check says that a month does not pass after another was built"
    )
    person.reads("/assets/responses?view=checks", why[1])
    person.reads(f"{_MONTHS}2026-07", "failed, and did not materialize")
    person.photographs("5_failed_month")
    person.reads(f"/runs/{failed}", why[1])
    _land(home, "4-opened", "crm")
    _materialise(person, "branches")
    _settled(person, home, "2026-07", "TS")
    demand(_states(person) == (False, False), "a month is still red after the branch was entered")
    return (
        "a gate fails for one month of two; it stays red when another is built, says why, and passes once it is mended"
    )


def published(person: Person, home: Path) -> str:
    """The published file with its tables, and a table with its columns."""
    said = person.reads("/assets/published?view=overview", "[Show Markdown]")
    demand(str(home / "published" / "nps.duckdb") in said, "the published file's path is not shown")
    person.does("click", "text=[Show Markdown]")
    said = person.does("read", "body")
    demand("marts.nps_by_branch" in said, "the published tables are not shown")
    person.photographs("7_published")
    said = person.reads("/assets/marts/nps_by_branch?view=overview", "Number of answers that count.")
    person.photographs("8_columns")
    demand("Number of answers that count." in said and "BIGINT" in said, "the columns of a table are not explained")
    person.goes("/overview/activity/timeline")
    person.photographs("9_timeline")
    return "the published file shows its tables, and a table its columns, with what they mean"


def _without_materialisation(person: Person) -> list[str]:
    said = person.asks("{ assetNodes { assetKey { path } assetMaterializations(limit: 1) { runId } } }")
    return ["/".join(each["assetKey"]["path"]) for each in said["assetNodes"] if not each["assetMaterializations"]]


def _land(home: Path, which: str, folder: str) -> None:
    for file in (home / "practice" / which).iterdir():
        shutil.copyfile(file, home / "landing" / folder / file.name)


def _materialise(person: Person, asset: str) -> None:
    done = person.runs()
    person.goes(f"/assets/{asset}?view=overview")
    person.does("click", "button:has-text('Materialize')")
    runs = person.waits_for(1, done)
    demand(runs[-1][-1] == "SUCCESS", f"{asset} was not materialised: {runs}")


def _rebuild(person: Person, months: str, picture: str | None = None) -> None:
    person.goes(_REBUILD)
    person.does("click", "button:has-text('Materialize all')")
    person.does("fill", "input[placeholder^='ex: 20']", months)
    person.does("press", "Enter")
    if picture:
        person.photographs(picture)
    person.does("click", "button:has-text('Launch'):not([disabled])")


def _states(person: Person) -> tuple[bool, bool]:
    """Whether June and July are failed, as the page of responses has it."""
    said = person.asks(
        '{ assetNodeOrError(assetKey: {path: ["responses"]}) { ... on AssetNode { assetPartitionStatuses { '
        "... on TimePartitionStatuses { ranges { status startKey endKey } } } } } }"
    )
    ranges = said["assetNodeOrError"]["assetPartitionStatuses"]["ranges"]
    red = [each for each in ranges if each["status"] == "FAILED"]
    june, july = (any(each["startKey"] <= month <= each["endKey"] for each in red) for month in ("2026-06", "2026-07"))
    return june, july


def _headline(person: Person) -> str:
    """What stands on top of the check of known branches, and with it on the page of its asset."""
    said = person.asks(
        '{ assetNodeOrError(assetKey: {path: ["responses"]}) { ... on AssetNode { assetChecksOrError { ... on AssetChecks { '
        "checks { name executionForLatestMaterialization { status } } } } } } }"
    )
    checks = said["assetNodeOrError"]["assetChecksOrError"]["checks"]
    [found] = [
        each["executionForLatestMaterialization"] for each in checks if each["name"] == "enough_branches_are_known"
    ]
    return str(found["status"]) if found else "NOT TOLD"


def _settled(person: Person, home: Path, month: str, branch: str) -> None:
    """Until the sensors have had months built and published, so that a branch has answers in a month."""
    sql = "select count(*) from marts.fct_nps where month = ? and branch = ?"

    def is_there() -> bool:
        with duckdb.connect(str(home / "published" / "nps.duckdb"), read_only=True) as connection:
            found = connection.execute(sql, [f"{month}-01", branch]).fetchone()
        return bool(found and found[0])

    eventually(is_there, f"answers of {branch} in {month} are published")
    person.waits_for(0, person.runs())


def _figure(page: str) -> int:
    found = re.search(r"\banswers\s+[\d,]+\s+responses\s+([\d,]+)", page)
    demand(found, f"no number of responses is shown: {page}")
    assert found
    return int(found[1].replace(",", ""))
