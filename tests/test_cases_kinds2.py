"""Dates, encodings and JSON as other places write them, each through `init --from`: the right figure, or a word about it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from pathlib import Path

import pytest

from tests.scenario import land, source, taken_in, workspace
from tests.test_sniff_law import Got, got

SCORES = [(7 * i) % 11 for i in range(60)]
DAYS = [date(2024, 1, 2) + timedelta(days=3 * i) for i in range(40)]
EVERY_OTHER = [date(2024, 1, 1) + timedelta(days=2 * i) for i in range(60)]
Way = Callable[[date], str]


def category(score: int) -> str:
    return "promoter" if score > 8 else "passive" if score > 6 else "detractor"


def survey(texts: Sequence[str], heading: str = "Datum") -> bytes:
    rows = "".join(f"{text};{score}\n" for text, score in zip(texts, SCORES, strict=False))
    return f"{heading};NPS\n{rows}".encode()


def dated(days: Sequence[date], way: Way) -> tuple[Got, Counter[tuple[str, str]]]:
    """What becomes of a survey of these days, and what is right."""
    right = Counter((f"{day:%Y-%m}", category(score)) for day, score in zip(days, SCORES, strict=False))
    return got(right, {"survey.csv": survey([way(day) for day in days])}), right


# Dates

IN_GERMAN = ("Mo", "Di", "Mi", "Do", "Fr", "Sa", "So")
LEFT_TO_RIGHT = "\u200e"


@pytest.mark.parametrize(
    "way",
    [
        lambda d: f"{d:%d.%m.%Y}, 10:05 Uhr",
        lambda d: f"{d.day}. {d.month}. {d.year}.",
        lambda d: f"{d:%Y. %m. %d}. 10:05",
        lambda d: f"{d:%d/%m/%Y} 10h05",
        lambda d: f"{d.day}.{d.month}.{d.year} 10.05.33",
        lambda d: f"{IN_GERMAN[d.weekday()]}, {d:%d.%m.%Y}",
        lambda d: f"10:05 AM {d:%m/%d/%Y}",
        lambda d: f"{d:%Y%m%d}T101500Z",
        lambda d: f"{d:%Y%m%d}101500",
        lambda d: f"'{d:%d.%m.%Y}",
        lambda d: f"{d:%d/%m/%Y}".translate({48 + digit: 0x660 + digit for digit in range(10)}),
        lambda d: "/".join(f"{LEFT_TO_RIGHT}{part}" for part in (d.day, d.month, d.year)),
    ],
)  # fmt: skip
def test_dates_of_other_places_are_read_without_a_question(way: Way) -> None:
    found, right = dated(DAYS, way)
    assert (found.questions, found.figure) == ([], right)


@pytest.mark.parametrize(
    ("way", "asked"),
    [
        (lambda d: f"{d:%y-%m-%d}", "have two digits"),
        (lambda d: f"{d:%y/%m/%d} 10:00", "have two digits"),
        (lambda d: f"{d:%y-%b-%d}", "have two digits"),
        (lambda d: f"{d.day}/{d.month}/67", "decades ahead"),
        (lambda d: f"{d:%d.%m.%Y} - {d:%d.%m.%Y}", "in a shape that is not understood"),
        (lambda d: f"{d:%Y-%m-%d}Z", "in a shape that is not understood"),
        (lambda d: f"/Date({1_704_000_000_000 + d.toordinal()})/", "in a shape that is not understood"),
    ],
)
def test_dates_that_may_be_others_are_asked(way: Way, asked: str) -> None:
    found, _ = dated(DAYS, way)
    assert any(asked in question for question in found.questions), found


@pytest.mark.parametrize("way", ["%d.%m.%y", "%d-%b-%y", "%m/%d/%y"])
def test_years_that_vary_less_than_days_are_years(way: str) -> None:
    found, right = dated(DAYS, lambda day: f"{day:{way}}")
    assert (found.questions, found.figure) == ([], right)


def test_a_file_may_have_a_time_in_its_name() -> None:
    found = got(Counter(), {"export 2024-06-01T10:05:00.csv": survey([f"{day}" for day in DAYS])})
    assert found.questions == []
    assert found.figure.total() == len(DAYS)


# Half-swapped


def swapped(day: date, early: str, late: str = "%d/%m/%Y") -> str:
    """A day above 12 as it is, any other as a spreadsheet of another locale has it."""
    turned = date(day.year, day.day, day.month) if day.day <= 12 else day
    return f"{day:{late}}" if day.day > 12 else f"{turned:{early}}".replace("_0", "").replace("_", "")


@pytest.mark.parametrize(
    ("early", "late"),
    [
        ("%d/%m/%Y", "%d/%m/%Y"),
        ("_%d/_%m/%Y", "%d/%m/%Y"),
        ("%d-%b-%Y", "%d/%m/%Y"),
        ("%Y-%m-%dT00:00:00Z", "%d/%m/%Y"),
        ("%Y-%m-%d", "%d %B %Y"),
    ],
)
def test_dates_are_half_swapped_too_where_only_zeros_or_months_tell_it(early: str, late: str) -> None:
    found, _ = dated(EVERY_OTHER, lambda day: swapped(day, early, late))
    assert any("a spreadsheet of another locale" in question for question in found.questions)


@pytest.mark.parametrize(
    ("name", "way", "status"),
    [
        ("zeros", lambda day: swapped(day, "_%d/_%m/%Y"), "held"),
        ("months", lambda day: swapped(day, "%d/%m/%Y"), "held"),
        ("none", lambda day: f"{day.day}/{day.month}/{day.year}", "accepted"),
        ("all", lambda day: f"{day:%d/%m/%Y}", "accepted"),
    ],
)
def test_later_files_whose_dates_are_half_swapped_are_held_under_one_format(
    name: str, way: Way, status: str, tmp_path: Path
) -> None:
    columns = {"score": "NPS", "responded_at": "Datum"}
    home = workspace(tmp_path, {"sources": {"a": source("a", columns=columns, dates={"formats": ["%d/%m/%Y"]})}})
    land(home, f"a/{name}.csv", survey([way(day) for day in EVERY_OTHER]))
    [verdict] = taken_in(home).values()
    assert verdict["status"] == status, verdict
    assert status == "accepted" or "dates_are_not_half_swapped" in verdict["detail"] or "up to 12" in verdict["detail"]


def test_files_of_one_source_that_write_day_and_month_in_different_order_are_asked_about() -> None:
    january, february = ([date(2024, month, 1 + i) for i in range(28)] for month in (1, 2))
    files = {
        "jan.csv": survey([f"{day:%d/%m/%Y}" for day in january]),
        "feb.csv": survey([f"{day:%m/%d/%Y}" for day in february]),
    }
    [question] = got(Counter(), files).questions
    assert "mixes both orders: 16 dates prove day before month, 16 month before day" in question
    assert "need sources of their own" in question
