"""What is declared once is added once: patches to a copy of the tree that touch only the files that CONTRIBUTING lists."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import polars as pl
import pytest

from pipelines.adapters.encodings.detection import detect
from tests.support.scenario import Settings, configure, land, night, source, workspace
from warehouse.lake.ledgers import current_builds
from warehouse.lake.store import Lake
from warehouse.published.query import ask

ROOT = Path(__file__).parents[2]
PACKAGES = ("pipelines", "transforms", "expectations", "warehouse")
COLUMNS = {"score": "score", "responded_at": "date", "channel": "how"}
BEFORE: Settings = {"sources": {"old": source("old", columns=COLUMNS), "new": source("new", columns=COLUMNS)}}
AFTER: Settings = {"sources": {**BEFORE["sources"], "new": source("new", columns={**COLUMNS, "goods": "What"})}}

Patch = Callable[[str], str]


def behind(line: str, added: str) -> Patch:
    """A line added behind the one that begins so."""

    def patched(text: str) -> str:
        [found] = [each for each in text.splitlines(keepends=True) if each.strip().startswith(line)]
        return text.replace(found, f"{found}{added}\n")

    return patched


def with_mart(text: str) -> str:
    line = '    Mart("nps_by_goods_channel", "nps", ("goods", "channel")),'
    return behind('Mart("nps_by_survey"', line)(text).replace("VERSION: Final = ", "VERSION: Final = 1 + ")


def with_reason(text: str) -> str:
    condition = "comment = 'ping' and score = 9"
    line = f"""    ROBOT = ("robot", "excluded", "Nothing to do: robots do not count.", "comment", "{condition}")"""
    return text.replace("    DATE_MISSING = (", f"{line}\n    DATE_MISSING = (").replace("= 0", "= 1")


def whole(text: str) -> Patch:
    """A file that was not there."""
    return lambda _: text


def at_the_end(text: str) -> Patch:
    return lambda before: before + text


#: What a change touches, by file.
MART: Mapping[str, Patch] = {"warehouse/marts.py": with_mart}
DIMENSION: Mapping[str, Patch] = {
    "transforms/dimensions.py": behind(
        'AnswerDimension("channel"', '    AnswerDimension("goods", "What was bought.", metrics=("nps",)),'
    ),
    "warehouse/models/comments.yaml": behind("channel:", "  goods: What it is about; unknown where nothing says it."),
}
KIND: Mapping[str, Patch] = {
    "pipelines/kinds/tickets.yaml": whole(
        "reader: csv\nrecognised:\n  - {all: [Ticket, Rating], delivery: incremental}\nsource:\n"
        "  columns: {score: Rating, responded_at: Asked of, response_id: Ticket, comment: Said}\n"
    )
}
REASON: Mapping[str, Patch] = {"transforms/reasons.py": with_reason}
ENCODING: Mapping[str, Patch] = {
    "pipelines/adapters/encodings/alphabets.py": behind('"iso-8859-7"', '    "mac-greek": _GREEK,')
}
COMMAND: Mapping[str, Patch] = {
    "pipelines/cli/look.py": at_the_end(
        "\n\ndef sources(home: options.Home = None) -> None:\n"
        '    """The sources of nps.yaml."""\n'
        "    with opened(home) as workspace:\n"
        "        show.lines(sorted(workspace.config.sources))\n"
    ),
    "pipelines/cli/main.py": behind("look.status", "    look.sources,"),
}
GREEK = "Βαθμός;Σχόλιο\n9;Πολύ καλή εξυπηρέτηση, ευχαριστώ πολύ\n3;Περίμενα πολλή ώρα στην ουρά\n"


def copied(tree: Path, *patches: Mapping[str, Patch]) -> None:
    """The packages with these patches."""
    for package in PACKAGES:
        shutil.copytree(ROOT / package, tree / package, ignore=shutil.ignore_patterns("__pycache__"))
    for name, patched in (each for patch in patches for each in patch.items()):
        file = tree / name
        file.write_text(patched(file.read_text("utf-8") if file.exists() else ""), "utf-8")


def listed_in_contributing(heading: str) -> set[str]:
    """The files that a section of CONTRIBUTING.md names first in its points."""
    section = (ROOT / "CONTRIBUTING.md").read_text("utf-8").split(f"## {heading}\n")[1].split("\n## ")[0]
    return {line.split("`")[1] for line in section.splitlines() if line[:1].isdigit()}


@pytest.mark.parametrize(
    ("heading", "patch", "most"),
    [
        ("To add a mart", MART, 2),
        ("To add a dimension of an answer", DIMENSION, 2),
        ("To add a kind of source", KIND, 2),
        ("To add a reason", REASON, 1),
    ],
)
def test_contributing_names_the_files_and_they_are_few(heading: str, patch: Mapping[str, Patch], most: int) -> None:
    named = listed_in_contributing(heading)
    assert {name.replace("/tickets.", "/<kind>.") for name in patch} <= named
    assert len(named) <= most


@pytest.mark.parametrize(("what", "patch", "most"), [("an encoding", ENCODING, 1), ("a command", COMMAND, 2)])
def test_its_table_names_them_too(what: str, patch: Mapping[str, Patch], most: int) -> None:
    [line] = [
        line for line in (ROOT / "CONTRIBUTING.md").read_text("utf-8").splitlines() if line.startswith(f"| {what}")
    ]
    assert {name for name in patch if not any(named in name for named in line.split("`")[1::2])} == set()
    assert len(patch) == most


def test_a_kind_a_reason_an_encoding_and_a_command_work_with_nothing_but_their_lines(tmp_path: Path) -> None:
    tree, home = tmp_path / "tree", workspace(tmp_path / "home", BEFORE)
    copied(tree, KIND, REASON, ENCODING, COMMAND)
    typed = [sys.executable, "-m", "tests.support.patched", str(tmp_path), GREEK.encode("mac-greek").hex(), str(home)]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(tree), str(ROOT)])}
    done = subprocess.run(typed, cwd=tree, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == {
        "encoding": "mac-greek",
        "refusals": [None, None, "robot"],
        "outcomes": ["accepted", "accepted", "excluded"],
        "ids": ["t1", "t2", "t3"],
        "same": [None, None, "robot"],
        "printed": "new\nold\n",
    }
    found = detect(GREEK.encode("mac-greek"))
    assert found is None or found.encoding != "mac-greek", "it is found without its line: take another"


def builds(home: Path) -> dict[str, list[tuple[object, ...]]]:
    """Which loads count for the months of each stage."""
    lake = Lake(home / "lake")
    return {stage: current_builds(lake, stage).select("month", "load_id").rows() for stage in ("responses", "facts")}


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a copy of the tree publishes to which a dimension and a mart of it were added, on a workspace of before."""
    top = tmp_path_factory.mktemp("declared")
    tree, home = top / "tree", workspace(top / "home", BEFORE)
    land(home, "old/1.csv", "score,date,how\n9,2024-12-07,phone\n")
    night(home)
    before = builds(home)
    copied(tree, DIMENSION, MART)
    patched_night(tree, home)
    assert builds(home) == before
    assert ask(home / "published" / "nps.duckdb", "select goods from marts.nps_by_goods_channel").rows()
    configure(home, AFTER)
    rows = ["9,2025-01-05,web,Loan", "10,2025-01-06,web,Loan", "9,2025-01-06,web,loan", "0,2025-02-06,web,Card"]
    land(home, "new/1.csv", "\n".join(["score,date,how,What", *rows, "7,2025-02-06,web,", ""]))
    patched_night(tree, home)
    assert all(set(before[stage]) < set(now) for stage, now in builds(home).items())
    return home / "published" / "nps.duckdb"


def patched_night(tree: Path, home: Path) -> None:
    """One night with the code of another tree."""
    code = "import sys; from pipelines.cli.main import main; sys.argv[0] = 'nps'; main()"
    environment = {**os.environ, "PYTHONPATH": str(tree), "PYTHONWARNINGS": "ignore"}
    typed = [sys.executable, "-c", code, "run", "--home", str(home)]
    done = subprocess.run(typed, cwd=tree, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_dimension_reaches_the_published_facts_under_the_spelling_of_most(published: Path) -> None:
    sql = "select goods, sum(responses)::bigint from marts.fct_nps group by all order by all"
    assert ask(published, sql).rows() == [("Card", 1), ("Loan", 3), ("unknown", 2)]
    spellings = ask(published, "select spelling, shown_as from meta.spellings where attribute = 'goods'").rows()
    assert sorted(spellings) == [("Loan", "Loan"), ("loan", "Loan")]


def test_a_dimension_is_said_to_readers(published: Path) -> None:
    comments = ask(published, "select column_name, comment from duckdb_columns()").filter(
        pl.col("comment").is_not_null()
    )
    said = dict(comments.rows())
    assert said["goods"] == "What it is about; unknown where nothing says it."
    assert (
        said["attribute"] == "programme, brand, branch, industry, region, area, department, channel, goods or product."
    )


def test_a_mart_of_it_holds_scores_and_says_of_what(published: Path) -> None:
    sql = "select goods, channel, responses, nps from marts.nps_by_goods_channel where period_grain = 'year'"
    assert sorted(ask(published, sql).rows()) == [
        ("Card", "web", 1, -100.0),
        ("Loan", "web", 3, 100.0),
        ("unknown", "phone", 1, 100.0),
        ("unknown", "web", 1, 0.0),
    ]
    comment = ask(published, "select comment from duckdb_tables() where table_name = 'nps_by_goods_channel'").item()
    assert comment.startswith("NPS by goods, channel and month, quarter, year and rolling window.")
