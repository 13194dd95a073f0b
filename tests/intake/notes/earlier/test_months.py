"""A file whose answers are of other months than its name says: noted, where those of the files beside it are of theirs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path

import pytest

from pipelines.intake.notes.earlier.months import month_of_name
from tests.support.scenario import land, source, taken_in, workspace

WRONG = "though its name says"


def answers(first: date, days: int = 28, fmt: str = "%Y-%m-%d") -> str:
    """An answer on each of some days."""
    rows = [f"{first + timedelta(days=at):{fmt}},{at * 7 % 11}" for at in range(days)]
    return "\n".join(["date,score", *rows, ""])


def noted(home: Path, files: Sequence[tuple[str, str]], *, nights: int = 1, **settings: object) -> dict[str, str]:
    """The files with such a note, and the note, of files that come in one night, or one a night."""
    workspace(home, {"sources": {"a": source("a", **settings)}})
    for at, (name, text) in enumerate(files, 1):
        land(home, f"a/{name}", text, day=at)
        if nights > 1 or at == len(files):
            verdicts = taken_in(home)
    notes = {path.rpartition("/")[2]: " ".join(row["notes"] or ()) for path, row in verdicts.items()}
    return {path: note for path, note in notes.items() if WRONG in note}


def monthly(*wrong: tuple[int, str]) -> list[tuple[str, str]]:
    """Four files of a month each; some hold something else."""
    texts = {month: answers(date(2024, month, 1)) for month in range(1, 5)} | dict(wrong)
    return [(f"answers_2024-{month:02}.csv", text) for month, text in texts.items()]


@pytest.mark.parametrize("nights", [1, 4])
@pytest.mark.parametrize("month", [3, 4])
def test_a_wrong_year_is_noted(tmp_path: Path, nights: int, month: int) -> None:
    told = noted(tmp_path / "home", monthly((month, answers(date(2023, month, 1)))), nights=nights)
    assert list(told) == [f"answers_2024-0{month}.csv"]
    assert (
        f"28 of its 28 answers are of 2023-0{month}, though its name says 2024-0{month}"
        in told[f"answers_2024-0{month}.csv"]
    )


def test_so_it_is_of_the_first_file_of_several(tmp_path: Path) -> None:
    assert list(noted(tmp_path / "home", monthly((1, answers(date(2023, 1, 1)))))) == ["answers_2024-01.csv"]


def test_day_and_month_that_changed_places_are_noted(tmp_path: Path) -> None:
    exchanged = answers(date(2024, 4, 1), 12, "%Y-%d-%m")
    [note] = noted(tmp_path / "home", monthly((4, exchanged))).values()
    assert "of 2024-01, 2024-02, 2024-06 …" in note


def test_a_few_late_answers_are_not(tmp_path: Path) -> None:
    late = answers(date(2024, 4, 1)) + "2023-11-05,9\n2023-12-05,9\n"
    assert noted(tmp_path / "home", monthly((4, late))) == {}


@pytest.mark.parametrize("delivery", ["incremental", "snapshot"])
def test_names_that_say_the_day_of_the_export_are_not(tmp_path: Path, delivery: str) -> None:
    starts = [date(2024, month, 1) for month in (1, 2, 3)]
    if delivery == "snapshot":
        texts = [answers(starts[0], days) for days in (31, 60, 150)]
    else:
        texts = [answers(start) for start in starts]
    names = ("export_2024-02-01.csv", "export_2024-03-01.csv", "export_2024-06-01.csv")
    if delivery == "incremental":
        names = (*names[:2], "export_2024-04-01.csv")
    assert noted(tmp_path / "home", list(zip(names, texts, strict=True)), delivery=delivery) == {}


def test_names_that_never_say_the_months_are_not(tmp_path: Path) -> None:
    files = [(f"2019-0{at}-plan.csv", answers(date(2024, at, 1))) for at in (1, 2, 3)]
    assert noted(tmp_path / "home", files) == {}


@pytest.mark.parametrize(
    ("name", "month"),
    [
        ("nps_2024-03.csv", "2024-03"),
        ("nps_202403.xlsx", "2024-03"),
        ("nps-2024.03.15.csv", "2024-03"),
        ("nps_20240315.csv", "2024-03"),
        ("15.03.2024 nps.csv", "2024-03"),
        ("03-2024.csv", "2024-03"),
        ("Mar2024.csv", "2024-03"),
        ("march 2024.csv", "2024-03"),
        ("2024-Mar.csv", "2024-03"),
        ("2024-01-01_2024-03-31.csv", None),
        ("nps_2024.csv", None),
        ("room_2024-55.csv", None),
        ("marketing.csv", None),
        ("1234567890.csv", None),
    ],
)
def test_months_of_names(name: str, month: str | None) -> None:
    found = month_of_name(f"landing/2020-01/{name}")
    assert found == (None if month is None else 12 * int(month[:4]) + int(month[5:]) - 1)


@pytest.mark.parametrize("name", ["market_2024-Q3.csv", "marketing 2024.csv", "2024 decisions.csv", "junior-2024.csv"])
def test_a_word_that_only_begins_like_a_month_is_none(name: str) -> None:
    assert month_of_name(f"landing/a/{name}") is None


@pytest.mark.parametrize(
    "name", ["nps_march2024.csv", "nps 2024 mar.csv", "marzo-2024.csv", "mars_2024.csv", "marec 2024.csv"]
)
def test_a_month_is_called_as_any_language_calls_it(name: str) -> None:
    assert month_of_name(f"landing/a/{name}") == 12 * 2024 + 2


def test_dumps_that_hold_all_answers_so_far_are_of_their_months(tmp_path: Path) -> None:
    """As of clients' cards, which keep the last answer of each, however old."""
    files = [(f"cards_2024-{month:02}-28.csv", answers(date(2024, 1, 1), 28 * month)) for month in range(1, 10)]
    assert noted(tmp_path / "home", files) == {}
    assert noted(tmp_path / "again", files[3:]) == {}


def test_so_is_the_second_dump_which_goes_on_from_the_first(tmp_path: Path) -> None:
    months = {month: answers(date(2024, month, 1)) for month in range(1, 7)}
    heading, quarter = "date,score\n", "".join(months[month].partition("\n")[2] for month in (1, 2, 3))
    half = quarter + "".join(months[month].partition("\n")[2] for month in (4, 5, 6))
    files = [("cards_2024-03-31.csv", heading + quarter), ("cards_2024-06-30.csv", heading + half)]
    assert noted(tmp_path / "home", files, nights=2) == {}
