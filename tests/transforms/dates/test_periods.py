"""Dates without a day: months, quarters, weeks and years."""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.laws import law
from transforms.dates.instants import DateReading, business_month, instant
from transforms.dates.periods import PERIOD, is_of_month, month_after, month_at, month_number

DAYS = st.dates(date(1990, 1, 1), date(2090, 12, 31))


def read(texts: list[str], *formats: str, language: str | None = None) -> list[date | None]:
    """The business months of texts in a zone far from Greenwich."""
    zone = "Pacific/Auckland"
    at = instant(pl.col("text"), DateReading(formats, zone, language))
    return pl.DataFrame({"text": texts}).select(business_month(at, zone)).to_series().to_list()


@law(40)
@given(st.lists(DAYS, min_size=1), st.sampled_from(["%Y-%m", "%m/%Y", "%Y%m", "%b %Y", "%B-%Y", "%b-%y", "%Y.%m"]))
def test_a_month_is_read_as_itself(days: list[date], fmt: str) -> None:
    days = [each for each in days if "%y" not in fmt or 1990 <= each.year <= 2060]
    assert read([each.strftime(fmt) for each in days], fmt) == [each.replace(day=1) for each in days]


@law(40)
@given(
    st.lists(DAYS, min_size=1), st.sampled_from(["{y}-Q{q}", "Q{q} {y}", "{q}Q{y}", "{y}q{q}", "K{q}/{y}", "T{q}-{y}"])
)
def test_a_quarter_counts_in_its_first_month(days: list[date], shape: str) -> None:
    texts = [shape.format(y=each.year, q=(each.month + 2) // 3) for each in days]
    assert read(texts, PERIOD) == [each.replace(month=(each.month - 1) // 3 * 3 + 1, day=1) for each in days]


@law(40)
@given(st.lists(DAYS, min_size=1), st.sampled_from(["{y}-W{w:02}", "{y}W{w}", "KW {w}/{y}", "W{w:02} {y}"]))
def test_a_week_counts_in_the_month_of_its_thursday(days: list[date], shape: str) -> None:
    texts = [shape.format(y=each.isocalendar().year, w=each.isocalendar().week) for each in days]
    thursdays = [each + timedelta(days=4 - each.isoweekday()) for each in days]
    assert read(texts, PERIOD) == [each.replace(day=1) for each in thursdays]


def test_what_is_no_period_is_no_date() -> None:
    texts = ["2024-Q5", "2023-W53", "2024-W00", "2024-W54", "Q1", "W05", "24", "2024-13", "Q12024x", "202", ""]
    assert read(texts, PERIOD) == [None] * len(texts)
    assert read(["2024-13", "2024-00", "2024", "2024-01-05"], "%Y-%m") == [None] * 4
    assert read(["2020-W53", "2024"], PERIOD) == [date(2020, 12, 1), date(2024, 1, 1)]


def test_months_are_read_by_their_names_in_other_languages() -> None:
    assert read(["siječanj 2024", "Veljača 2024.", "ožu 2024"], "%b %Y", language="hr") == [
        date(2024, month, 1) for month in (1, 2, 3)
    ]


@pytest.mark.parametrize(
    ("fmt", "expected"),
    [
        ("%Y-%m", True),
        ("%b %y", True),
        ("%Y-%m-%d", False),
        ("%Y", False),
        ("%m/%d/%y", False),
        ("%Y-%j", False),
        ("%m", False),
    ],
)
def test_a_format_of_months_has_a_year_and_no_day(fmt: str, expected: bool) -> None:
    assert is_of_month(fmt) == expected


@law(40)
@given(DAYS, st.integers(-500, 500))
def test_months_are_counted_as_numbers_and_found_again(day: date, months: int) -> None:
    assert month_at(month_number(day)) == day.replace(day=1)
    assert month_number(month_after(day, months)) - month_number(day) == months
    assert month_after(day) > day >= month_after(day, 0)
