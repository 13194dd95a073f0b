"""Ids that a spreadsheet has shortened, and offsets of times beside months of UTC: said in the night."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.scenario import ANSWERS, land, source, taken_in, workspace

IDS = {"columns": {**ANSWERS, "respondent": "Client ID"}}


def notes(home: Path, words: str, together: bool) -> dict[str, list[str]]:
    """The notes with some words by file, of files that come at once or one by one."""
    files = sorted((home / "waiting").iterdir())
    for at, file in enumerate(files, 1):
        land(home, f"a/{file.name}", file, day=at)
        found = taken_in(home) if not together or at == len(files) else {}
    return {
        path.rpartition("/")[2]: told
        for path, row in found.items()
        if (told := [n for n in row["notes"] if words in n])
    }


def made(home: Path, files: dict[str, str], timezone: str = "UTC") -> Path:
    workspace(home, {"timezone": timezone, "sources": {"a": source("a", **IDS)}})
    (home / "waiting").mkdir()
    for name, text in files.items():
        (home / "waiting" / name).write_text(text, "utf-8")
    return home


@pytest.mark.parametrize("together", [True, False])
def test_ids_that_a_spreadsheet_has_shortened_are_told(tmp_path: Path, together: bool) -> None:
    files = {
        name: "date,score,Client ID\n" + "".join(f"2024-0{month}-{day:02},9,{text}\n" for day in range(1, 6))
        for month, (name, text) in enumerate(
            {"a.csv": "385091122334", "b.csv": "3.85E+11", "c.csv": '"3,85091E+11"', "d.csv": "8E12"}.items(), 1
        )
    }
    told = notes(made(tmp_path / "home", files), "shortens", together)
    assert list(told) == ["b.csv", "c.csv", "d.csv"]
    assert told["b.csv"][0].startswith(
        "In 5 of its rows 'Client ID' holds an id as a spreadsheet shortens long numbers (3.85E+11)"
    )
    assert "answers of several people are taken for one" in told["b.csv"][0]


OFFSETS = {
    f"{at}.csv": f"date,score,Client ID\n2024-0{at}-01 00:30:00{zone},9,x\n"
    for at, zone in enumerate(("", "Z", "+00:00", "+0200", "-07:00"), 1)
}


@pytest.mark.parametrize("together", [True, False])
def test_offsets_beside_months_of_utc_are_told_once(tmp_path: Path, together: bool) -> None:
    told = notes(made(tmp_path / "home", OFFSETS), "months begin", together)
    assert list(told) == ["4.csv"]
    assert told["4.csv"][0].startswith("In 1 of its rows 'date' says how far the clock is from UTC")


@pytest.mark.parametrize(
    "at",
    ["2024-04-01T00:30:00+02:00[Europe/Zagreb]", "Mon Apr 01 2024 00:30:00 GMT+0200 (Central European Summer Time)",
     "2024-04-01 00:30:00 +0200 CEST"],
)  # fmt: skip
def test_offsets_are_told_though_a_zone_is_named_behind_them(at: str, tmp_path: Path) -> None:
    told = notes(made(tmp_path / "home", {"a.csv": f"date,score,Client ID\n{at},9,x\n"}), "months begin", together=True)
    assert list(told) == ["a.csv"]


def test_where_the_business_has_its_own_zone_offsets_are_no_news(tmp_path: Path) -> None:
    assert notes(made(tmp_path / "home", OFFSETS, "Europe/Zagreb"), "months begin", together=True) == {}


@pytest.mark.parametrize("together", [True, False])
def test_ids_of_which_some_have_lost_their_zeros_are_told(tmp_path: Path, together: bool) -> None:
    def rows(month: int, ids: list[str]) -> str:
        answers = (f"2024-{month:02}-{1 + n % 28:02},9,{text}\n" for n, text in enumerate(ids))
        return "date,score,Client ID\n" + "".join(answers)

    whole = [f"{number * 37:06}" for number in range(1, 60)]
    some = [text.lstrip("0") if n % 3 else text for n, text in enumerate(whole)]
    home = made(
        tmp_path / "home", {"a.csv": rows(1, whole), "b.csv": rows(2, some), "c.csv": rows(3, [*some, "12345678"])}
    )
    told = notes(home, "zeros in front", together)
    short = sum(n % 3 > 0 for n in range(59))
    assert [*told] == ["b.csv"]
    assert (
        f"In {short} of its rows 'Client ID' holds a number of fewer than 6 digits, while 20 have 6" in told["b.csv"][0]
    )
