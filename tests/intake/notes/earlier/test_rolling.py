"""Exports of the last days only that take the place of what they held before: the older answers vanish, which is noted."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.support.scenario import ANSWERS, land, source, taken_in, workspace


def export(*months: int, scores: str = "0,3,6,7,8,9,9,10,10,10") -> str:
    """Ten answers a month, each with its id."""
    rows = [
        f"r{month}-{at},2025-{month:02}-{2 + at},{score}"
        for month in months
        for at, score in enumerate(scores.split(","))
    ]
    return "\n".join(["id,date,score", *rows, ""])


def told(home: Path, *files: tuple[str, str], delivery: str, **columns: str) -> list[str]:
    """The notes on answers that are gone, of the last of files that come one a night."""
    columns = {**ANSWERS, "response_id": "id", **columns}
    workspace(home, {"sources": {"a": source("a", columns=columns, delivery=delivery)}})
    found: dict[str, dict[str, Any]] = {}
    for day, (name, text) in enumerate(files, 1):
        land(home, f"a/{name}", text, day=day)
        found = taken_in(home)
    return [note for note in found[f"landing/a/{files[-1][0]}"]["notes"] if "takes the place" in note]


@pytest.mark.parametrize(
    ("delivery", "name"), [("incremental", "export.csv"), ("snapshot", "export.csv"), ("snapshot", "later.csv")]
)
def test_days_that_an_export_of_the_last_months_leaves_out_are_noted(tmp_path: Path, delivery: str, name: str) -> None:
    files = ("export.csv", export(1, 2)), (name, export(2, 3))
    [note] = told(tmp_path / "home", *files, delivery=delivery)
    what = "other bytes of its name" if name == "export.csv" else "landing/a/export.csv"
    assert note.startswith(
        f"It takes the place of {what}, of which 10 answers, from 2025-01-02 to 2025-01-11, are of other days"
    )


@pytest.mark.parametrize("delivery", ["incremental", "snapshot"])
def test_a_month_that_is_missing_amid_others_is_noted(tmp_path: Path, delivery: str) -> None:
    files = ("export.csv", export(1, 2, 3)), ("export.csv", export(1, 3, 4))
    [note] = told(tmp_path / "home", *files, delivery=delivery)
    assert "of which 10 answers, from 2025-02-02 to 2025-02-11, are of other days than all of its own" in note


@pytest.mark.parametrize(
    ("second", "delivery"),
    [
        (("later.csv", export(2, 3)), "incremental"),
        (("export.csv", export(1, 2, 3)), "incremental"),
        (("export.csv", export(1, 2, scores="1,3,6,7,8,9,9,10,10,10")), "incremental"),
        (("later.csv", export(1, 2, 3)), "snapshot"),
        (("export.csv", export(1, 2).replace("r1-0,2025-01-02,0\n", "")), "snapshot"),
    ],
    ids=["beside it", "longer", "corrected", "a newer snapshot", "one taken back"],
)
def test_what_goes_on_counting_is_not_noted(tmp_path: Path, second: tuple[str, str], delivery: str) -> None:
    assert told(tmp_path / "home", ("export.csv", export(1, 2)), second, delivery=delivery) == []


def test_a_file_that_was_renamed_before_its_name_was_used_again_is_still_there(tmp_path: Path) -> None:
    home = tmp_path / "home"
    assert told(home, ("export.csv", export(1)), delivery="incremental") == []
    (home / "landing/a/export.csv").rename(home / "landing/a/january.csv")
    land(home, "a/export.csv", export(2), day=2)
    notes = [note for row in taken_in(home).values() for note in row["notes"]]
    assert not any("takes the place" in note for note in notes)


def of_branches(*branches: str, months: int) -> str:
    """Ten answers a month of each branch."""
    rows = [
        f"{branch}{month}-{at},2025-{month:02}-{2 + at},{at},{branch}"
        for month in range(1, months + 1)
        for branch in branches
        for at in range(10)
    ]
    return "\n".join(["id,date,score,branch", *rows, ""])


@pytest.mark.parametrize("delivery", ["incremental", "snapshot"])
def test_a_longer_export_that_lacks_the_answers_of_a_branch_is_noted(tmp_path: Path, delivery: str) -> None:
    files = of_branches("Split", "Zagreb", months=2), of_branches("Zagreb", months=6)
    [note] = told(tmp_path / "home", *(("export.csv", text) for text in files), delivery=delivery, branch="branch")
    assert note.startswith(
        "It takes the place of other bytes of its name, and of the days of that it has 20 answers where that has 40, and "
        "none of 20 of branch Split: the others count no more."
    )


def test_a_branch_that_is_called_otherwise_is_not_missing(tmp_path: Path) -> None:
    files = of_branches("Split", "Zagreb", months=2), of_branches("ST", "Zagreb", months=3)
    names = ("export.csv", "later.csv")
    assert told(tmp_path / "home", *zip(names, files, strict=True), delivery="snapshot", branch="branch") == []


def test_a_longer_snapshot_that_lacks_many_answers_of_before_is_noted(tmp_path: Path) -> None:
    lines = export(1, 2).splitlines(keepends=True)
    files = (
        ("export.csv", "".join(lines)),
        ("later.csv", "".join(lines[:6] + lines[11:]) + "\n".join(export(3).split()[1:])),
    )
    [note] = told(tmp_path / "home", *files, delivery="snapshot")
    assert "of the days of that it has 15 answers where that has 20: the others count no more" in note
