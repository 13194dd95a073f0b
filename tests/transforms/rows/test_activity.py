"""Rows of activity that newer files of their days do not have are found; what rolls out of a window is none of them."""

from __future__ import annotations

from datetime import date

import polars as pl

from transforms.rows.activity import left_behind


def of_files(*files: dict[str, int], void: tuple[str, ...] = ()) -> pl.DataFrame:
    """Activity of files from old to new: the day in January of each row, by its number; the `void` ones are no purchases."""
    rows = [
        ("orders", f"f{at}", at, key, date(2025, 1, day), "excluded" if key in void else "purchase")
        for at, told in enumerate(files)
        for key, day in told.items()
    ]
    names = ["source", "file_digest", "position", "activity_key", "occurred_on", "kind"]
    return pl.DataFrame(rows, schema=names, orient="row")


def test_rows_that_a_newer_file_of_their_days_lacks_are_left_behind() -> None:
    month = {f"k{n}": 1 + n % 28 for n in range(56)}
    without = {key: day for key, day in month.items() if key not in ("k5", "k6", "k27")}
    other = {f"x{n}": 1 + n % 28 for n in range(56)}
    found = left_behind(of_files(month, other, without))
    assert found.rows() == [("orders", "f0", 2)], "k27 is of the last day"
    assert left_behind(of_files(month, other, month, other)).is_empty()
    assert left_behind(of_files(month, other, without, void=("k5",))).rows() == [("orders", "f0", 1)]


def test_rolling_files_and_those_that_have_little_in_common_leave_nothing_behind() -> None:
    days = {f"k{n}": 1 + n // 4 for n in range(112)}
    rolling = [{key: day for key, day in days.items() if first <= day < first + 14} for first in range(1, 14)]
    assert left_behind(of_files(*rolling)).is_empty()
    assert left_behind(of_files(days, dict([*days.items()][::4]))).is_empty()
