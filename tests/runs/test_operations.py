"""What docs/operations.md says of back-ups, restoring and moving, by doing it."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from tests.support.scenario import land, nps, source, workspace
from warehouse.published.query import ask

OPERATIONS = (Path(__file__).parents[2] / "docs" / "operations.md").read_text("utf-8")
#: What is lost without them; all else is made from them.
KEPT = ("nps.yaml", "identity.key", "landing", "lake", "withdrawals.jsonl")
FIGURES = "select period_grain, period_start, branch, respondents, nps, ci_low from marts.nps_by_branch order by all"
COLUMNS = {"response_id": "Id", "responded_at": "Date", "branch": "Branch", "score": "Score", "respondent": "Who"}


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Tests only look at it. One file of two was taken back."""
    sources = {"shops": source("shops", columns=COLUMNS, delivery="incremental")}
    home = workspace(tmp_path_factory.mktemp("operations") / "company", {"sources": sources})
    for name, month in (("a", 1), ("b", 2), ("c", 2)):
        rows = (f"{name}{n},2025-0{month}-0{1 + n},ZG,{n},p{n}@example.com" for n in range(8))
        land(home, f"shops/{name}.csv", "Id,Date,Branch,Score,Who\n" + "\n".join(rows))
    assert nps("run", "--home", home).code == 0
    assert nps("withdraw", "landing/shops/c.csv", "--home", home).code == 0
    assert nps("run", "--home", home).code == 0
    return home


def figures(home: Path) -> list[tuple[object, ...]]:
    return ask(home / "published" / "nps.duckdb", FIGURES).rows()


def backed_up(company: Path, to: Path, without: str = "") -> Path:
    to.mkdir()
    for part in (company / name for name in KEPT if name != without):
        (shutil.copytree if part.is_dir() else shutil.copy2)(part, to / part.name)
    return to


def test_the_document_names_each_part_that_is_to_be_kept() -> None:
    rows = dict(re.findall(r"^\| ((?:`[\w./]+`(?:, )?)+)[^|]*\|[^|]*\| ([^|]*) \|$", OPERATIONS, re.MULTILINE))
    named = {name: lost for names, lost in rows.items() for name in re.findall(r"`([\w./]+)`", names)}
    assert set(KEPT) <= named.keys()
    assert not [name for name in KEPT if named[name].startswith("nothing:")]


def test_a_back_up_put_elsewhere_publishes_the_same_figures(company: Path, tmp_path: Path) -> None:
    home = backed_up(company, tmp_path / "restored")
    assert nps("run", "--home", home).code == 0
    assert figures(home) == figures(company)


def test_without_the_lake_all_is_read_again_with_the_same_figures(company: Path, tmp_path: Path) -> None:
    home = backed_up(company, tmp_path / "restored", without="lake")
    assert nps("run", "--home", home).code == 0
    assert figures(home) == figures(company)


def test_a_moved_workspace_has_nothing_to_do(company: Path, tmp_path: Path) -> None:
    home = tmp_path / "moved"
    shutil.copytree(company, home)
    before = (home / "published" / "nps.duckdb").stat().st_mtime_ns
    assert nps("run", "--home", home).code == 0
    assert (home / "published" / "nps.duckdb").stat().st_mtime_ns == before
