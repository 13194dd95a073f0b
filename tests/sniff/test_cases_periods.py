"""Files that say in which month or quarter somebody answered, and not on which day."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipelines.sniff.sniff import sniff
from tests.support.cases import settle

#: 2024-01 to 2024-04, each as a column may write it.
MONTHS = {
    "%Y-%m": ("2024-01", "2024-02", "2024-03", "2024-04"),
    "%m/%Y": ("01/2024", "02/2024", "03/2024", "04/2024"),
    "%b %Y": ("Jan 2024", "Feb 2024", "March 2024", "April 2024"),
    "%b-%y": ("Jan-24", "Feb-24", "Mar-24", "Apr-24"),
    "%Y%m": ("202401", "202402", "202403", "202404"),
}
HEADINGS = ("Month", "Mjesec", "Отчётный период", "Berichtsmonat", "Rok i miesiąc")


def written(folder: Path, headings: str, texts: tuple[str, ...]) -> Path:
    """Eleven answers, one on each number, for each of the texts."""
    rows = "".join(f"{text},{score}\n" for text in texts for score in range(11))
    (folder / "x.csv").write_text(f"{headings},Score\n{rows}", "utf-8")
    return folder / "x.csv"


@pytest.mark.parametrize(("fmt", "heading"), list(zip(MONTHS, HEADINGS, strict=True)))
def test_a_column_of_months_is_the_date(fmt: str, heading: str, tmp_path: Path) -> None:
    found = sniff(written(tmp_path, heading, MONTHS[fmt]))
    assert found.questions == []
    assert f"formats: ['{fmt}']" in found.entry


def test_answers_count_in_the_months_that_are_named(tmp_path: Path) -> None:
    texts = ("siječanj 2024", "veljača 2024", "ožujak 2024", "travanj 2024")
    settled = settle(tmp_path / "home", written(tmp_path, "Mjesec", texts))
    assert settled.by("month") == {f"2024-0{month}": (11, -45.5) for month in (1, 2, 3, 4)}


def test_names_that_are_other_months_elsewhere_are_asked_about(tmp_path: Path) -> None:
    [asked] = sniff(written(tmp_path, "Month", ("lis 2024",))).questions
    assert "mean other months in other languages" in asked


@pytest.mark.parametrize(
    "texts", [("2024-Q1", "2024-Q2"), ("Q1 2024", "Q2 2024"), ("2024-W01", "2024-W02"), ("2023", "2024")]
)
def test_it_is_asked_whether_longer_periods_may_count_in_one_month(texts: tuple[str, ...], tmp_path: Path) -> None:
    path = written(tmp_path, "Period", texts)
    [asked] = sniff(path).questions
    assert "'Period' says no month or day" in asked


def test_quarters_count_in_their_first_months_once_that_is_said(tmp_path: Path) -> None:
    path = written(tmp_path, "Period", ("2024-Q1", "2024-Q2"))
    settled = settle(tmp_path / "home", path, answers={"says no month": "Period"})
    assert settled.by("month") == {"2024-01": (11, -45.5), "2024-04": (11, -45.5)}


@pytest.mark.parametrize(
    ("headings", "texts"),
    [
        ("Year,Month", ("2024,1", "2024,2")),
        ("Godina,Mjesec", ("2024,1", "2024,2")),
        ("Month", ("January", "May")),
        ("Week", ("W01", "W02")),
    ],
)
def test_parts_of_dates_are_no_dates_and_are_named(headings: str, texts: tuple[str, ...], tmp_path: Path) -> None:
    [asked] = sniff(written(tmp_path, headings, texts)).questions
    assert all(f"'{heading}'" in asked for heading in headings.split(","))
    assert "write them into one" in asked


def test_a_year_that_ends_in_the_next_is_no_month(tmp_path: Path) -> None:
    [asked] = sniff(written(tmp_path, "Period", ("2010-11", "2011-12"))).questions
    assert "a shape that is not understood in 'Period' (like 9999-99)" in asked
    assert sniff(written(tmp_path, "Period", ("2010-11", "2010-12"))).questions == []


def test_beside_a_date_with_days_a_month_is_nothing_new(tmp_path: Path) -> None:
    rows = "".join(f"2024-02-{1 + score},2024-01,{score}\n" for score in range(11))
    (tmp_path / "x.csv").write_text(f"Date,Month,Score\n{rows}", "utf-8")
    found = sniff(tmp_path / "x.csv")
    assert found.questions == []
    assert "responded_at: Date" in found.entry
