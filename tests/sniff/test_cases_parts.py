"""Parts of a file that were asked on another scale than the rest: a branch, a channel, the first or the last months."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest

from pipelines.sniff.sniff import sniff
from tests.support.cases import settle

USUAL = [10, 9, 3, 8, 10, 0, 7, 9, 10, 6, 5, 10]
BRANCHES = ["Osijek", "Rijeka", "Split", "Zagreb"]
ON_5 = [5, 4, 5, 3, 5, 1]


def written(
    folder: Path, score: Callable[[int, date, str], int], headings: str = "Datum,Poslovnica,Ocjena", rows: int = 240
) -> Path:
    lines = [headings]
    for row in range(rows):
        day, branch = date(2024, 1, 1) + timedelta(row), BRANCHES[row * 7 // 5 % 4]
        lines.append(f"{day},{branch},{score(row, day, branch)}")
    path = folder / "x.csv"
    path.write_text("\n".join([*lines, ""]), "utf-8")
    return path


def usual(row: int, _: date, __: str) -> int:
    return USUAL[row % 12]


@pytest.mark.parametrize(
    "heading", ["Poslovnica", "Kanal", "Izvor", "Survey", "Language", "Regija", "Device type", "Кампания"]
)
def test_a_part_on_another_scale_is_asked_about(heading: str, tmp_path: Path) -> None:
    path = written(
        tmp_path,
        lambda row, day, branch: ON_5[row % 6] if branch == "Rijeka" else usual(row, day, branch),
        f"Datum,{heading},Ocjena",
    )
    [asked] = [each for each in sniff(path).questions if "scale:" in each]
    assert (
        f"rows in which '{heading}' says 'Rijeka' go from 1 to 5 in all 60 answers, where others go up to 10" in asked
    )
    assert f"where: {{column: '{heading}', values: ['Rijeka']}}" in asked
    assert "1-5 (promoters 5, passives 4)" in asked


def test_the_part_counts_on_its_own_scale_once_it_is_read_apart(tmp_path: Path) -> None:
    path = written(tmp_path, lambda row, day, branch: ON_5[row % 6] if branch == "Rijeka" else usual(row, day, branch))
    rule = "{column: Poslovnica, values: [Rijeka]}"
    columns = "columns: {score: Ocjena, responded_at: Datum, branch: Poslovnica}"
    how = "kind: csv, metric: nps, files: landing/x/*.csv, delivery: incremental"
    apart = f"rijeka: {{{how}, scale: 1-5, where: {rule}, {columns}}}"
    add = {"sources:": f"sources:\n  {apart}", "    columns:\n": f"    exclude: {{flagged: {rule}}}\n    columns:\n"}
    found = settle(tmp_path / "home", path, answers={"scale": "0-10"}, add=add)
    given = [int(line[-1]) for line in path.read_text("utf-8").splitlines() if "Rijeka" in line]
    right = 100 * (given.count(5) - sum(score < 4 for score in given)) / 60
    assert found.by("branch")["Rijeka"] == (60, round(right, 1))
    assert found.figure[0] == 240


@pytest.mark.parametrize(
    ("part", "told"),
    [
        (lambda day: day < date(2024, 3, 10), "answers before 2024-03-1"),
        (lambda day: day > date(2024, 6, 20), "answers after 2024-06-"),
        (lambda day: day.month == 4, "answers of 2024-04 in 'Datum'"),
    ],
    ids=["first", "last", "a month"],
)
def test_months_on_another_scale_are_asked_about(part: Callable[[date], bool], told: str, tmp_path: Path) -> None:
    path = written(tmp_path, lambda row, day, branch: ON_5[row % 6] if part(day) else usual(row, day, branch))
    [asked] = sniff(path).questions
    assert told in asked
    assert "put these rows into files of their own" in asked


def test_a_part_on_one_to_seven_is_asked_about(tmp_path: Path) -> None:
    path = written(tmp_path, lambda row, _, branch: 7 - row % 7 if branch == "Split" else 10 - row % 3)
    [asked] = sniff(path).questions
    assert "'Split' go from 1 to 7" in asked
    assert "1-7 (promoters 6-7, passives 5)" in asked


def test_it_stands_beside_what_is_asked_of_the_scale_anyway(tmp_path: Path) -> None:
    path = written(
        tmp_path, lambda row, day, branch: ON_5[row % 6] if branch == "Rijeka" else max(1, usual(row, day, branch))
    )
    [asked] = sniff(path).questions
    assert "0-10 or 1-10?" in asked
    assert "If not, write 0-10 or 1-10" in asked


def test_answers_of_all_files_are_held_together(tmp_path: Path) -> None:
    for name in ("a", "b", "c"):
        (tmp_path / name).mkdir()
        path = written(
            tmp_path / name,
            lambda row, day, branch: ON_5[row % 6] if branch == "Rijeka" else usual(row, day, branch),
            rows=36,
        )
        year = {"a": "2021", "b": "2022", "c": "2023"}[name]
        (tmp_path / f"{name}.csv").write_text(path.read_text("utf-8").replace("2024-", f"{year}-"), "utf-8")
    found = settle(tmp_path / "home", *(tmp_path / f"{name}.csv" for name in "abc"))
    assert any("go from 1 to 5 in all 27 answers" in each for each in found.unanswered), found.asked


@pytest.mark.parametrize(
    "score",
    [
        usual,
        lambda row, day, branch: 6 if branch == "Rijeka" and row % 40 == 0 else usual(row, day, branch) % 6,
        lambda row, day, branch: ON_5[row % 6] if branch == "Rijeka" and row < 60 else usual(row, day, branch),
        lambda row, _, branch: ON_5[row % 6] if branch == "Rijeka" else [5, 4, 3, 5, 2, 1, 0, 9][row % 8],
    ],
    ids=["alike", "all are low", "few answers", "as chance may have it"],
)
def test_parts_that_may_well_have_answered_so_are_not(score: Callable[[int, date, str], int], tmp_path: Path) -> None:
    assert "answers, where others go up to" not in " ".join(sniff(written(tmp_path, score)).questions)


def mirrored(row: int, day: date, branch: str) -> int:
    return 10 - usual(row, day, branch) if branch == "Rijeka" else usual(row, day, branch)


@pytest.mark.parametrize("heading", ["Poslovnica", "Kanal", "Кампания"])
def test_a_part_that_is_turned_around_is_asked_about(heading: str, tmp_path: Path) -> None:
    [asked] = sniff(written(tmp_path, mirrored, f"Datum,{heading},Ocjena")).questions
    assert f"60 answers of rows in which '{heading}' says 'Rijeka' look like the others in a mirror" in asked
    assert f"where: {{column: '{heading}', values: ['Rijeka']}}" in asked


def test_the_part_counts_the_right_way_round_once_it_is_read_apart(tmp_path: Path) -> None:
    rule = "{column: Poslovnica, values: [Rijeka]}"
    columns = "columns: {score: Ocjena, responded_at: Datum, branch: Poslovnica}"
    how = "kind: csv, metric: nps, files: landing/x/*.csv, delivery: incremental"
    words = ", ".join(f"'{score}': {10 - score}" for score in range(11))
    add = {
        "sources:": f"scales: {{turned: {{words: {{{words}}}}}}}\nsources:\n"
        f"  rijeka: {{{how}, scale: turned, where: {rule}, {columns}}}",
        "    columns:\n": f"    exclude: {{flagged: {rule}}}\n    columns:\n",
    }
    found = settle(tmp_path / "home", written(tmp_path, mirrored), answers={"scale": "0-10"}, add=add)
    given = [usual(row, date(2024, 1, 1), "") for row in range(240)]
    right = 100 * (sum(score > 8 for score in given) - sum(score < 7 for score in given)) / 240
    assert found.figure == (240, round(right, 1))


def test_a_part_that_was_multiplied_is_asked_about(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        lambda row, day, at: [0, 3, 5, 8, 10, 10][row % 6] if at == "Rijeka" else (usual(row, day, at) + row) % 11,
    )
    [asked] = sniff(path).questions
    assert "None of 60 answers of rows in which 'Poslovnica' says 'Rijeka' is 1, 2, 4, 6, 7 or 9" in asked
    assert "where: {column: 'Poslovnica', values: ['Rijeka']}" in asked


@pytest.mark.parametrize("unhappy", [[0, 5, 3, 8, 10, 0, 7, 6, 2, 5, 1, 4], [6, 5, 6, 5, 4, 7, 8, 6, 5, 6, 7, 9]])
def test_an_unhappy_part_is_none(unhappy: list[int], tmp_path: Path) -> None:
    path = written(tmp_path, lambda row, day, at: unhappy[row % 12] if at == "Rijeka" else usual(row, day, at))
    assert sniff(path).questions == []


def test_what_people_said_is_no_part(tmp_path: Path) -> None:
    lines = ["Date,Score,Group,Would you buy again?,Sentiment"]
    for row in range(240):
        score = USUAL[row % 12]
        words = ("Promoter,Yes,good" if score > 8 else "Passive,Yes,fair") if score > 6 else "Detractor,No,bad"
        lines.append(f"{date(2024, 1, 1) + timedelta(row)},{score},{words}")
    (tmp_path / "x.csv").write_text("\n".join(lines), "utf-8")
    assert sniff(tmp_path / "x.csv").questions == []
