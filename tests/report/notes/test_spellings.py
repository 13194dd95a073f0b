"""What is told of names that are almost alike."""

from pathlib import Path

import duckdb
import pytest

from pipelines.report.notes.spellings import spelling_notes
from warehouse.published.query import asking


def odd(folder: Path) -> list[str]:
    with asking(folder / "nps.duckdb") as ask:
        return spelling_notes(ask)


def notes(folder: Path, branches: dict[str, int], *, known: bool = False) -> list[str]:
    with duckdb.connect(str(folder / "nps.duckdb")) as connection:
        connection.execute("create schema marts; create schema meta")
        connection.execute(
            "create table meta.spellings (attribute text, shown_as text, spelling text, responses int, scripts text)"
        )
        connection.execute("create table marts.dim_branch (branch text, is_known boolean)")
        connection.execute("create table marts.fct_nps (branch text, responses int)")
        for branch, answers in branches.items():
            connection.execute("insert into marts.dim_branch values (?, ?)", [branch, known])
            connection.execute("insert into marts.fct_nps values (?, ?)", [branch, answers])
    return odd(folder)


def test_a_branch_a_letter_away_from_a_large_one_is_told(tmp_path: Path) -> None:
    [said] = notes(tmp_path, {"Zagreb": 39, "Zagrebb": 1, "Split": 40})
    assert said.startswith("The branch Zagrebb (1 answer) is almost spelt as Zagreb (39), and they are counted apart.")


@pytest.mark.parametrize(
    ("branches", "known"),
    [
        ({"Zagreb": 39, "Zagrebb": 2}, False),
        ({"Zagreb": 39, "Zagrebb": 1}, True),
        ({"Shop 1": 100, "Shop 2": 1}, False),
        ({"Hall A": 100, "Hall B": 1}, False),
        ({"Rim": 100, "Rom": 1}, False),
        ({"Novi Sad": 100, "Novi Grad": 1}, False),
    ],
    ids=["as many", "in a list", "numbers", "letters", "short", "two letters"],
)
def test_names_that_may_well_be_two_are_not(branches: dict[str, int], known: bool, tmp_path: Path) -> None:
    assert notes(tmp_path, branches, known=known) == []


def test_a_letter_in_the_wrong_place_is_a_slip_too(tmp_path: Path) -> None:
    assert len(notes(tmp_path, {"Ljubljana": 50, "Ljubjlana": 2, "Białystok": 60, "Białystk": 1})) == 2


def test_numbers_of_branches_that_differ_by_zeros_are_told(tmp_path: Path) -> None:
    [said] = notes(tmp_path, {"007": 5, "7": 4, "8": 3, "8.0": 2, "9": 1, "10": 1, "A7": 1})
    assert said.startswith("Branches are counted apart that are one number but for zeros: 007 and 7, 8 and 8.0. ")


def test_numbers_that_a_list_has_are_those_of_several(tmp_path: Path) -> None:
    assert notes(tmp_path, {"007": 5, "7": 4}, known=True) == []
