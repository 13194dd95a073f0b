"""Times beside which a file says a zone, and nps.yaml none: those of the last hours of a month count in another one."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from tests.support.scenario import land, noted, source, workspace

TOLD = "times are read as the clock of"
TIMES = [f"2025-0{1 + at % 3}-{1 + at % 28:02} {at % 24:02}:{at % 60:02}:07" for at in range(60)]


def notes(
    home: Path,
    columns: Mapping[str, Sequence[str]],
    timezone: str = "Europe/Zagreb",
    **settings: Any,  # noqa: ANN401 - as nps.yaml has it
) -> list[str]:
    """The notes on two files whose dates stand in the first of the columns."""
    reading = {"score": "score", "responded_at": next(iter(columns))}
    workspace(home, {"timezone": timezone, "sources": {"a": source("a", columns=reading, **settings)}})
    for number in (1, 2):
        table = pl.DataFrame({**columns, "score": [(at * number) % 11 for at in range(60)]})
        if settings.get("kind") == "parquet":
            out = io.BytesIO()
            table.with_columns(pl.col(next(iter(columns))).str.to_datetime()).write_parquet(out)
            land(home, f"a/{number}.parquet", out.getvalue(), day=number)
        else:
            land(home, f"a/{number}.csv", table.write_csv(), day=number)
    return [*noted(home).values()]


@pytest.mark.parametrize(
    ("heading", "timezone", "told"),
    [
        ("Submitted (UTC)", "Europe/Zagreb", "write timezone: UTC"),
        ("SubmittedUtc", "America/New_York", "write timezone: UTC"),
        ("Date (GMT+2)", "UTC", "write timezone: Etc/GMT-2"),
        ("Submitted [EST]", "Europe/Zagreb", "write timezone: with its place"),
        ("Submitted (UTC)", "UTC", ""),
        ("Submitted (UTC)", "Africa/Abidjan", ""),
        ("Submitted (CET)", "Europe/Zagreb", ""),
        ("Submitted", "Europe/Zagreb", ""),
    ],
)
@pytest.mark.parametrize("kind", ["csv", "parquet"])
def test_a_zone_in_the_heading_of_times_is_told_once_where_they_are_read_in_another(
    tmp_path: Path, heading: str, timezone: str, told: str, kind: str
) -> None:
    first, later = notes(tmp_path, {heading: TIMES}, timezone, kind=kind)
    assert (TOLD in first) is bool(told)
    assert told in first
    assert TOLD not in later


@pytest.mark.parametrize(
    ("zones", "told"),
    [
        (["Europe/Zagreb", "Asia/Tokyo"], True),
        (["Asia/Tokyo"], True),
        (["+09:00", "+02:00"], True),
        (["CET", "JST"], True),
        (["CET", "CEST"], False),
        (["Europe/Zagreb"], False),
        (["Europe/Zagreb", "Europe/Berlin"], False),
        (["home", "work"], False),
    ],
)
def test_a_column_of_zones_that_nothing_reads_is_told_in_the_first_file_too(
    tmp_path: Path, zones: Sequence[str], told: bool
) -> None:
    first, later = notes(tmp_path, {"Submitted": TIMES, "Timezone": [zones[at % len(zones)] for at in range(60)]})
    assert (TOLD in first) is told
    assert TOLD not in later


@pytest.mark.parametrize(
    ("times", "settings"),
    [
        ([f"{each}+00:00" for each in TIMES], {}),
        ([each[:10] for each in TIMES], {}),
        ([f"{each[:10]} 00:00:00" for each in TIMES], {}),
        (TIMES, {"dates": {"timezone": "UTC"}}),
        (TIMES, {"dates": {"timezone": "Europe/Zagreb"}}),
    ],
    ids=["their own zone", "days", "midnights", "declared", "declared otherwise"],
)
def test_what_is_settled_is_not_told(tmp_path: Path, times: Sequence[str], settings: Mapping[str, Any]) -> None:
    assert not any(TOLD in each for each in notes(tmp_path, {"Submitted (UTC)": times}, **settings))
