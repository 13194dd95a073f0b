"""A later file whose name or new columns speak of another survey: a note."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.scenario import land, noted, source, workspace


def file(month: int, heading: str = "Shop", value: str = "x") -> str:
    rows = [f"2024-{month:02}-{1 + at:02},{(7 * at + month) % 11},{value}" for at in range(20)]
    return "\n".join([f"date,score,{heading}", *rows, ""])


def notes(home: Path, first: str, second: str, heading: str = "Shop", metric: str = "nps") -> str:
    workspace(home, {"sources": {"a": source("a", metric=metric)}})
    land(home, f"a/{first}", file(1))
    land(home, f"a/{second}", file(2, heading), day=2)
    told = noted(home)
    assert "no file before it" not in told[f"landing/a/{first}"]
    return told[f"landing/a/{second}"]


@pytest.mark.parametrize(
    ("name", "said"),
    [
        (
            "zaposlenici_2024-02.csv",
            "Its name says 'zaposlenici', as that of no file before it: its answers count as clients",
        ),
        ("enps_2024-02.csv", "Its name says 'enps'"),
        ("csat_2024-02.csv", "count as those to the question of recommending"),
        ("Test 2024-02.csv", "Its name says 'test'"),
        ("nps [test].csv", "Its name says 'test'"),
        ("nps.test.csv", "Its name says 'test'"),
        ("nps_2024-02_backup.csv", "count as those of a whole file"),
        ("nps_2024-02.bak.csv", "count as those of a whole file"),
        ("konkurencija_2024-02.csv", "count as those of clients or employees about the company"),
    ],
)
def test_a_name_of_another_survey_is_noted(tmp_path: Path, name: str, said: str) -> None:
    assert said in notes(tmp_path / "home", "nps_2024-01.csv", name)


@pytest.mark.parametrize(
    ("first", "second"),
    [("staff_2024-01.csv", "staff_2024-02.csv"), ("shops.csv", "nps_csat.csv"), ("a.csv", "latest.csv")],
)
def test_a_name_that_says_nothing_new_is_not_noted(tmp_path: Path, first: str, second: str) -> None:
    assert notes(tmp_path / "home", first, second) == ""


def test_clients_in_a_survey_of_employees_are_noted(tmp_path: Path) -> None:
    assert "its answers count as employees' all the same" in notes(
        tmp_path / "home", "a.csv", "clients.csv", metric="enps"
    )


def test_a_new_column_of_what_is_known_of_employees_is_noted(tmp_path: Path) -> None:
    told = notes(tmp_path / "home", "a.csv", "b.csv", heading="Tenure")
    assert "It has a column 'Tenure', as is known of employees, and no file before it has" in told
