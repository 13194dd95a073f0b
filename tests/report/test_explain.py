"""From a published figure to what stands behind it: it adds up, says what does not count, and never who answered."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from shutil import copytree

import pytest

from tests.support.scenario import Settings, configure, land, nps, published, source, workspace

HEADED = "Id,Date,Person,Branch,Score\n"
COLUMNS = {"response_id": "Id", "responded_at": "Date", "respondent": "Person", "branch": "Branch", "score": "Score"}
SETTINGS: Settings = {
    "sources": {
        "shops": source("shops", columns=COLUMNS),
        "calls": source("calls", columns=COLUMNS, defaults={"programme": "transactional", "channel": "phone"}),
        "staff": source("staff", metric="enps", columns={**COLUMNS, "department": "Branch"}),
    },
    "headline": "general",
    "own_brands": ["Acme"],
    "dimensions": {
        "branches": {"kind": "csv", "files": "landing/crm/*", "columns": {"branch": "Code", "name": "Name"}}
    },
    "gates": {"max_reject_share": 0.5, "min_match_rate": 0},
}
#: One person answers twice in March, one row cannot be read, one branch is spelt in two ways.
FIRST = [
    "a1,2025-03-01,ana@example.com,ZG,10", "a2,2025-03-02,ana@example.com,ZG,3", "a3,2025-03-03,eva@example.com,zg,9",
    "a4,2025-03-04,ivo@example.com,ST,0", "a5,2025-03-05,mia@example.com,ZG,eleven", "a6,2025-02-05,jan@example.com,ZG,7",
    "a7,someday,lea@example.com,ZG,7",
]  # fmt: skip
#: An answer is corrected.
SECOND = ["a3,2025-03-03,eva@example.com,Zagreb,8", "b1,2025-03-07,tea@example.com,ZG,9"]
CALLS = ["c1,2025-03-01,una@example.com,ZG,0", "c2,2025-03-02,ema@example.com,ZG,10"]
#: Of each group as many of each kind; those of stock and depot are too few to be shown.
TEAMS = {"sales": (0, 5, 7, 8, 9, 10), "stock": (3, 7, 8, 10), "depot": (2, 6, 7, 9, 9)}
STAFF = [
    f"{team}{n},2025-03-0{1 + n},{team}{n}@example.com,{team},{score}"
    for team, scores in TEAMS.items() for n, score in enumerate(scores)
]  # fmt: skip


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Tests only look at it."""
    home = workspace(tmp_path_factory.mktemp("explain") / "home", SETTINGS)
    land(home, "crm/branches.csv", "Code,Name\nZG,Zagreb\nST,Split\n")
    land(home, "shops/first.csv", HEADED + "\n".join(FIRST), 1)
    land(home, "shops/second.csv", HEADED + "\n".join(SECOND), 2)
    land(home, "shops/bad.csv", HEADED + "x1,2025-03-01,bad@example.com,ZG,99\n", 3)
    land(home, "calls/calls.csv", HEADED + "\n".join(CALLS), 1)
    land(home, "staff/staff.csv", HEADED + "\n".join(STAFF), 1)
    assert nps("run", "--home", home).code == 3
    return home


def told(home: Path, *how: str, code: int = 0) -> str:
    found = nps("explain", "--home", home, *how)
    assert found.code == code, found.said
    assert "@" not in found.said
    assert "example.com" not in found.said
    return found.said


def rows(home: Path, *how: str) -> list[tuple[str, ...]]:
    listed = list(csv.DictReader(io.StringIO(told(home, "--csv", *how))))
    return [(row["fate"], row["path"][8:], row["source_row"], row["reason"], row["by_path"][8:]) for row in listed]


def test_a_figure_adds_up_and_leads_to_its_rows_and_to_what_lost_and_was_rejected(home: Path) -> None:
    said = told(home, "--branch", "ZG", "--month", "2025-03")
    assert "NPS of branch ZG, 2025-03: 0.0 by 3 answers (1 promoters, 1 passives, 1 detractors)" in said
    assert "It adds up: 3 answers are published, and 3 rows count here." in said
    assert rows(home, "--branch", "ZG", "--month", "2025-03") == [
        ("counts", "shops/first.csv", "3", "", ""),
        ("counts", "shops/second.csv", "2", "", ""),
        ("counts", "shops/second.csv", "3", "", ""),
        ("superseded", "shops/first.csv", "2", "answered_again", "shops/first.csv"),
        ("superseded", "shops/first.csv", "4", "redelivered", "shops/second.csv"),
        ("rejected", "shops/first.csv", "6", "score_unreadable", ""),
        ("rejected", "shops/first.csv", "8", "date_unreadable", ""),
    ]


def test_a_program_is_told_counts_files_and_what_is_not_in(home: Path) -> None:
    found = nps("explain", "--json", "--branch", "ZG", "--month", "2025-03", "--home", home).document
    assert (found["adds_up"], found["is_current"], found["table"]) == (True, True, "marts.nps_by_branch")
    assert found["found"] == {name: found["published"][name] for name in found["found"]}
    by_file = {file["path"][8:]: file for file in found["files"]}
    assert by_file["shops/first.csv"] | {"source": "", "path": ""} == {
        "source": "", "path": "", "responses": 1, "promoters": 0, "passives": 0, "detractors": 1, "superseded": 2,
        "rejected": 2, "excluded": 0,
    }  # fmt: skip
    assert [(file["path"], file["status"]) for file in found["not_in"]] == [("landing/shops/bad.csv", "held")]


@pytest.mark.parametrize(
    ("how", "answers"),
    [
        (("--month", "2025-03"), 4),
        (("--quarter", "2025-Q1"), 5),
        (("--year", "2025", "--branch", "Zagreb"), 4),
        (("--month", "2025-03", "--survey", "calls"), 2),
        (("--month", "2025-03", "--programme", "transactional"), 2),
        (("--month", "2025-03", "--brand", "own"), 6),
        (("--month", "2025-03", "--brand", "ACME"), 6),
        (("--quarter", "2025-q1", "--branch", "zg", "--survey", "shops"), 4),
        (("--month", "2025-03", "--branch", "zg", "--channel", "unknown"), 3),
    ],
)
def test_every_figure_adds_up(home: Path, how: tuple[str, ...], answers: int) -> None:
    assert f"It adds up: {answers} answers are published, and {answers} rows count here." in told(home, *how)


def test_windows_and_branches_as_they_are_today_add_up(tmp_path: Path) -> None:
    columns = {"branch": "Code", "name": "Name", "region": "Region", "became": "Became"}
    branches = {"kind": "csv", "files": "landing/crm/*", "columns": columns}
    home = workspace(tmp_path / "home", {**SETTINGS, "dimensions": {"branches": branches}})
    land(home, "crm/branches.csv", "Code,Name,Region,Became\nZG,Zagreb,north,\nST,Split,south,ZG\nOS,Osijek,north,\n")
    rows = [f"{n},2025-0{1 + n % 4}-05,{n}@example.com,{('ZG', 'st', 'OS')[n % 3]},{n % 11}" for n in range(24)]
    land(home, "shops/first.csv", HEADED + "\n".join(rows), 1)
    assert nps("run", "--home", home).code == 0
    for how, answers in {
        ("--rolling-3m", "2025-04"): 18,
        ("--rolling-3m", "2025-03", "--branch", "Split"): 6,
        ("--rolling-3m", "2025-03", "--branch", "ZG", "--as-is"): 12,
        ("--month", "2025-03", "--branch", "zagreb", "--as-is"): 4,
        ("--year", "2025", "--region", "north", "--as-is"): 24,
        ("--year", "2025", "--region", "north"): 16,
    }.items():
        assert f"It adds up: {answers} answers are published, and {answers} rows count here." in told(home, *how)
    assert "NPS of branch ZG as it is today, 2025-01 to 2025-03" in told(
        home, "--rolling-3m", "2025-03", "--branch", "ZG", "--as-is"
    )
    assert "no answer is published of that" in told(home, "--rolling-12m", "2025-04", code=2)


def test_of_employees_only_what_is_shown_and_the_names_of_files_are_told(home: Path) -> None:
    asked = ("--metric", "enps", "--month", "2025-03")
    said = told(home, *asked, "--department", "sales")
    assert "by 6 answers" in said
    assert "landing/staff/staff.csv" in said
    assert "Rows of employees are shown to nobody." in said
    found = nps("explain", "--json", *asked, "--home", home).document
    assert found["files"] == [{"source": "staff", "path": "landing/staff/staff.csv"}]
    hidden = told(home, *asked, "--department", "stock", code=2)
    assert hidden.replace("stock", "nobody") == told(home, *asked, "--department", "nobody", code=2)
    assert "that a group is missing tells nothing of its answers" in " ".join(hidden.split())
    company = told(home, "--metric", "enps", "--month", "2024-03", code=2)
    assert "nothing is shown of waves of employees that are open" in " ".join(company.split())
    assert "leave --csv out" in told(home, *asked, "--csv", code=2)


@pytest.mark.parametrize(
    ("how", "says"),
    [
        (("--branch", "ZG"), "--month 2025-03, --quarter 2025-Q1 or --year 2025"),
        (("--month", "2025-13"), "is no month"),
        (("--rolling-3m", "2025-Q1"), "is no month"),
        (("--rolling-12m", "0001-01"), "is no month"),
        (("--rolling-3m", "2025-03"), "no answer is published of that"),
        (("--month", "2025-03", "--survey", "calls", "--as-is"), "by --branch or by --region"),
        (("--month", "2025-03", "--metric", "enps", "--as-is"), "of clients"),
        (("--month", "2025-03", "--branch", "Zagrebb"), "Did you mean ZG?"),
        (("--month", "2025-03", "--branch", "Zagrab"), "Did you mean ZG?"),
        (("--month", "2024-03"), "no answer is published of that. The first is 2025-02, the last 2025-03."),
        (("--year", "25"), "'25' is no year; a year is written 2025"),
        (("--month", "2025-03", "--department", "sales"), "Is --metric enps meant?"),
        (("--month", "2025-03", "--csv", "--json"), "--csv or --json"),
        (
            ("--month", "2025-03", "--brand", "own", "--branch", "ZG"),
            "No figure of clients is published by branch and brand",
        ),
    ],
)
def test_what_cannot_be_explained_is_said(home: Path, how: tuple[str, ...], says: str) -> None:
    assert says in told(home, *how, code=2)


def test_what_changed_since_it_was_published_is_said(home: Path, tmp_path: Path) -> None:
    copy = Path(copytree(home, tmp_path / "copy"))
    configure(copy, {**SETTINGS, "headline": ["general", "transactional"]})
    said = told(copy, "--branch", "ZG", "--month", "2025-03", code=1)
    assert (
        "It does not add up: 3 answers are published, and 5 rows count here. nps.yaml or the lake has changed" in said
    )
    assert published(copy, "select count(*) from marts.nps_overall where period_grain = 'month'") == [(2,)]


def test_what_is_summed_from_rows_of_which_those_of_few_are_not_published_says_so(home: Path, tmp_path: Path) -> None:
    copy = Path(copytree(home, tmp_path / "copy"))
    configure(copy, {**SETTINGS, "nps": {"minimum_group": 2}})
    assert nps("run", "--home", copy).code == 0
    said = told(copy, "--survey", "shops", "--channel", "unknown", "--month", "2025-03")
    assert "It adds up: 3 answers are published, and 3 rows count here. It is not of all: fewer than 2 answers" in said
    assert "It is not of all" not in told(copy, "--survey", "shops", "--month", "2025-03")
