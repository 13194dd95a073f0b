"""Days that were written as instants, at the midnight of another clock than the company's."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.support.scenario import land, noted, source, workspace

SCORES = (10, 9, 7, 8, 10, 3, 6, 9, 0, 5)


def notes(home: Path, written: str, timezone: str, hours: tuple[int, int] = (0, 0), **settings: Any) -> list[str]:  # noqa: ANN401
    """What is told of midnights in two files, of winter and of summer, whose days are written so many hours before."""
    workspace(home, {"timezone": timezone, "sources": {"a": source("a", **settings)}})
    for name, month, before in zip("ab", (1, 6), hours, strict=True):
        days = (datetime(2025, month, 1) + timedelta(days=n, hours=-before) for n in range(40))  # noqa: DTZ001 - its text counts
        rows = [f"{SCORES[n % 10]},{day.strftime(written)}" for n, day in enumerate(days)]
        land(home, f"a/{name}.csv", "\n".join(["score,date", *rows, ""]), day=month)
    return [text if "midnight" in text else "" for text in noted(home).values()]


@pytest.mark.parametrize("written", ["%Y-%m-%dT%H:%M:%SZ", "%Y-%m-%d %H:%M:%S.000+00:00"])
def test_midnights_of_a_place_east_of_the_company_are_told(tmp_path: Path, written: str) -> None:
    winter, summer = notes(tmp_path, written, "UTC", hours=(1, 2))
    assert "which is the midnight of a place east of it" in winter
    assert "It says 23:00." in winter
    assert summer == ""


def test_midnights_of_utc_are_told_west_of_it(tmp_path: Path) -> None:
    winter, _ = notes(tmp_path, "%Y-%m-%dT%H:%M:%SZ", "America/New_York")
    assert "by timezone of nps.yaml (America/New_York), which is the midnight of UTC" in winter
    told = notes(
        tmp_path / "mended", "%Y-%m-%dT%H:%M:%SZ", "America/New_York", dates={"formats": ["%Y-%m-%dT00:00:00Z"]}
    )
    assert told == ["", ""]


@pytest.mark.parametrize(
    ("written", "timezone", "hours"),
    [
        ("%Y-%m-%d", "America/New_York", (0, 0)),
        ("%Y-%m-%dT%H:%M:%SZ", "Europe/Zagreb", (0, 0)),
        ("%Y-%m-%dT%H:%M:%SZ", "Europe/Zagreb", (1, 2)),
        ("%Y-%m-%dT%H:%M:%SZ", "UTC", (12, 12)),
    ],
    ids=["days", "midnight of UTC in the east", "midnight here", "noon"],
)
def test_days_that_stay_what_they_are_say_nothing(
    tmp_path: Path, written: str, timezone: str, hours: tuple[int, int]
) -> None:
    assert notes(tmp_path, written, timezone, hours) == ["", ""]
