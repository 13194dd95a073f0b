"""Columns that name the groups themselves: held against the scores, or all that there is."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from pipelines.sniff.sniff import sniff
from tests.support.cases import settle
from tests.support.scenario import night, published


def usual(score: int) -> str:
    return "Promoter" if score >= 9 else "Passive" if score >= 7 else "Detractor"


def written(folder: Path, heading: str, said: Callable[[int, int], str], *, with_scores: bool = True) -> Path:
    """Four answers on each number of 0-10, with the group that a column says of the row and the score."""
    rows = [f"2024-01-{1 + i // 2},{f'{i % 11},' if with_scores else ''}{said(i, i % 11)}" for i in range(44)]
    headings = ["Date", *(["Score"] if with_scores else []), heading]
    (folder / "x.csv").write_text("\n".join([",".join(headings), *rows]) + "\n", "utf-8")
    return folder / "x.csv"


def test_groups_that_agree_with_the_scores_are_no_word_worth(tmp_path: Path) -> None:
    found = sniff(written(tmp_path, "NPS group", lambda _, score: usual(score)))
    assert found.questions == []
    assert "otherwise" not in found.entry


@pytest.mark.parametrize("heading", ["eNPS Category", "Store segment", "Region"])
def test_groups_are_no_branches_and_no_regions(heading: str, tmp_path: Path) -> None:
    rows = [f"2024-01-{1 + i // 2},{i % 11},Denver,{usual(i % 11)}" for i in range(44)]
    (tmp_path / "x.csv").write_text("\n".join([f"Date,Score,Location,{heading}", *rows, ""]), "utf-8")
    found = sniff(tmp_path / "x.csv")
    columns = yaml.safe_load(found.entry)["sources"]["x"]["columns"]
    assert (found.questions, columns) == ([], {"score": "Score", "responded_at": "Date", "branch": "Location"})


@pytest.mark.parametrize("words", [("Promoter", "Passive", "Detractor"), ("Promotor", "Pasivan", "Kritičar")])
def test_single_answers_that_are_called_otherwise_are_told(tmp_path: Path, words: tuple[str, str, str]) -> None:
    called = dict(zip(("Promoter", "Passive", "Detractor"), words, strict=True))
    edited = {3: called["Promoter"], 9: called["Passive"]}
    found = sniff(written(tmp_path, "Kind", lambda row, score: edited.get(row, called[usual(score)])))
    assert found.questions == []
    assert "Kind calls 2 of 44 answers otherwise than their scores" in " ".join(found.entry.replace("#", "").split())


def test_other_cut_points_are_asked_about_with_the_scale_to_declare(tmp_path: Path) -> None:
    path = written(tmp_path, "Kind", lambda _, score: usual(score + 1))
    [asked] = sniff(path).questions
    assert "'Kind' calls 6 a passive, though it is a detractor on 0-10" in asked
    assert "{own: {lowest: 0, highest: 10, promoter_from: 8, passive_from: 6}}" in asked


def test_groups_in_place_of_scores_count_once_they_are_declared(tmp_path: Path) -> None:
    path = written(tmp_path, "NPS group", lambda _, score: usual(score), with_scores=False)
    scale, score = sorted(sniff(path).questions, key=lambda asked: "score:" in asked)
    assert "words: {'Detractor': 1, 'Passive': 2, 'Promoter': 3}" in scale
    assert "'NPS group' names groups in place of scores" in score
    words = "{Promoter: 3, Passive: 2, Detractor: 1}"
    declared = f"scales: {{groups: {{lowest: 1, highest: 3, promoter_from: 3, passive_from: 2, words: {words}}}}}"
    home = tmp_path / "home"
    answers = {"scale": "groups", "score": "NPS group"}
    assert settle(home, path, answers=answers, add={"sources:": f"{declared}\nsources:"}).figure == (44, -45.5)
    night(home)
    counted = "select sum(promoters), sum(passives), sum(detractors), sum(nonstandard_responses) from marts.fct_nps"
    assert published(home, counted) == [(8, 8, 28, 44)]


def test_groups_of_rows_without_a_score_are_asked_about(tmp_path: Path) -> None:
    file = written(tmp_path, "Group", lambda _, score: usual(score))
    lines = file.read_text("utf-8").splitlines()
    lines[2], lines[9] = (f"{line.split(',')[0]},,{line.split(',')[2]}" for line in (lines[2], lines[9]))
    file.write_text("\n".join(lines) + "\n", "utf-8")
    [question] = sniff(file).questions
    assert "'Group' says promoter, passive or detractor in 2 rows in which 'Score' says nothing" in question
    words = "{lowest: 1, highest: 3, promoter_from: 3, passive_from: 2, words: {Promoter: 3, Passive: 2, Detractor: 1}}"
    grouped = {"scale: 0-10": "scale: groups", "# scales:\n": f"scales: {{groups: {words}}}\n"}
    by_groups = settle(tmp_path / "groups", file, answers={"Group": "Group"}, add=grouped)
    assert by_groups.figure == (44, round(100 * (8 - 28) / 44, 1))
    by_scores = settle(tmp_path / "scores", file, answers={"Group": "Score"})
    assert by_scores.figure[0] == 42


def test_rows_without_score_and_group_are_no_word_worth(tmp_path: Path) -> None:
    file = written(tmp_path, "Group", lambda _, score: usual(score))
    file.write_text(file.read_text("utf-8") + "2024-02-01,,\n2024-02-02,,\n", "utf-8")
    assert sniff(file).questions == []
