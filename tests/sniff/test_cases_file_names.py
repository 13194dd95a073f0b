"""Months that stand in the names of files alone: each file's answers get their own, or something is said."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from pathlib import Path

import pytest
import yaml

from pipelines.sniff.proposal.name_periods import periods_in_names
from pipelines.sniff.sniff import sniff
from tests.support.built import built
from tests.support.cases import Answers, Settled, settle
from tests.support.scenario import nps

SCORES = [10, 9, 3, 8, 10, 0, 7, 9, 10, 6, 5, 10]


def written(folder: Path, name: str, scores: Sequence[int]) -> Path:
    path = folder / name
    path.write_text("\n".join(["Ocjena;Komentar", *(f"{score};{name} {row}" for row, score in enumerate(scores)), ""]))
    return path


def pattern_in(asked: str) -> str:
    """What the question says to write, as nps.yaml has it."""
    found = re.search(r"write '(.+)'; a file", yaml.safe_load(asked)["file_name"])
    assert found, asked
    return f"'{found[1]}'"


PATTERN: Answers = {"file_name:": pattern_in}


def settled(folder: Path, *names: str) -> Settled:
    """Two files, of which the first holds all scores and the second a third of them."""
    files = [written(folder, name, SCORES[:: 2 * at + 1]) for at, name in enumerate(names)]
    return settle(folder / "home", *files, answers={**PATTERN, "delivery": "incremental", "language": "hr"})


def sniff_together(folder: Path, files: Sequence[Path]) -> list[str]:
    found = settle(folder / "look", *files)
    return found.unanswered


@pytest.mark.parametrize(
    "names",
    [
        ("nps_2024-01.csv", "nps_2024-02.csv"),
        ("nps_202401.csv", "nps_202402.csv"),
        ("nps_01_2024.csv", "nps_02_2024.csv"),
        ("01.2024 nps.csv", "02.2024 nps.csv"),
        ("nps Jan2024.csv", "nps Feb2024.csv"),
        ("nps_2024_January.csv", "nps_2024_February.csv"),
        ("anketa siječanj 2024.csv", "anketa veljača 2024.csv"),
        ("anketa_2024-01-31.csv", "anketa_2024-02-29.csv"),
        ("anketa_31.01.2024.csv", "anketa_29.02.2024.csv"),
    ],
)
def test_each_file_gets_the_month_in_its_name(names: tuple[str, str], tmp_path: Path) -> None:
    found = settled(tmp_path, *names)
    assert found.by("month") == {"2024-01": (12, 16.7), "2024-02": (4, 0.0)}
    assert found.counts()["rejected"] == 0


def test_equal_rows_of_two_months_count_in_both(tmp_path: Path) -> None:
    files = [tmp_path / "nps_2024-01.csv", tmp_path / "nps_2024-02.csv"]
    for file, scores in zip(files, (SCORES, SCORES[:6]), strict=True):
        file.write_text("\n".join(["NPS", *map(str, scores), ""]))
    found = settle(tmp_path / "home", *files, answers={**PATTERN, "delivery": "incremental"})
    assert found.by("month") == {"2024-01": (12, 16.7), "2024-02": (6, 16.7)}


def test_a_later_file_whose_name_says_no_month_is_refused(tmp_path: Path) -> None:
    found = settled(tmp_path, "nps_2024-01.csv", "nps_2024-02.csv")
    for name in ("nps_new.csv", "nps_2024-3.csv", "nps_202403.csv"):
        written(found.home / "landing/nps", name, [0] * 9)
    written(found.home / "landing/nps", "nps_2024-03.csv", [0] * 5)
    told = nps("run", "--home", found.home)
    assert told.code == 3
    assert told.said.count("does not follow file_name of nps.yaml") == 3
    assert found.by("month") == {"2024-01": (12, 16.7), "2024-02": (4, 0.0), "2024-03": (5, -100.0)}


@pytest.mark.parametrize(
    ("names", "kind", "asked"),
    [
        (("nps_Q1_2024.csv", "nps_Q2_2024.csv"), "quarter", "Each counts in the first month of its quarter"),
        (("nps_2023.csv", "nps_2024.csv"), "year", "Each counts in January of its year"),
        (("nps_20240131.csv", "nps_20240229.csv"), "day", "If it is the day of the export"),
    ],
)
def test_longer_and_shorter_periods_are_asked_with_what_follows(
    names: tuple[str, str], kind: str, asked: str, tmp_path: Path
) -> None:
    files = [written(tmp_path, name, SCORES[at:]) for at, name in enumerate(names)]
    [question] = [each for each in sniff_together(tmp_path, files) if "file_name" in each]
    assert f"Names of files say a {kind}" in question
    assert asked in question


def test_a_name_that_is_another_month_in_another_language_is_asked_about(tmp_path: Path) -> None:
    files = [written(tmp_path, name, SCORES) for name in ("listopad_2024.csv",)]
    assert any("language:" in each and "pl or hr" in each for each in sniff_together(tmp_path, files))


def test_one_file_of_a_month_is_asked_as_several_are(tmp_path: Path) -> None:
    [asked] = sniff(written(tmp_path, "nps_2024-01.csv", SCORES)).questions
    assert "2024-01 in nps_2024-01.csv" in asked
    assert "file_name" in asked


@pytest.mark.parametrize(
    "names",
    [
        ("a.csv", "b.csv"),
        ("nps_2024-01.csv", "nps_202402.csv"),
        ("nps_2024-01_to_2024-03.csv", "nps_2024-04_to_2024-06.csv"),
        ("January.csv", "February.csv"),
        ("nps_05.01.2024.csv", "nps_05.02.2024.csv"),
        ("npsJan2024.csv", "npsFeb2024.csv"),
    ],
)
def test_one_answer_for_files_of_which_no_name_tells_says_that_it_dates_them_all(
    names: tuple[str, str], tmp_path: Path
) -> None:
    assert periods_in_names(names) is None
    files = [written(tmp_path, name, SCORES[at:]) for at, name in enumerate(names)]
    [asked] = [each for each in sniff_together(tmp_path, files) if "responded_at" in each]
    assert "It dates all 2 files alike, and later ones too" in asked


@pytest.mark.parametrize(("days", "is_told"), [(31, True), (3, False)])
def test_a_file_of_a_later_month_that_is_dated_as_the_first_is_noted(days: int, is_told: bool, tmp_path: Path) -> None:
    found = settle(tmp_path / "home", written(tmp_path, "nps.csv", SCORES), answers={"responded_at": "2024-01"})
    for at, name in enumerate(("nps_new.csv", "nps_newer.csv")):
        late = written(found.home / "landing/nps", name, [0] * (5 + at))
        first = (found.home / "landing/nps/nps.csv").stat().st_mtime
        os.utime(late, (first + days * 86_400, first + days * 86_400))
    built(found.home)
    assert found.notes.casefold().count("as nps.yaml says of all files") == (2 if is_told else 0)


# Branches that stand in the names of files alone


def of_a_place(folder: Path, name: str, first: int) -> Path:
    rows = [
        f"2024-0{1 + at // 12}-{1 + at % 12:02} 10:{first:02},{SCORES[(at * (first + 1) + first) % 12]}"
        for at in range(24)
    ]
    path = folder / name
    path.write_text("\n".join(["Date,NPS (0-10)", *rows, ""]), "utf-8")
    return path


def test_files_called_after_branches_are_asked_about(tmp_path: Path) -> None:
    files = [
        of_a_place(tmp_path, f"nps {name} export.csv", at) for at, name in enumerate(("Split", "Novi Sad", "Rijeka"))
    ]
    answers = {"delivery": "incremental", "branch": None}
    add = {
        "delivery: incremental": r"delivery: incremental" + "\n" + r"    file_name: '^nps\ (?P<branch>.+?)\ export\.'"
    }
    found = settle(tmp_path / "home", *files, answers=answers, add=add)
    [asked] = [each for each in found.asked if each.startswith("branch")]
    assert "Split in nps Split export.csv" in asked
    assert r"file_name: ''^nps\ (?P<branch>.+?)\ export\.''" in asked
    assert {name: count for name, (count, _) in found.by("branch").items()} == dict.fromkeys(
        ("Split", "Novi Sad", "Rijeka"), 24
    )


@pytest.mark.parametrize(
    "names",
    [("nps_jan.csv", "nps_feb.csv"), ("nps_1.csv", "nps_2.csv"), ("a.csv", "b.csv"), ("nps_q1.csv", "nps_q2.csv")],
)
def test_files_called_after_months_and_parts_are_no_branches(names: Sequence[str], tmp_path: Path) -> None:
    files = [of_a_place(tmp_path, name, at) for at, name in enumerate(names)]
    assert not any("no column speaks of branches" in each for each in settle(tmp_path / "home", *files).asked)
