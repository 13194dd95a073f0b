"""How answers are delivered changes no published number: in one file or two, once or again, plain or packed."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from tests.support.built import built, counted
from tests.support.scenario import ANSWERS, Settings, counts, land, marts, night, source, workspace

ROWS = [f"r{n},{n % 11},2025-0{n % 4 + 1}-{n % 27 + 1:02},B{n % 3},anna{n % 50}@example.com" for n in range(200)]
HEADINGS = "id,score,date,branch,mail"
COLUMNS = {"response_id": "id", "score": "score", "responded_at": "date", "branch": "branch", "respondent": "mail"}


def file(rows: list[str]) -> str:
    return "\n".join([HEADINGS, *rows]) + "\n"


def two(rows: list[str]) -> tuple[str, str]:
    return file(rows[:71]), file(rows[71:])


DELIVERIES: dict[str, dict[str, str | bytes]] = {
    "in one file": {"all.csv": file(ROWS)},
    "in two files": dict(zip(("first.csv", "second.csv"), two(ROWS), strict=True)),
    "twice under two names": {"all.csv": file(ROWS), "again.csv": file(ROWS)},
    "twice with other bytes": {"all.csv": file(ROWS), "again.csv": file(ROWS).replace("\n", "\r\n")},
    "plain and packed": {"all.csv": file(ROWS), "all.csv.gz": gzip.compress(file(ROWS).encode(), mtime=0)},
    "with an overlap": {"first.csv": file(ROWS[:150]), "second.csv": file(ROWS[50:])},
    "in another order": {"all.csv": file(ROWS[::-1])},
    "with columns in another order": {
        "all.csv": "\n".join(",".join(reversed(row.split(","))) for row in [HEADINGS, *ROWS])
    },
}


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return delivered(tmp_path_factory.mktemp("plain"), "in one file")


def delivered(folder: Path, how: str) -> Path:
    home = workspace(folder / "workspace", {"sources": {"shops": source("shops", columns=COLUMNS)}})
    for name, content in DELIVERIES[how].items():
        land(home, f"shops/{name}", content)
    night(home)
    return home


@pytest.mark.parametrize("how", [how for how in DELIVERIES if how != "in one file"])
def test_how_answers_are_delivered_changes_no_published_number(how: str, plain: Path, tmp_path: Path) -> None:
    home = delivered(tmp_path, how)
    assert sum(counts(plain, "shops")) >= 100
    assert marts(home) == marts(plain)


DAYS = [f"{day % 11},2025-03-{day:02},p{day}@example.com" for day in range(1, 29)]
NAMED: Settings = {"columns": ANSWERS, "file_name": "^(?P<branch>[A-Za-z]+)_"}
SPELT: dict[str, tuple[Settings, list[str], bool]] = {
    "snapshots of a survey that a column names": (
        {"columns": {**ANSWERS, "survey": "survey"}, "delivery": "snapshot"}, ["Shops", "SHOPS", "shops"], False,
    ),
    "snapshots of a branch that the name of a file says": ({**NAMED, "delivery": "snapshot"}, ["Zagreb", "ZAGREB"], True),
    "rows that come again in a file of a branch": (NAMED, ["Zagreb", "zagreb"], True),
    "a person who answers again": (
        {"columns": {**ANSWERS, "survey": "survey", "respondent": "mail"}}, ["Shops", "shops"], False
    ),
}  # fmt: skip


@pytest.mark.parametrize("at_once", [False, True])
@pytest.mark.parametrize("what", SPELT)
def test_all_spellings_of_a_name_are_one_where_files_follow_one_another(
    what: str, at_once: bool, tmp_path: Path
) -> None:
    settings, names, by_file = SPELT[what]
    home = workspace(tmp_path / "home", {"sources": {"a": source("a", **settings)}})
    for day, name in enumerate(names, 1):
        rows = [row if by_file else f"{row},{name}" for row in DAYS[: 20 + 2 * day]]
        heading = "score,date,mail" if by_file else "score,date,mail,survey"
        land(home, f"a/{name if by_file else 'x'}_{day}.csv", "\n".join([heading, *rows, ""]), day)
        if not at_once:
            built(home)
    verdicts = built(home)
    assert {row["status"] for row in verdicts.values()} == {"accepted"}
    assert counted(home)["responses"].sum() == 20 + 2 * len(names)


def test_a_snapshot_that_shrank_is_held_in_whichever_spelling_of_its_survey(tmp_path: Path) -> None:
    settings, [name, other, _], _ = SPELT["snapshots of a survey that a column names"]
    home = workspace(tmp_path / "home", {"sources": {"a": source("a", **settings)}})
    for day, (rows, survey) in enumerate(((DAYS, name), (DAYS[:20], other)), 1):
        land(home, f"a/{day}.csv", "\n".join(["score,date,mail,survey", *(f"{row},{survey}" for row in rows), ""]), day)
        verdicts = built(home)
    assert verdicts["landing/a/2.csv"]["reason"] == "snapshot_shrunk"
