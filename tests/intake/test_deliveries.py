"""How answers are delivered changes no published number: in one file or two, once or again, plain or packed."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from tests.support.scenario import counts, land, marts, night, source, workspace

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
