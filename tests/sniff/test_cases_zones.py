"""A column of zones beside times that name none."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from pipelines.sniff.sniff import sniff

SEVERAL = [
    ["Europe/Zagreb", "America/New_York"],
    ["+02:00", "-05:00"],
    ["CET", "EST"],
    ["UTC", "GMT+2"],
    ["(UTC+01:00) Sarajevo, Skopje, Warsaw, Zagreb", "(UTC) Dublin, Lisbon, London"],
]


def written(folder: Path, heading: str, zones: Sequence[str], at: str = "2024-01-{:02} 23:30") -> Path:
    rows = [f"{at.format(1 + row % 28)},{row % 11},{zones[row % len(zones)]}" for row in range(44)]
    path = folder / "x.csv"
    path.write_text("\n".join([f"Date,NPS,{heading}", *rows, ""]).replace(", ", "; "), "utf-8")
    return path


@pytest.mark.parametrize("zones", SEVERAL)
@pytest.mark.parametrize("heading", ["Timezone", "Whatever"])
def test_several_zones_are_asked_about(heading: str, zones: list[str], tmp_path: Path) -> None:
    [asked] = sniff(written(tmp_path, heading, zones)).questions
    assert f"dates.timezone: '{heading}' says " in asked
    assert "in 22 rows" in asked


@pytest.mark.parametrize(
    "heading", ["Zeitzone", "Strefa czasowa", "Часовой пояс", "Vremenska zona", "UTC offset", "tz"]
)
def test_what_is_no_zone_that_is_known_is_asked_about_below_such_a_heading(heading: str, tmp_path: Path) -> None:
    [asked] = sniff(written(tmp_path, heading, ["1", "2"])).questions
    assert f"dates.timezone: '{heading}' says '1' in 22 rows, '2' in 22 rows" in asked


def test_one_zone_is_that_of_the_times(tmp_path: Path) -> None:
    found = sniff(written(tmp_path, "tz", ["America/New_York"]))
    assert found.questions == []
    assert "timezone: America/New_York  # tz says so in each row" in found.entry


def test_one_that_is_no_place_is_asked_about(tmp_path: Path) -> None:
    assert "dates.timezone: 'tz' says 'EST' in 44 rows" in sniff(written(tmp_path, "tz", ["EST"])).questions[0]


@pytest.mark.parametrize("offset", ["-08:00", "UTC+2"])
def test_one_distance_is_asked_about_for_times_may_be_of_utc_beside_it(offset: str, tmp_path: Path) -> None:
    [asked] = sniff(written(tmp_path, "tz_offset", [offset])).questions
    assert f"dates.timezone: 'tz_offset' says '{offset}' in 44 rows" in asked
    assert "UTC for the other" in asked


@pytest.mark.parametrize(
    ("heading", "zones", "at"),
    [
        ("Timezone", ["CET", "EST"], "2024-01-{:02}"),
        ("Timezone", ["CET", "EST"], "2024-01-{:02}T23:30:00+01:00"),
        ("Branch", ["Zagreb", "Split"], "2024-01-{:02} 23:30"),
        ("Region", ["EU", "US"], "2024-01-{:02} 23:30"),
    ],
)
def test_days_zoned_times_and_places_are_not(heading: str, zones: list[str], at: str, tmp_path: Path) -> None:
    assert sniff(written(tmp_path, heading, zones, at)).questions == []


@pytest.mark.parametrize(
    ("heading", "is_told"), [("Call time (UTC)", True), ("Rückrufzeit [MEZ]", True), ("Call time", False)]
)
def test_days_beside_times_of_something_else_are_told_to_be_those_of_a_zone_that_is_named(
    heading: str, is_told: bool, tmp_path: Path
) -> None:
    found = sniff(written(tmp_path, heading, ["23:30", "0:15:02"], "2024-01-{:02}"))
    assert found.questions == []
    assert "clock:" not in found.entry
    assert (
        "each answer counts on its day by the clock of" in " ".join(found.entry.replace("#", "").split())
    ) is is_told


@pytest.mark.parametrize(
    ("row", "zone"), [("Date (UTC),Time", "UTC"), ("Date,Time (UTC)", "UTC"), ("Date,Time,Timezone", "Europe/London")]
)
def test_the_zone_of_a_time_beside_the_day_is_that_which_anything_beside_them_names(
    row: str, zone: str, tmp_path: Path
) -> None:
    rows = [f"2024-01-{1 + at % 28:02},23:{10 + at},{at % 11},{zone}" for at in range(44)]
    headings = row.replace(",Timezone", "").split(",")
    (tmp_path / "x.csv").write_text(
        "\n".join([",".join([*headings, "NPS", "Timezone" if "Timezone" in row else "Note"]), *rows, ""]), "utf-8"
    )
    found = sniff(tmp_path / "x.csv")
    assert found.questions == []
    assert f"clock: {headings[1]}  # the time of day" in found.entry
    assert f"timezone: {zone}" in found.entry


def test_an_abbreviation_in_the_heading_of_the_time_is_asked_about(tmp_path: Path) -> None:
    [asked] = sniff(written(tmp_path, "Zeit [MEZ]", ["23:30", "0:15:02"], "2024-01-{:02}")).questions
    assert "MEZ, which is no zone for certain" in asked
