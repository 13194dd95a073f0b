"""What is told of scores that leap and of branches that all have other names from a month on."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import duckdb
import pytest

from pipelines.report.notes.odd_figures import leaping_scores, missing_years, new_names, renamed_branches
from warehouse.published.query import asking

Row = tuple[int, str, int, int] | tuple[int, str, int, int, str]
"""Month, branch, promoters, detractors, and the channel, if any."""


def odd(folder: Path) -> list[str]:
    with asking(folder / "nps.duckdb") as ask:
        return [*leaping_scores(ask), *new_names(ask), *renamed_branches(ask), *missing_years(ask)]


def told(folder: Path, rows: list[Row], *, known: bool = False) -> list[str]:
    with duckdb.connect(str(folder / "nps.duckdb")) as connection:
        connection.execute("create schema marts")
        connection.execute("create table marts.dim_branch (branch text, is_known boolean)")
        connection.execute(
            "create table marts.fct_nps (month date, survey text, branch text, responses int, promoters int, "
            "detractors int, industry text, channel text)"
        )
        for month, branch, promoters, detractors, *channel in rows:
            values = [
                date(2024, month, 1),
                branch,
                promoters + detractors,
                promoters,
                detractors,
                *(channel or ["unknown"]),
            ]
            connection.execute("insert into marts.fct_nps values ($1, 'web', $2, $3, $4, $5, 'unknown', $6)", values)
        for branch in {row[1] for row in rows}:
            connection.execute("insert into marts.dim_branch values (?, ?)", [branch, known])
    return odd(folder)


def test_a_score_that_is_turned_around_is_told_with_both_months(tmp_path: Path) -> None:
    [said] = told(tmp_path, [(3, "Split", 40, 10), (4, "Split", 5, 45), (5, "Split", 20, 30)])
    assert said.startswith("The score of web leaps from 60.0 (50 answers in 2024-03) to -80.0 (50 in 2024-04)")


@pytest.mark.parametrize(
    "rows",
    [
        [(3, "Split", 40, 10), (4, "Split", 27, 23)],
        [(3, "Split", 22, 7), (4, "Split", 5, 45)],
        [(3, "Split", 24, 8), (4, "Split", 14, 18)],
    ],
    ids=["half as far", "few answers", "as chance may have it"],
)
def test_scores_that_may_well_have_changed_are_not(rows: list[Row], tmp_path: Path) -> None:
    assert told(tmp_path, rows) == []


def test_branches_that_all_have_other_names_are_told(tmp_path: Path) -> None:
    rows = [(3, name, 5, 5) for name in ("Osijek", "Split", "Zagreb")] + [(4, name, 5, 5) for name in ("1", "2", "3")]
    [said] = told(tmp_path, [(2, "Split", 9, 9), *rows])
    assert "In 2024-04 most answers (30 of 30) are of branches that nobody named before (1, 2, 3)" in said
    assert "Osijek, Split, Zagreb have none any more" in said


def test_channels_that_all_have_other_names_are_told(tmp_path: Path) -> None:
    rows: list[Row] = [(3, "Split", 9, 9, "web"), (3, "Split", 5, 5, "phone"), (4, "Split", 9, 9, "splet")]
    [said] = told(tmp_path, [*rows, (4, "Split", 5, 5, "telefon")])
    assert "are of channels that nobody named before (splet, telefon), and phone, web have none any more." in said


@pytest.mark.parametrize(
    ("rows", "known"),
    [
        ([(3, "Split", 10, 10), (4, "Split", 10, 10), (4, "Zagreb", 20, 20)], False),
        ([(3, "Split", 10, 10), (4, "1", 10, 10)], True),
        ([(3, "Split", 9, 9), (4, "1", 10, 10)], False),
        ([(3, "unknown", 10, 10), (4, "1", 10, 10)], False),
    ],
    ids=["one more", "in a list", "few", "none before"],
)
def test_branches_that_open_or_close_are_not(rows: list[Row], known: bool, tmp_path: Path) -> None:
    assert told(tmp_path, rows, known=known) == []


KEPT: list[Row] = [(month, name, 20, 20) for month in range(1, 10) for name in ("Osijek", "Zagreb")]
OLD: list[Row] = [(month, "Split", 10, 10) for month in range(1, 8)]
NEW: list[Row] = [(month, "ST-1", 12, 9) for month in (8, 9)]


@pytest.mark.parametrize("new", [NEW, [(7, "ST-1", 9, 9), *NEW]], ids=["from the next month on", "amid a month"])
def test_one_branch_of_several_that_has_another_name_is_told(new: list[Row], tmp_path: Path) -> None:
    [said] = told(tmp_path, [*KEPT, *OLD, *new])
    assert said.startswith(f"ST-1 has answers since 2024-0{new[0][0]}, when those of Split ended: 2")
    assert "give both names in a list of branches" in said


@pytest.mark.parametrize(
    ("rows", "known"),
    [
        ([*OLD, *NEW], True),
        ([*OLD, (8, "Split", 1, 0), *NEW], False),
        ([*OLD, *NEW, (8, "Pula", 9, 9), (9, "Pula", 9, 9)], False),
        ([*OLD[2:], *NEW], False),
        ([*OLD, (8, "Pula", 2, 2), (9, "Pula", 2, 2)], False),
        ([*OLD, NEW[0]], False),
    ],
    ids=["in a list", "goes on", "two begin", "not for long", "much smaller", "ended too"],
)
def test_a_branch_that_opens_when_another_closes_otherwise_is_not(rows: list[Row], known: bool, tmp_path: Path) -> None:
    assert told(tmp_path, [*KEPT, *rows], known=known) == []


@pytest.mark.parametrize(("year", "is_told"), [(2014, True), (2020, False)])
def test_years_without_an_answer_are_told(year: int, is_told: bool, tmp_path: Path) -> None:
    told(tmp_path, [(3, "Split", 20, 20), (4, "Split", 20, 20)])
    with duckdb.connect(str(tmp_path / "nps.duckdb")) as connection:
        connection.execute(
            "insert into marts.fct_nps values ($1, 'web', 'Split', 7, 4, 3, 'unknown', 'unknown')", [date(year, 2, 1)]
        )
    said = odd(tmp_path)
    assert [each[:70] for each in said] == (
        ["There are 7 answers of 2014-02 or earlier, 80 of 2024-03 or later, and"] if is_told else []
    )
